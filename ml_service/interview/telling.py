"""How answers are told: fluency, relevance, structure, details, ownership, work with others."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from ml_service.interview import cues
from ml_service.interview.answers import Answer
from ml_service.interview.cues import Cues
from ml_service.interview.cues import cues as phrases
from ml_service.interview.deeds import deeds_of, tells_of_self
from ml_service.interview.material import (
    Finding,
    Material,
    Shown,
    found,
)
from ml_service.interview.relevance import Relevance
from ml_service.interview.speech import Sentence

_LONG_ANSWER_WORDS = 40
_STORY_WORDS = 20
_ASKS_FOR_STORY = phrases(
    "a time; an example; a situation; a project; a challenge; a conflict; an accomplishment; "
    "describe; how did you"
)
_WAYS = (
    cues.TOGETHER,
    cues.LISTENING,
    cues.HELPING,
    cues.SETTLING,
    cues.LEARNING,
    cues.SHARING,
)

Place = tuple[int, int]


def fillers(material: Material) -> Finding:
    count = sum(sentence.n_fillers for sentence in material.told)
    shown = (Shown(one.n_fillers, one) for one in material.told if one.n_fillers)
    return found(material.in_100_words(count), shown)


def hedges(material: Material) -> Finding:
    return rate_of(cues.HEDGE, material)


def answers_in_kind(material: Material) -> Finding | None:
    return _mean_relevance(material, lambda relevance: relevance.by_kind)


def on_the_subject(material: Material) -> Finding | None:
    return _mean_relevance(material, lambda relevance: relevance.by_subject)


def _mean_relevance(material: Material, of: Callable[[Relevance], float | None]) -> Finding | None:
    """Every answer that can be compared counts the same, however long it is."""
    values = {
        at: value
        for at, relevance in material.relevance.items()
        if (value := of(relevance)) is not None
    }
    if not values:
        return None
    shown = (Shown(value, material.answers[at].told[0]) for at, value in values.items())
    return found(math.fsum(values.values()) / len(values), shown)


def parts_told(material: Material) -> Finding | None:
    return _mean_parts(material, lambda places: sum(place is not None for place in places))


def parts_in_order(material: Material) -> Finding | None:
    return _mean_parts(material, _longest_run)


def _mean_parts(
    material: Material, count: Callable[[Sequence[Place | None]], int]
) -> Finding | None:
    stories = [answer for answer in material.answers if _is_story(answer)]
    if not stories:
        return None
    counts = [count(_places(story)) for story in stories]
    shown = [
        Shown(n, sentence)
        for n, story in zip(counts, stories, strict=True)
        for sentence in (*story.result[:1], story.told[0])
        if n
    ]
    return found(sum(counts) / (4 * len(counts)), tuple(shown))


def _is_story(answer: Answer) -> bool:
    """Told without a look at its result, so that a story stays one when that is cut."""
    n_words = len(answer.words)
    asked = any(_ASKS_FOR_STORY.among(sentence.plain) for sentence in answer.question)
    acts = any(deeds_of(sentence) != (0, 0) for sentence in answer.told)
    return n_words >= (_STORY_WORDS if asked or acts else _LONG_ANSWER_WORDS)


def _places(answer: Answer) -> tuple[Place | None, ...]:
    """Where situation, task and action begin, and the last result: with more of it a story has
    no less order."""
    return (
        _first(answer.told, lambda one: cues.SITUATION.among(one.plain)),
        _first(answer.told, lambda one: cues.TASK.among(one.plain)),
        _first(answer.told, lambda one: deeds_of(one) != (0, 0)),
        _first(answer.result[::-1], lambda _: True),
    )


def _first(sentences: Sequence[Sentence], holds: Callable[[Sentence], bool]) -> Place | None:
    return next(((one.turn, one.words[0].start) for one in sentences if holds(one)), None)


def _longest_run(places: Sequence[Place | None]) -> int:
    """A situation and a task in one sentence are in order."""
    longest: list[tuple[Place, int]] = []
    for place in places:
        if place is not None:
            before = max((n for earlier, n in longest if earlier <= place), default=0)
            longest.append((place, before + 1))
    return max((n for _, n in longest), default=0)


def details(material: Material) -> Finding:
    return summed(
        material,
        lambda one: (
            len(cues.TIME.starts(one.affirmed)) + material.lexicon.has_amount(one.affirmed_text)
        ),
    )


def own_share(material: Material) -> Finding | None:
    deeds = [(deeds_of(sentence), sentence) for sentence in material.told]
    mine = sum(own for (own, _), _ in deeds)
    ours = sum(common for (_, common), _ in deeds)
    if not mine + ours:
        return None
    shown = (Shown(own or 0.5, one) for (own, common), one in deeds if own or common)
    return found(mine / (mine + ours), shown)


def own_deeds(material: Material) -> Finding:
    return summed(material, lambda one: deeds_of(one)[0])


def ways_of_working(material: Material) -> Finding:
    told = [one for one in material.told if tells_of_self(one)]
    ways = {one: {at for at, way in enumerate(_WAYS) if way.among(one.affirmed)} for one in told}
    shown = (Shown(len(kinds), one) for one, kinds in ways.items() if kinds)
    return found(len(set().union(*ways.values())), shown)


def working_with_others(material: Material) -> Finding:
    return summed(
        material,
        lambda one: (
            sum(len(way.starts(one.affirmed)) for way in _WAYS) if tells_of_self(one) else 0
        ),
    )


def rate_of(kind: Cues, material: Material) -> Finding:
    return summed(material, lambda one: len(kind.starts(one.plain)))


def rate_of_affirmed(kind: Cues, material: Material) -> Finding:
    """For what tells of doing: what was not done is no evidence of it."""
    return summed(material, lambda one: len(kind.starts(one.affirmed)))


def summed(material: Material, count: Callable[[Sentence], int]) -> Finding:
    counts = [(count(sentence), sentence) for sentence in material.told]
    return found(material.in_100_words(sum(n for n, _ in counts)), _counted(counts))


def _counted(counts: Sequence[tuple[int, Sentence]]) -> Iterator[Shown]:
    return (Shown(n, sentence) for n, sentence in counts if n)
