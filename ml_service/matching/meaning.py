"""Requirements without a proper name, met by a sentence that says the same in other words.

A proper name is never compared this way: Java is not JavaScript, whatever their vectors say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.matching.described import content_stems
from ml_service.matching.phrase_words import names_activity
from ml_service.matching.statements import Statement

MIN_SIMILARITY = 0.42
"""Cosine less the discount; chosen by ``scripts/measure_match.py`` for precision >= 0.9."""

SHARED_WORD_DISCOUNT = 0.15
"""A word in common lifts a cosine without saying the same: to manage a team is no budget."""

CALIBRATED_FOR = ("all-MiniLM-L6-v2", "53aa51172d14")
"""Model and revision of the encoder that the threshold holds for."""

SIMILARITY_DECIMALS = 4
MAX_STATEMENTS = 32

_NAME_SIGNS = re.compile(r"[A-Z0-9+#@_./&]")
_EVERYDAY = frozenset(
    {"patient", "student", "classroom", "customer", "team", "staff", "budget", "lesson", "food"}
)

FindSkills = Callable[[Sequence[str]], Sequence[str]]


def is_calibrated(encoder: EncoderRef) -> bool:
    """Vectors of any other encoder have another scale: without a threshold words decide alone."""
    return (encoder.model_id, encoder.revision) == CALIBRATED_FOR


def may_be_met_by_meaning(phrase: str, find_skills: FindSkills) -> bool:
    """False for what holds a proper name, written with its capital or not, and for one word."""
    if len(content_stems(phrase)) < 2:
        return False
    first, _, rest = phrase.partition(" ")
    if first[0].isupper() and (first.casefold() in _EVERYDAY or names_activity(first.casefold())):
        first = first.casefold()
    if _NAME_SIGNS.search(first) or _NAME_SIGNS.search(rest):
        return False
    words = (first, *rest.split())
    return not find_skills([*(word.capitalize() for word in words), *map(str.upper, words)])


def statements_near(
    statements: Sequence[Statement],
    phrases: Float32Array,
    *,
    passages: Float32Array,
    passage_lines: Sequence[Sequence[int]],
) -> tuple[Statement, ...]:
    """At most MAX_STATEMENTS, from the passages nearest to any phrase; in their order.

    ``passages`` are the unit vectors of the resume's passages, ``passage_lines`` the ``order`` of
    the lines of each. What they hold is known already, so only the likely sentences cost time.
    """
    if len(statements) <= MAX_STATEMENTS:
        return tuple(statements)
    nearness = np.round(_cosines(passages, phrases).max(axis=1), SIMILARITY_DECIMALS)
    of_line = {
        order: float(near)
        for near, orders in zip(nearness, passage_lines, strict=True)
        for order in orders
    }
    ranked = sorted(
        enumerate(statements), key=lambda item: (-of_line.get(item[1].order, -1.0), item[0])
    )
    return tuple(statements[at] for at in sorted(at for at, _ in ranked[:MAX_STATEMENTS]))


def met_by_meaning(
    phrases: Sequence[str],
    statements: Sequence[Statement],
    *,
    phrase_vectors: Float32Array,
    statement_vectors: Float32Array,
    min_similarity: float = MIN_SIMILARITY,
) -> dict[str, Statement]:
    """The sentence that is nearest to each phrase, where it is near enough; ties: the first."""
    if not phrases or not statements:
        return {}
    similarities = np.round(
        _cosines(phrase_vectors, statement_vectors) - _discounts(phrases, statements),
        SIMILARITY_DECIMALS,
    )
    nearest = similarities.argmax(axis=1)
    return {
        phrase: statements[at]
        for row, (phrase, at) in enumerate(zip(phrases, nearest, strict=True))
        if similarities[row, at] >= min_similarity
    }


def _discounts(phrases: Sequence[str], statements: Sequence[Statement]) -> Float32Array:
    told = [set(content_stems(statement.text)) for statement in statements]
    shared = [[bool(words.intersection(content_stems(p))) for words in told] for p in phrases]
    return np.asarray(shared, dtype=np.float32) * np.float32(SHARED_WORD_DISCOUNT)


def _cosines(left: Float32Array, right: Float32Array) -> Float32Array:
    return left @ right.T
