from __future__ import annotations

import pytest

from ml_service.career.abstention import MIN_WORDS, abstain_reason, held_back
from ml_service.domain.prediction import AbstainReason
from tests.unit.career.makers import evidence

LONG = "Prepared rice and fish for many guests " * 6
SHORT = "Prepared rice"


@pytest.mark.parametrize(
    ("text", "language", "confidence", "reason"),
    [
        (LONG, "en", 0.4, None),
        (LONG, "en", 0.39, "low_confidence"),
        (SHORT, "en", 0.9, "short_text"),
        (SHORT, "en", 0.1, "short_text"),
        (LONG, "de", 0.9, "language"),
        (SHORT, "de", 0.1, "language"),
    ],
)
def test_language_counts_before_length_and_length_before_confidence(
    text: str, language: str, confidence: float, reason: AbstainReason | None
) -> None:
    resume = evidence(text, language=language)

    told = abstain_reason(resume, confidence, languages=("en", "fr"), threshold=0.4)

    assert told == reason


def test_forty_words_are_enough_over_all_lines() -> None:
    lines = ["one two three four five"] * (MIN_WORDS // 5)

    def reason(*texts: str) -> AbstainReason | None:
        return abstain_reason(evidence(*texts), 0.9, languages=("en",), threshold=0.4)

    assert reason(*lines) is None
    assert reason(*lines[1:], "one two three four") == "short_text"


@pytest.mark.parametrize(
    ("confidence", "reason", "told"),
    [
        (0.9, None, 0.9),
        (0.9, "language", 0.5),
        (0.9, "short_text", 0.5),
        (0.3, "low_confidence", 0.3),
    ],
)
def test_who_abstains_sounds_no_surer_than_half(
    confidence: float, reason: AbstainReason | None, told: float
) -> None:
    assert held_back(confidence, reason) == told
