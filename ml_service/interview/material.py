"""What signals are read from, and what one of them finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ml_service.interview.answers import Answer, Lexicon
from ml_service.interview.cues import is_done
from ml_service.interview.relevance import Relevance
from ml_service.interview.speech import Sentence
from ml_service.interview.word_forms import SELF, US

LEAST_WORDS_OF_A_RATE = 100
_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence, and how much it says; the most telling are quoted."""

    strength: float
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """``shown`` is empty where nothing was found."""

    value: float
    shown: tuple[Shown, ...]


@dataclass(frozen=True)
class Material:
    """``relevance`` by the place of an answer; without those that have no question."""

    answers: tuple[Answer, ...]
    relevance: Mapping[int, Relevance]
    lexicon: Lexicon
    job: str | None = None

    @cached_property
    def told(self) -> tuple[Sentence, ...]:
        return tuple(sentence for answer in self.answers for sentence in answer.told)

    @cached_property
    def n_words(self) -> int:
        return sum(len(sentence.plain) for sentence in self.told)

    def in_100_words(self, count: float) -> float:
        """A transcript of a few words does not count as dense."""
        return 100 * count / max(self.n_words, LEAST_WORDS_OF_A_RATE)


def found(value: float, shown: Iterator[Shown] | tuple[Shown, ...]) -> Finding:
    return Finding(value, tuple(shown))


def tells_of_self(sentence: Sentence) -> bool:
    return any(word in SELF or word in US for word in sentence.plain)


def deeds_of(sentence: Sentence) -> tuple[int, int]:
    """How often somebody says "I did" and "we did", an adverb or two between the words."""
    mine = ours = 0
    plain = sentence.plain
    for at, word in enumerate(plain):
        if word not in SELF and word not in US:
            continue
        behind = plain[at + 1 : at + 2 + _BETWEEN]
        until = next(
            (n for n, other in enumerate(behind) if other in SELF or other in US), len(behind)
        )
        if any(map(is_done, behind[:until])):
            mine += word in SELF
            ours += word in US
    return mine, ours
