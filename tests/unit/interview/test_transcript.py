from __future__ import annotations

import pytest

from ml_service.domain.errors import InvalidRequest, TooLarge
from ml_service.interview.transcript import MAX_WORDS, notes_on, read_turns


@pytest.mark.parametrize(
    ("speaker", "by_candidate"),
    [
        ("candidate", True),
        ("Interviewee:", True),
        ("APPLICANT", True),
        ("Interviewer 2", False),
        ("hiring_manager", False),
        ("Panel", False),
        ("Host", False),
        ("Maria", None),
        ("7", None),
    ],
)
def test_known_speakers_are_told_apart(speaker: str, by_candidate: bool | None) -> None:
    turns = read_turns([("candidate", "I am here."), (speaker, "Hello.")])
    assert turns[1].by_candidate is by_candidate


def test_a_label_may_be_named_the_candidates() -> None:
    turns = read_turns([("S1", "Hello?"), ("S2", "I am here.")], candidate="s2")
    assert [turn.by_candidate for turn in turns] == [False, True]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ([], "empty"),
        ([("candidate", " \n")], "empty"),
        ([("interviewer", "Hello?")], "candidate says nothing"),
        ([("interviewer", "Hello?"), ("candidate", "  ")], "candidate says nothing"),
        ([("S1", "Hello?"), ("S2", "I am here.")], "None of the speakers is known"),
    ],
)
def test_what_cannot_be_scored_is_refused_with_advice(
    said: list[tuple[str, str]], says: str
) -> None:
    with pytest.raises(InvalidRequest, match=says) as refused:
        read_turns(said)
    assert refused.value.field == "transcript"


@pytest.mark.parametrize(
    ("speakers", "candidate"),
    [
        (("Candidate 1", "Candidate 2"), None),
        (("Candidate", "Candidate 2"), None),
        (("Candidate 1", "Candidate 2"), "candidate"),
        (("Speaker 1", "Speaker 2"), "Speaker"),
    ],
)
def test_two_candidates_are_not_scored_as_one(
    speakers: tuple[str, str], candidate: str | None
) -> None:
    with pytest.raises(InvalidRequest, match="Two candidates speak") as refused:
        read_turns([(speaker, "I am here.") for speaker in speakers], candidate=candidate)
    assert refused.value.field == "candidate"


def test_one_of_two_candidates_may_be_named() -> None:
    said = [("Interviewer", "Hello?"), ("Candidate 1", "I am here."), ("Candidate 2:", "So am I.")]
    turns = read_turns(said, candidate="Candidate 2")
    assert [turn.by_candidate for turn in turns] == [False, None, True]
    assert "1 other speaker " in notes_on(said, candidate="Candidate 2")[0]


def test_one_candidate_may_carry_a_number() -> None:
    said = [("Candidate 1", "I am here."), ("candidate_1:", "Still.")]
    assert all(turn.by_candidate for turn in read_turns(said))


def test_markup_is_noted() -> None:
    said = [("Interviewer", "Why?"), ("Candidate", "<p>I was asked to.</p>")]
    (note,) = notes_on(said)
    assert "Markup" in note
    assert notes_on([("Interviewer", "Why?"), ("Candidate", "List<String> is < 3")]) == ()


def test_a_label_that_nobody_carries_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="label"):
        read_turns([("candidate", "I am here.")], candidate="S9")


def test_fifty_thousand_words_are_too_many() -> None:
    with pytest.raises(TooLarge, match="30,000 words"):
        read_turns([("candidate", "word " * 50_000)])
    assert len(read_turns([("candidate", "word " * MAX_WORDS)])) == 1


def test_markup_and_control_characters_stay_as_they_were_sent() -> None:
    said = "<script>alert(1)</script>\x00\x1b[31m {{ 7 * 7 }}"
    assert read_turns([("candidate", said)])[0].content == said


def test_one_speaker_alone_is_noted() -> None:
    (note,) = notes_on([("candidate", "I am here.")])
    assert "no question" in note


def test_other_speakers_are_counted_and_not_named() -> None:
    said = [
        ("candidate", "I"),
        ("interviewer", "Hm"),
        ("Zoltan", "x"),
        ("zoltan:", "y"),
        ("Ida", "z"),
    ]
    (note,) = notes_on(said)
    assert "2 other speakers" in note
    assert "oltan" not in note
