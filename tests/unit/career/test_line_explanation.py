from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.line_explanation import (
    Measured,
    Omission,
    measure_lines,
    omissions,
    texts_to_embed,
)
from ml_service.career.occupation_model.model import OccupationModel
from ml_service.domain.errors import EmbeddingSpaceMismatch, ModelChanged
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef
from tests.unit.career.makers import ENCODER, N_DIMS, SUSHI_RESUME, evidence, small_model


def vectors_of(texts: Sequence[str], *, encoder: EncoderRef = ENCODER) -> Embeddings:
    """As ``evidence`` makes them: all the same."""
    vectors = np.zeros((len(texts), N_DIMS), dtype=np.float32)
    vectors[:, 0] = 1
    return Embeddings(vectors=vectors, encoder=encoder)


def measured(
    model: OccupationModel, resume: ResumeEvidence, left_out: Sequence[Omission]
) -> Measured:
    return measure_lines(
        model,
        resume,
        model.predict(resume),
        left_out=left_out,
        rests=vectors_of(texts_to_embed(left_out)),
    )


def without(resume: ResumeEvidence, omission: Omission) -> ResumeEvidence:
    """Made anew, with nothing remembered."""
    passages = [
        omission.rest if at == omission.at else passage
        for at, passage in enumerate(resume.passages)
    ]
    kept = tuple(passage for passage in passages if passage is not None)
    return replace(resume, passages=kept, vectors=vectors_of([passage.text for passage in kept]))


def test_every_line_is_left_out_once_in_reading_order() -> None:
    resume = evidence(*SUSHI_RESUME)
    left_out = omissions(resume.passages)
    assert [omission.lines for omission in left_out] == [(at,) for at in range(len(SUSHI_RESUME))]
    for omission in left_out:
        passage = resume.passages[omission.at]
        there = omission.rest.lines if omission.rest is not None else ()
        assert tuple(sorted((*there, *omission.lines))) == passage.lines
        gone = SUSHI_RESUME[omission.lines[0]]
        assert omission.rest is None or gone not in omission.rest.text.split("\n")


def test_a_contribution_is_the_drop_without_the_line() -> None:
    model, resume = small_model(inner_body=1.0, exact_1=5.0), evidence(*SUSHI_RESUME)
    ranking = model.rank(model.signals(resume))
    best = ranking.order[0]
    left_out = omissions(resume.passages)

    found = measured(model, resume, left_out)

    assert found.probability == pytest.approx(ranking.probabilities[best])
    for omission, effect in zip(left_out, found.effects, strict=True):
        rest = model.rank(model.signals(without(resume, omission))).probabilities[best]
        assert effect.probability == pytest.approx(ranking.probabilities[best] - rest)
        drop = log_odds(ranking.probabilities[best]) - log_odds(rest)
        assert effect.log_odds == pytest.approx(drop, abs=1e-9)


def log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_lines_are_told_apart_where_the_answer_is_sure() -> None:
    model, resume = small_model(exact_1=60.0, exact_2=20.0), evidence(*SUSHI_RESUME)
    found = measured(model, resume, omissions(resume.passages))
    title = SUSHI_RESUME.index("Sushi Chef 03/2019 to Current")
    employer = SUSHI_RESUME.index("Sakana House, Portland")
    assert found.probability == pytest.approx(1)
    assert found.effects[title].log_odds > 10
    assert found.effects[employer].log_odds == pytest.approx(0)


def test_the_line_that_names_the_answer_contributes_most_and_a_rival_below_zero() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    effects = measured(model, resume, omissions(resume.passages)).effects
    contributions = [effect.probability for effect in effects]
    strongest = int(np.argmax(contributions))
    assert SUSHI_RESUME[strongest].startswith("Sushi Chef")
    assert contributions[strongest] > 0.1
    assert contributions[SUSHI_RESUME.index("Truck Driver 01/2015 to 02/2019")] < 0
    assert contributions[4] == 0  # no title in it


def test_a_heading_is_measured_with_what_it_makes_of_the_lines_below() -> None:
    """Under EDUCATION a title is what somebody studied, without the heading it is a position."""
    resume = evidence(
        "Truck Driver 01/2015 to 02/2019",
        "Drove at night and in winter.",
        "Education",
        "A school on the coast.",
        "Sushi Chef 03/2010 to 04/2011",
    )
    model = small_model(exact_1=1.0, exact_2=3.0)
    effects = measured(model, resume, omissions(resume.passages)).effects
    contributions = [effect.probability for effect in effects]
    assert contributions[2] > 0.1


def test_neighbours_in_a_long_resume_are_left_out_together() -> None:
    resume = evidence(*(f"Prepared dish number {at}." for at in range(50)))
    left_out = omissions(resume.passages, most_apart=20)
    assert max(len(omission.lines) for omission in left_out) == 3
    assert [line for omission in left_out for line in omission.lines] == list(range(50))
    assert len(left_out) <= 20 + len(resume.passages)


def test_a_resume_of_one_line_is_measured_against_nothing() -> None:
    model, resume = small_model(inner_body=1.0), evidence("Worked as a sushi chef.")
    left_out = omissions(resume.passages)
    found = measured(model, resume, left_out)
    assert left_out[0].rest is None
    assert found.effects[0].probability > 0


def test_another_answer_than_the_models_is_not_explained() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    career = model.predict(resume)
    other = replace(career, career_paths=career.career_paths[::-1])
    left_out = omissions(resume.passages)
    with pytest.raises(ModelChanged):
        measure_lines(
            model, resume, other, left_out=left_out, rests=vectors_of(texts_to_embed(left_out))
        )


def test_vectors_of_another_encoder_are_refused() -> None:
    model, resume = small_model(), evidence(*SUSHI_RESUME)
    left_out = omissions(resume.passages)
    other = replace(ENCODER, precision="bf16")
    with pytest.raises(EmbeddingSpaceMismatch):
        measure_lines(
            model,
            resume,
            model.predict(resume),
            left_out=left_out,
            rests=vectors_of(texts_to_embed(left_out), encoder=other),
        )
