"""What signals are read from, and what one of them finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ml_service.interview.answers import Answer, Lexicon
from ml_service.interview.relevance import Relevance
from ml_service.interview.speech import Sentence

LEAST_WORDS_OF_A_RATE = 100


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

    @cached_property
    def n_words_heard(self) -> int:
        """With those behind a result: to state one makes no answer too short."""
        behind = (one for answer in self.answers for one in answer.result if one.follows)
        return self.n_words + sum(len(sentence.plain) for sentence in behind)

    def in_100_words(self, count: float) -> float:
        """A transcript of a few words does not count as dense."""
        return 100 * count / max(self.n_words, LEAST_WORDS_OF_A_RATE)


def found(value: float, shown: Iterator[Shown] | tuple[Shown, ...]) -> Finding:
    return Finding(value, tuple(shown))
