import numpy as np
import pytest

from ml_service.career.catalogue.titles import normalise
from ml_service.career.occupation_model.experts import EXPERTS
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.career.occupation_training.distant import TrainingResume, distant_labels
from ml_service.career.occupation_training.examples import KINDS
from ml_service.career.occupation_training.projection_fitting import CatalogueVectors, label
from ml_service.career.occupation_training.title_word_fitting import TitleTexts
from ml_service.career.occupation_training.training import Trained, prior_of, train
from tests.unit.career.makers import (
    CHEF,
    DRIVER,
    N_DIMS,
    NURSE,
    PILOT,
    SUSHI_RESUME,
    evidence,
    small_catalogue,
    small_manifest,
)

WORK = {
    NURSE: ("Charge Nurse", "Cared for patients on a ward and gave medicine by the chart."),
    CHEF: ("Sushi Chef", "Prepared rice and fish for guests and kept the kitchen clean."),
    DRIVER: ("Truck Driver", "Drove loads between the coast and the city without delay."),
}


def invented_resumes(*, times: int) -> list[TrainingResume]:
    """Honest ones, and a few whose title line says something that their work does not."""
    honest = [
        invented(f"{code}-{number}.pdf", works_as=code, codes=frozenset({code}))
        for number in range(times)
        for code in WORK
    ]
    odd = [
        invented(f"odd-{number}.pdf", works_as=DRIVER, codes=frozenset({PILOT}))
        for number in range(times // 4)
    ]
    return [*honest, *odd]


def invented(filename: str, *, works_as: str, codes: frozenset[str]) -> TrainingResume:
    title, duty = WORK[works_as]
    lines = ("Experience", f"{title} 01/2015 to Current", duty * 6)
    return TrainingResume(
        filename=filename,
        evidence=evidence(*lines),
        codes=codes,
        title=title,
        shown=evidence(title.upper(), *lines),
    )


def catalogue_vectors() -> CatalogueVectors:
    catalogue = small_catalogue()
    vectors = np.eye(len(catalogue), N_DIMS, dtype=np.float32)
    own = label(vectors, [frozenset({code}) for code in catalogue.codes], catalogue)
    keys = tuple(normalise(entry.title) for entry in catalogue)
    return CatalogueVectors(titles=own, title_keys=keys, duties=own)


def train_invented() -> Trained:
    positions = TitleTexts(
        keys=tuple(normalise(title) for title, _ in WORK.values()),
        vectors=np.eye(len(WORK), N_DIMS, dtype=np.float32),
    )
    return train(
        invented_resumes(times=12),
        catalogue_vectors(),
        positions,
        small_catalogue(),
        seed=4,
        report=lambda _: None,
    )


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train_invented()


def test_a_trained_head_reads_the_position(trained: Trained) -> None:
    model = OccupationModel(trained.head, small_manifest(), small_catalogue())
    resume = invented("new.pdf", works_as=CHEF, codes=frozenset())
    assert model.predict(resume.evidence).career_paths[0].soc_code == CHEF


def test_every_resume_is_held_out_once_and_found_by_its_position(trained: Trained) -> None:
    stated = [row for row in trained.held_out if row.kind == "stated"]
    assert sorted(row.filename for row in stated) == sorted(
        resume.filename for resume in invented_resumes(times=12)
    )
    hits = {row.filename: row.hit for row in stated}
    assert all(right for name, right in hits.items() if not name.startswith("odd"))
    assert not any(right for name, right in hits.items() if name.startswith("odd"))


def test_every_resume_is_read_in_all_ways_and_none_is_told_where_nothing_is_known(
    trained: Trained,
) -> None:
    assert {row.kind for row in trained.held_out} == set(KINDS)
    assert {row.expert for row in trained.held_out if row.kind == "untold"} == {"none_known"}
    assert len(trained.confidences) == len(trained.held_out)
    assert set(trained.calibration) == set(EXPERTS)


def test_an_answer_for_an_unknown_title_is_believed_less(trained: Trained) -> None:
    by_kind = {
        kind: np.mean(
            [
                confidence
                for row, confidence in zip(trained.held_out, trained.confidences, strict=True)
                if row.kind == kind
            ]
        )
        for kind in KINDS
    }
    assert by_kind["shown"] > by_kind["untold"]


def test_training_twice_gives_the_same_weights(trained: Trained) -> None:
    again = train_invented()
    for expert in EXPERTS:
        assert np.array_equal(again.head.weights[expert], trained.head.weights[expert])
    assert np.array_equal(
        again.head.projections.body_weights, trained.head.projections.body_weights
    )
    assert np.array_equal(again.head.words.vectors, trained.head.words.vectors)


def test_the_prior_counts_codes_and_forgets_no_occupation() -> None:
    catalogue = small_catalogue()
    prior = np.exp(prior_of(invented_resumes(times=5), catalogue))
    assert prior.sum() == pytest.approx(1, abs=1e-5)
    assert prior[catalogue.codes.index(NURSE)] == prior.max()
    assert prior.min() > 0


def test_text_under_a_known_position_is_labelled_with_it_and_studies_are_not() -> None:
    resume = TrainingResume(
        filename="x.pdf",
        evidence=evidence(
            *SUSHI_RESUME,
            "Education",
            "Studied the history of trade in three countries and wrote about markets at night.",
        ),
        codes=frozenset(),
    )
    labels = list(distant_labels(resume, small_catalogue().title_codes))
    body = [hit for hit in labels if not hit.header]
    assert next(hit.codes for hit in body) == {CHEF}
    assert body[-1].codes == {DRIVER}
    studied = resume.evidence.passages[-1]
    assert "markets at night" in studied.text
