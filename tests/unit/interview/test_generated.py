"""What must not move a score, in interviews that nobody thought of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ml_service.domain.interview import Turn
from ml_service.interview.answers import Answer
from ml_service.interview.speech import Sentence, sentences_of
from ml_service.use_cases.read_transcript import ReadTranscript
from tests.unit.interview.generated import (
    Exchange,
    Story,
    each_answer,
    interviews,
    told_sentences,
    turns_of_stories,
    unfinished,
    unrelated_answers,
)
from tests.unit.interview.interviews import VOCABULARY, answers
from tests.unit.use_cases.training_parts import WordEncoder

Scores = dict[str, float | None]
Said = tuple[tuple[str, ...], int]

FEW = settings(max_examples=30, deadline=None)
MANY = settings(max_examples=100, deadline=None)


@cache
def services() -> tuple[ReadTranscript, ReadTranscript]:
    encoder = WordEncoder()
    return (
        ReadTranscript(encoder, VOCABULARY, "communication"),
        ReadTranscript(encoder, VOCABULARY, "technical"),
    )


async def scores_of(turns: Sequence[Turn]) -> Scores:
    return {
        f"{one.criterion}/{service.name}": one.score
        for service in services()
        for one in (await service.read(turns, job=None)).criteria
    }


def rises(before: Scores, after: Scores) -> list[str]:
    return [name for name, score in after.items() if (score or 0.0) > (before[name] or 0.0)]


def moved(before: Scores, after: Scores) -> set[str]:
    return {name.partition("/")[0] for name in before if before[name] != after[name]}


def said(sentences: Sequence[Sentence]) -> tuple[Said, ...]:
    """Words and fillers, wherever they stand."""
    return tuple((sentence.plain, sentence.n_fillers) for sentence in sentences)


def told(turns: Sequence[Turn]) -> list[tuple[Said, ...]]:
    return [said(answer.told) for answer in answers(turns)]


def told_and_ended(turns: Sequence[Turn]) -> list[tuple[tuple[Said, ...], ...]]:
    return [_read(answer) for answer in answers(turns)]


def _read(answer: Answer) -> tuple[tuple[Said, ...], ...]:
    return said(answer.question), said(answer.told), said(answer.result)


def english(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """With enough words to tell a language by."""
    return (
        *turns,
        Turn(False, "What do you do in your free time?"),
        Turn(
            True,
            "In my free time I grow tomatoes on the roof and write letters to the newspaper about "
            "buses, with whom my brother shares a garden and a boat that is older than both of us.",
        ),
    )


@FEW
@given(unrelated_answers(), st.randoms(use_true_random=False))
async def test_the_order_of_unrelated_answers_does_not_matter(
    interview: list[Exchange], chance: random.Random
) -> None:
    turns = turns_of_stories(interview)
    shuffled = turns_of_stories(chance.sample(interview, k=len(interview)))
    assert sorted(told_and_ended(shuffled)) == sorted(told_and_ended(turns))
    assert await scores_of(english(shuffled)) == await scores_of(english(turns))


@MANY
@given(interviews(), st.integers(2, 3), st.sampled_from((" ", "\n", ". ", ", ")))
def test_an_answer_said_again_within_its_turn_is_the_answer(
    interview: list[Exchange], times: int, between: str
) -> None:
    turns = turns_of_stories(interview)
    again = each_answer(turns, *(between.join([story.said()] * times) for _, story in interview))
    assert told_and_ended(again) == told_and_ended(turns)


@MANY
@given(interviews(), st.randoms(use_true_random=False))
def test_sentences_said_again_within_a_turn_are_not_read(
    interview: list[Exchange], chance: random.Random
) -> None:
    """Anywhere behind the first saying."""
    finished = [_sentences(story) for _, story in interview]
    turns = turns_of_stories(interview)
    once = each_answer(turns, *(" ".join(sentences) for sentences in finished))
    again = each_answer(turns, *(" ".join(_repeated(one, chance)) for one in finished))
    assert told_and_ended(again) == told_and_ended(once)


def _sentences(story: Story) -> list[str]:
    ending = story.ending.told.split(". ") if story.ending else []
    return [*story.before, *(f"{one.rstrip('.')}." for one in ending), *story.after]


def _repeated(sentences: Sequence[str], chance: random.Random) -> list[str]:
    out = list(sentences)
    for sentence in chance.sample(sentences, k=chance.randint(1, len(sentences))):
        out.insert(chance.randint(out.index(sentence) + 1, len(out)), sentence)
    return out


@FEW
@given(interviews(), st.randoms(use_true_random=False))
async def test_answers_said_again_anywhere_raise_nothing(
    interview: list[Exchange], chance: random.Random
) -> None:
    turns = english(turns_of_stories(interview))
    answer = chance.choice([turn for turn in turns if turn.by_candidate])
    asked = Turn(False, "Is there anything that you would like to add?")
    ways = (
        (*turns, asked, answer),
        (*turns, answer),
        tuple(one for turn in turns for one in (turn, turn)[: 1 + bool(turn.by_candidate)]),
    )
    before = await scores_of(turns)
    for way in ways:
        assert rises(before, await scores_of(way)) == []


@MANY
@given(interviews())
def test_without_its_results_an_answer_tells_the_same(
    interview: list[Exchange],
) -> None:
    turns = turns_of_stories(interview)
    for cut in _cuts(interview, turns):
        assert told(cut) == told(turns)


@FEW
@given(interviews())
async def test_cutting_results_lowers_structure_alone(interview: list[Exchange]) -> None:
    turns = turns_of_stories(interview)
    before = await scores_of(english(turns))
    for cut in _cuts(interview, turns):
        after = await scores_of(english(cut))
        assert moved(before, after) <= {"structure"}
        assert rises(before, after) == []


def _cuts(interview: list[Exchange], turns: tuple[Turn, ...]) -> list[tuple[Turn, ...]]:
    """The whole sentences, and from the cue on."""
    stories = [story for _, story in interview]
    assume(any(story.ending for story in stories))
    return [
        each_answer(turns, *(s.said(s.ending.whole_cut if s.ending else "") for s in stories)),
        each_answer(turns, *(s.said(s.ending.cut_at_cue if s.ending else "") for s in stories)),
    ]


@MANY
@given(told_sentences(max_size=3), told_sentences(max_size=3), unfinished())
def test_what_a_sentence_holds_depends_on_no_other_one(
    first: list[str], second: list[str], last: str
) -> None:
    def read(*parts: str) -> list[Said]:
        words = " ".join(parts)
        return list(said(sentences_of(words, turn=0, is_term=lambda _: False)))

    assume(not {*first} & {*second})
    assert read(*first, *second, last) == [*read(*first), *read(*second, last)]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_turn_that_breaks_off_says_its_last_words_once(times: int) -> None:
    once = "I baked bread. We sold it on the market because we had to-"
    (read,) = answers((Turn(True, " ".join([once] * times)),))
    assert said(read.told) == (
        (("i", "baked", "bread"), 0),
        (("we", "sold", "it", "on", "the", "market", "because", "we", "had"), 1),
    )
