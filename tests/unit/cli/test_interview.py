from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from ml_service.cli.interview_file import MAX_BYTES, read_interview_file
from ml_service.cli.interview_view import interview_view
from ml_service.domain.errors import InvalidRequest, TooLarge
from ml_service.domain.interview import SaidThere
from ml_service.use_cases.score_interview import AskedInterview
from tests.unit.storage.interviews import a_report

TURNS = [
    {"speaker": "Interviewer", "content": "Why?"},
    {"speaker": "Candidate", "content": "Because of it."},
]
SAID = (("Interviewer", "Why?"), ("Candidate", "Because of it."))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "transcript"


def read(file: Path, text: str, *, candidate: str | None = None) -> AskedInterview:
    file.write_text(text, encoding="utf-8")
    return read_interview_file(file, candidate=candidate)


def test_a_list_of_turns_is_a_transcript(file: Path) -> None:
    assert read(file, json.dumps(TURNS)) == AskedInterview(said=SAID)
    assert read(file, "\ufeff" + json.dumps(TURNS)) == AskedInterview(said=SAID)


def test_an_object_says_more(file: Path) -> None:
    whole = {
        "transcript": TURNS,
        "rubric": {"communication": 2},
        "job": "A developer.",
        "candidate": "Tom",
    }

    asked = AskedInterview(
        said=SAID, rubric={"communication": 2}, job="A developer.", candidate="Tom"
    )
    assert read(file, json.dumps(whole)) == asked
    assert read(file, json.dumps(whole), candidate="Tim") == replace(asked, candidate="Tim")


def test_lines_begin_with_who_speaks(file: Path) -> None:
    text = """Interview of 3 March: a summary

Interviewer 1: What did you do?
  And why?
CANDIDATE: I measured first.
Result: it ran in 20 minutes.

Hiring manager: Thank you."""

    assert read(file, text).said == (
        ("Interviewer 1", "What did you do?\n  And why?"),
        ("CANDIDATE", "I measured first.\nResult: it ran in 20 minutes."),
        ("Hiring manager", "Thank you."),
    )


def test_with_a_candidate_named_each_name_is_a_speaker(file: Path) -> None:
    asked = read(file, "Anna Berg: Why?\nTom: Because of it.", candidate="Tom")

    assert asked == AskedInterview(
        said=(("Anna Berg", "Why?"), ("Tom", "Because of it.")), candidate="Tom"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not understood"),
        ("Anna: Why?", "'Interviewer:' or 'Candidate:'"),
        ('[{"speaker": "Candidate"}]', "look at 0/content"),
        ('{"transcript": [], "weights": {}}', "look at weights"),
        ('{"transcript": [], "rubric": {"communication": "much"}}', "rubric/communication"),
        ("{broken", "is not understood"),
    ],
)
def test_what_is_no_transcript_is_told_what_is_one(file: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        read(file, text)


def test_a_file_that_is_too_large_is_not_read(file: Path) -> None:
    with pytest.raises(TooLarge):
        read(file, "x" * (MAX_BYTES + 1))


def printed(*, width: int = 180) -> str:
    report = replace(
        a_report(technical="unavailable"),
        criteria=tuple(
            replace(one, evidence=(SaidThere(1, "I wrote [bold]it[/] down"),), disagreement=0.5)
            if one.score is not None
            else one
            for one in a_report().criteria
        ),
    )
    console = Console(width=width, file=StringIO())
    console.print(interview_view(report, title="[red]transcript[/].json"))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_view_shows_scores_evidence_advice_and_what_is_missing() -> None:
    view = printed()

    assert "[red]transcript[/].json" in view
    assert "Overall 72.5 of 100" in view
    assert "4.1 ████████··" in view
    assert "the services differ by 0.5" in view
    assert "turn 2: “I wrote [bold]it[/] down”" in view
    assert "Say what came of it." in view
    assert "not assessed" in view
    assert "Missing: The service technical did not answer." in view
    assert "not for selection" in view


def test_the_view_fits_a_narrow_terminal() -> None:
    assert max(len(line) for line in printed(width=60).splitlines()) <= 60
