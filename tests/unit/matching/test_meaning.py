from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.domain.resume import RedactedLine
from ml_service.matching.meaning import (
    MAX_STATEMENTS,
    MIN_SIMILARITY,
    SHARED_WORD_DISCOUNT,
    is_calibrated,
    may_be_met_by_meaning,
    met_by_meaning,
    statements_near,
)
from ml_service.matching.statements import Statement, statements_of


def find_skills(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text in {"Java", "SQL"}]


def _statements(*texts: str) -> tuple[Statement, ...]:
    return statements_of(
        [RedactedLine(text=text, page=1, order=order) for order, text in enumerate(texts)]
    )


def _vectors(*cosines: float) -> Float32Array:
    """Unit vectors with these cosines to (1, 0)."""
    return np.array([(cos, (1 - cos**2) ** 0.5) for cos in cosines], dtype=np.float32)


@pytest.mark.parametrize(
    "phrase",
    ["writing Java services", "writing java services", "tuning sql queries", "C++ code", "nursing"],
)
def test_proper_names_and_single_words_are_left_to_words(phrase: str) -> None:
    assert not may_be_met_by_meaning(phrase, find_skills)


@pytest.mark.parametrize("phrase", ["managing budgets", "Managing budgets", "Patient care"])
def test_ordinary_words_may_be_met_by_meaning(phrase: str) -> None:
    assert may_be_met_by_meaning(phrase, find_skills)


def test_the_nearest_sentence_above_the_threshold_meets_a_phrase() -> None:
    said = _statements("Oversaw yearly spending", "Kept wards within their means")

    met = met_by_meaning(
        ["managing budgets"],
        said,
        phrase_vectors=_vectors(1.0),
        statement_vectors=_vectors(MIN_SIMILARITY + 0.01, MIN_SIMILARITY + 0.02),
    )

    assert met == {"managing budgets": said[1]}


@pytest.mark.parametrize(
    ("sentence", "cosine"),
    [
        ("Oversaw yearly spending", MIN_SIMILARITY - 0.01),
        ("Managed a choir", MIN_SIMILARITY + SHARED_WORD_DISCOUNT - 0.01),
    ],
)
def test_what_is_not_near_enough_or_near_by_a_shared_word_meets_nothing(
    sentence: str, cosine: float
) -> None:
    met = met_by_meaning(
        ["managing budgets"],
        _statements(sentence),
        phrase_vectors=_vectors(1.0),
        statement_vectors=_vectors(cosine),
    )

    assert met == {}


def test_only_sentences_of_the_nearest_passages_are_looked_at_in_a_long_resume() -> None:
    said = _statements(*(f"Sentence number {at} of the resume" for at in range(40)))

    near = statements_near(
        said,
        _vectors(1.0),
        passages=_vectors(0.1, 0.9),
        passage_lines=[range(10), range(10, 40)],
    )

    assert len(near) == MAX_STATEMENTS
    assert [one.order for one in near] == [0, 1, *range(10, 40)]


@pytest.mark.parametrize(
    ("model_id", "revision", "calibrated"),
    [
        ("all-MiniLM-L6-v2", "53aa51172d14", True),
        ("all-MiniLM-L6-v2", "000000000000", False),
        ("another", "53aa51172d14", False),
    ],
)
def test_a_threshold_holds_for_its_encoder_alone(
    model_id: str, revision: str, calibrated: bool
) -> None:
    assert is_calibrated(EncoderRef(model_id, revision, "fp32", "any")) is calibrated
