from pathlib import Path

import numpy as np
import pytest

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.transitions.features import reached
from ml_service.career.transitions.model import NextOccupations, save_transitions
from ml_service.domain.errors import EmbeddingSpaceMismatch, ModelUnavailable, WeightsMismatch
from ml_service.domain.prediction import EncoderRef
from ml_service.hosting.model_files import WEIGHTS_FILE
from tests.unit.career.makers import (
    CHEF,
    CLERK,
    COOK,
    DRIVER,
    NURSE,
    PILOT,
    evidence,
    small_catalogue,
)
from tests.unit.career.transitions.makers import (
    COLUMN,
    small_manifest,
    small_next_occupations,
    transition_weights,
    weights_of,
    work,
    worked,
)

SHIPPED = Path(__file__).resolve().parents[4] / "data" / "occupations"
COOK_RESUME = worked(work("Line Cook", "2019"))


def answered(steps: NextOccupations, code: str = COOK) -> list[str]:
    return [move.occupation.soc_code for move in steps.after_resume(code, COOK_RESUME, limit=9)]


def test_a_pair_that_was_never_seen_falls_back_on_what_is_related() -> None:
    assert answered(small_next_occupations())[:2] == [CHEF, DRIVER]


def test_moves_that_people_made_come_before_what_is_only_related() -> None:
    weights = weights_of(related_to_present=1.0, moves_like_from_present=3.0)
    steps = small_next_occupations({(COOK, PILOT): 8, (NURSE, CHEF): 8}, of_history=weights)

    assert answered(steps)[0] == PILOT


def test_the_present_occupation_is_no_step() -> None:
    steps = small_next_occupations(of_history=weights_of(newest=9.0))

    assert COOK not in answered(steps)


def test_a_step_down_that_nobody_made_is_not_offered() -> None:
    assert CLERK not in answered(small_next_occupations())


def test_a_small_step_down_that_people_make_is_offered() -> None:
    assert CLERK in answered(small_next_occupations({(COOK, CLERK): 1}))


def test_a_small_step_down_that_is_mostly_a_way_up_is_not_offered() -> None:
    steps = small_next_occupations({(COOK, CLERK): 1, (CLERK, COOK): 3})

    assert CLERK not in answered(steps)


def test_a_step_down_by_two_zones_is_never_offered() -> None:
    steps = small_next_occupations({(CHEF, CLERK): 9})

    assert CLERK not in answered(steps, CHEF)


def test_a_resume_without_jobs_is_answered_by_its_occupation() -> None:
    steps = small_next_occupations()

    assert steps.after_resume(COOK, evidence("A cook"), limit=3) == steps.from_occupation(
        COOK, limit=3
    )


def test_vectors_of_another_encoder_are_refused() -> None:
    other = EncoderRef(model_id="other", revision="r1", precision="fp32", engine="test")

    with pytest.raises(EmbeddingSpaceMismatch):
        small_next_occupations().after_resume(COOK, evidence("A cook", encoder=other), limit=3)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    weights = transition_weights({(COOK, CLERK): 1.5})
    manifest = save_transitions(weights, small_manifest(), tmp_path)

    loaded = NextOccupations.load(tmp_path, small_catalogue())

    assert loaded.manifest == manifest
    assert loaded.moves.counts[COLUMN[COOK], COLUMN[CLERK]] == 1.5
    assert answered(loaded) == answered(small_next_occupations({(COOK, CLERK): 1.5}))


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    save_transitions(transition_weights(), small_manifest(), tmp_path)
    with (tmp_path / WEIGHTS_FILE).open("ab") as file:
        file.write(b"\0")

    with pytest.raises(WeightsMismatch):
        NextOccupations.load(tmp_path, small_catalogue())


def test_weights_of_other_features_are_refused(tmp_path: Path) -> None:
    save_transitions(transition_weights(), {**small_manifest(), "features": ["text"]}, tmp_path)

    with pytest.raises(WeightsMismatch):
        NextOccupations.load(tmp_path, small_catalogue())


def test_a_missing_folder_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable):
        NextOccupations.load(tmp_path / "nowhere", small_catalogue())


@pytest.fixture(scope="module")
def shipped() -> NextOccupations:
    return NextOccupations.load(SHIPPED / "next_steps", Catalogue.load(SHIPPED))


def test_every_occupation_with_a_job_zone_leads_somewhere(shipped: NextOccupations) -> None:
    codes = [entry.soc_code for entry in Catalogue.load(SHIPPED) if entry.job_zone is not None]
    without = [code for code in codes if not shipped.from_occupation(code, limit=1)]

    assert not without


def test_the_shipped_steps_lead_upward_where_people_go_upward(shipped: NextOccupations) -> None:
    from_cook = [move.occupation.title for move in shipped.from_occupation(COOK, limit=3)]

    assert "Chefs and Head Cooks" in from_cook
    assert np.isfinite(shipped.relations.alike).all()


def test_what_few_occupations_reach_is_the_sum_over_all_of_them() -> None:
    chance = np.random.default_rng(2)
    matrix = chance.normal(size=(40, 40)).astype(np.float32)
    weights = np.zeros(40, dtype=np.float32)
    weights[[3, 17, 39]] = 0.5, 0.25, 0.25
    assert reached(weights, matrix) == pytest.approx(weights @ matrix, abs=1e-6)
    assert not reached(np.zeros(40, dtype=np.float32), matrix).any()
