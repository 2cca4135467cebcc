from __future__ import annotations

import pytest

from ml_service.domain.resume import RedactedLine
from ml_service.matching.statements import (
    Echo,
    is_sentence,
    statements_of,
    tells_of_doing,
)


def _lines(*texts: str) -> list[RedactedLine]:
    return [RedactedLine(text=text, page=1, order=order) for order, text in enumerate(texts)]


def test_a_sentence_that_runs_on_is_joined_and_two_on_a_line_are_parted() -> None:
    found = statements_of(
        _lines("Oversaw yearly spending of", "three wards. Trained nurses.", "Skills")
    )

    assert [one.text for one in found] == [
        "Oversaw yearly spending of three wards.",
        "Trained nurses.",
        "Skills",
    ]
    assert [[line.order for line in one.lines] for one in found] == [[0, 1], [1], [2]]


def test_a_denial_over_two_lines_is_seen() -> None:
    (found,) = statements_of(_lines("Strong writer without any", "experience of patient care"))

    assert "patient" not in found.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Oversaw spending of three wards", True),
        ("Patient care", False),
        ("Budgets, patient care, teaching, writing", False),
        ("budgets care teaching writing nursing sales training planning", False),
    ],
)
def test_headings_and_lists_of_keywords_are_no_sentences(text: str, sentence: bool) -> None:
    (found,) = statements_of(_lines(text))

    assert is_sentence(found) is sentence


@pytest.mark.parametrize(
    "text", ["Attended a course on wards", "Was trained by nurses", "Reported to the matron"]
)
def test_what_was_only_received_was_not_done(text: str) -> None:
    (found,) = statements_of(_lines(text))

    assert not tells_of_doing(found)


def test_the_adverts_own_words_are_an_echo() -> None:
    echo = Echo("We ask for proven experience in managing large budgets of hospitals")

    assert echo.repeats("Proven experience in managing large budgets")
    assert not echo.repeats("Oversaw the spending of three large hospitals")
