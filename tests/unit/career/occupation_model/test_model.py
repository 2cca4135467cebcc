from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.occupation_model.head import load_head, save_head
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.domain.errors import EmbeddingSpaceMismatch, ModelUnavailable, WeightsMismatch
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE
from tests.model_shelves import shipped_occupations
from tests.unit.career.makers import (
    CHEF,
    CLERK,
    DRIVER,
    ENCODER,
    SUSHI_RESUME,
    evidence,
    small_catalogue,
    small_head,
    small_manifest,
    small_model,
)

OCCUPATIONS = Path(__file__).parents[4] / "data" / "occupations"


def test_the_latest_position_decides_before_the_earlier_one() -> None:
    career = small_model().predict(evidence(*SUSHI_RESUME))
    assert career.career_paths[0].soc_code == CHEF
    assert DRIVER in {path.soc_code for path in career.career_paths}
    assert career.career_field == "Food Preparation and Serving Related Occupations"
    assert not career.abstained


def test_a_headline_that_is_a_title_is_the_latest_position() -> None:
    career = small_model().predict(evidence("TRUCK DRIVER", "Summary", *SUSHI_RESUME))
    assert career.career_paths[0].soc_code == DRIVER


def test_a_first_line_that_is_no_title_changes_no_position() -> None:
    without = small_model().predict(evidence("Summary", *SUSHI_RESUME))
    with_line = small_model().predict(evidence("Hospitality and beyond", *SUSHI_RESUME))
    assert with_line.career_paths[0].soc_code == without.career_paths[0].soc_code == CHEF


def test_five_paths_with_falling_confidence_that_sum_to_at_most_one() -> None:
    confidences = [
        path.confidence for path in small_model().predict(evidence(*SUSHI_RESUME)).career_paths
    ]
    assert len(confidences) == 5
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1


def test_a_title_that_two_occupations_carry_leaves_the_model_unsure() -> None:
    unsure = small_model().predict(evidence("Kitchen Lead 01/2020 to Current", *SUSHI_RESUME[3:5]))
    assert {path.soc_code for path in unsure.career_paths[:2]} == {CHEF, CLERK}
    assert unsure.career_paths[0].confidence <= 0.5


def test_equal_input_gives_equal_output() -> None:
    model = small_model()
    assert model.predict(evidence(*SUSHI_RESUME)) == model.predict(evidence(*SUSHI_RESUME))


def test_a_confidence_below_the_threshold_abstains_and_still_answers() -> None:
    career = small_model(threshold=0.999).predict(evidence(*SUSHI_RESUME))
    assert (career.abstained, career.abstain_reason) == (True, "low_confidence")
    assert career.career_paths[0].soc_code == CHEF


def test_another_language_abstains() -> None:
    assert (
        small_model().predict(evidence(*SUSHI_RESUME, language="de")).abstain_reason == "language"
    )


def test_a_few_words_abstain() -> None:
    career = small_model().predict(evidence("Sushi Chef 03/2019 to Current"))
    assert career.abstain_reason == "short_text"


def test_no_passage_at_all_abstains() -> None:
    assert small_model().predict(evidence()).abstain_reason == "short_text"


def test_vectors_of_another_encoder_are_refused() -> None:
    other = replace(ENCODER, revision="r2")
    with pytest.raises(EmbeddingSpaceMismatch):
        small_model().predict(evidence(*SUSHI_RESUME, encoder=other))


def test_the_engine_does_not_make_another_space() -> None:
    other = replace(ENCODER, engine="onnx")
    assert small_model().predict(evidence(*SUSHI_RESUME, encoder=other)).encoder == other


def test_a_saved_model_answers_as_before(tmp_path: Path) -> None:
    saved = save_head(small_head(exact_1=5.0), small_manifest(), tmp_path)
    loaded = OccupationModel.load(tmp_path, small_catalogue())
    assert loaded.manifest == saved
    digest = sha256((tmp_path / WEIGHTS_FILE).read_bytes()).hexdigest()
    assert loaded.ref.revision == digest[:12]
    before = small_model(exact_1=5.0).predict(evidence(*SUSHI_RESUME))
    assert loaded.predict(evidence(*SUSHI_RESUME)).career_paths == before.career_paths


def test_changed_weights_are_not_loaded(tmp_path: Path) -> None:
    save_head(small_head(exact_1=5.0), small_manifest(), tmp_path)
    content = bytearray((tmp_path / WEIGHTS_FILE).read_bytes())
    content[-30] ^= 1
    (tmp_path / WEIGHTS_FILE).write_bytes(bytes(content))
    with pytest.raises(WeightsMismatch):
        load_head(tmp_path)


@pytest.mark.parametrize("missing", [WEIGHTS_FILE, MANIFEST_FILE])
def test_a_folder_that_is_not_complete_names_the_model_unavailable(
    tmp_path: Path, missing: str
) -> None:
    save_head(small_head(exact_1=5.0), small_manifest(), tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(ModelUnavailable):
        load_head(tmp_path)


def test_weights_for_other_labels_are_refused() -> None:
    other = replace(small_manifest(), labels=("11-1011.00",))
    with pytest.raises(WeightsMismatch):
        OccupationModel(small_head(exact_1=1.0), other, small_catalogue())


def test_the_shipped_model_fits_the_shipped_catalogue() -> None:
    model = OccupationModel.load(shipped_occupations(), Catalogue.load(OCCUPATIONS))
    assert model.manifest.encoder_id == "all-MiniLM-L6-v2"
    assert model.manifest.metrics["validation"]["top_1"] >= 0.60
    assert model.manifest.metrics["validation"]["top_5"] >= 0.85
    error = model.manifest.metrics["validation"]
    assert error["ece"] <= error["ece_floor"] + 0.03


def test_many_choices_of_passages_are_measured_as_each_is_alone() -> None:
    model = small_model(exact_any=2.0, inner_body=1.0, headline_exact=1.0)
    signals = model.signals(evidence("TRUCK DRIVER", "2019 - 2021", *SUSHI_RESUME))
    places = range(len(signals))
    choices = [(), tuple(places), *((at,) for at in places), tuple(places[1:]), tuple(places[::2])]
    expected = [model.rank([signals[at] for at in kept]).probabilities for kept in choices]
    assert model.probabilities(signals, choices) == pytest.approx(np.array(expected), rel=1e-4)
