"""What was said before, by the candidate or by somebody else, is no evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

from ml_service.interview.speech import Sentence, Word

SAME_WORDS = 8
"""Words in a row that nobody says twice by chance."""

NEARLY_SAME_WORDS = 5
ECHO_WORDS = 4
MOSTLY = 0.6
ECHOED = 0.5

_SHORTEST_SENTENCE = 2

Gram = tuple[str, ...]


@dataclass(slots=True)
class Repeated:
    """Grows with every turn; they are asked for in the order of the transcript."""

    _turns: set[tuple[Gram, ...]] = field(default_factory=set)
    _sentences: set[Gram] = field(default_factory=set)
    _grams: set[Gram] = field(default_factory=set)
    _near: set[Gram] = field(default_factory=set)

    def without(self, turn: Sequence[Sentence]) -> list[Sentence]:
        """Short sentences are said again by chance; they go only with a turn said before."""
        said = tuple(sentence.plain for sentence in turn)
        if said in self._turns:
            return []
        self._turns.add(said)
        in_turn = set[Gram]()
        return [own for sentence in turn if (own := self._own(sentence, in_turn)) is not None]

    def _own(self, sentence: Sentence, in_turn: set[Gram]) -> Sentence | None:
        plain = sentence.plain
        again = plain in self._sentences or plain in in_turn or self._is_near(plain)
        own = None if again else _kept(sentence, self._said_before(plain, in_turn))
        for said in (plain, own.plain if own else ()):
            in_turn.add(said)
            if len(said) >= NEARLY_SAME_WORDS:
                self._sentences.add(said)
        self._near.update(_grams(plain, NEARLY_SAME_WORDS))
        return own

    def _said_before(self, words: Sequence[str], in_turn: set[Gram]) -> list[bool]:
        """Also what is said twice within the sentence, and a short sentence at the end of it."""
        again = [False] * len(words)
        for size in range(_SHORTEST_SENTENCE, min(SAME_WORDS, len(words))):
            if tuple(words[-size:]) in in_turn:
                again[-size:] = [True] * size
        for at, gram in enumerate(_grams(words, SAME_WORDS)):
            if gram in self._grams:
                again[at : at + SAME_WORDS] = [True] * SAME_WORDS
            self._grams.add(gram)
        return again

    def _is_near(self, words: Sequence[str]) -> bool:
        return len(words) >= NEARLY_SAME_WORDS and (
            share_covered(words, self._near, NEARLY_SAME_WORDS) >= MOSTLY
        )


@dataclass(slots=True)
class Heard:
    """What the interviewer said and the advert says."""

    _short: set[Gram] = field(default_factory=set)
    _long: set[Gram] = field(default_factory=set)

    def add(self, words: Sequence[str]) -> None:
        self._short.update(_grams(words, ECHO_WORDS))
        self._long.update(_grams(words, SAME_WORDS))

    def without_echoes(self, sentences: Iterable[Sentence]) -> Iterator[Sentence]:
        for sentence in sentences:
            plain = sentence.plain
            if share_covered(plain, self._short, ECHO_WORDS) >= ECHOED:
                continue
            own = _kept(sentence, covered(plain, self._long, SAME_WORDS))
            if own:
                yield own


def share_covered(words: Sequence[str], grams: set[Gram], size: int) -> float:
    marks = covered(words, grams, size)
    return sum(marks) / len(marks) if marks else 0.0


def covered(words: Sequence[str], grams: set[Gram], size: int) -> list[bool]:
    marks = [False] * len(words)
    for at, gram in enumerate(_grams(words, size)):
        if gram in grams:
            marks[at : at + size] = [True] * size
    return marks


def _grams(words: Sequence[str], size: int) -> Iterator[Gram]:
    return (tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _kept(sentence: Sentence, dropped: Sequence[bool]) -> Sentence | None:
    """None where no plain word is left; names go with the word in front of them."""
    if not any(dropped):
        return sentence if sentence.plain else None
    marks = iter(dropped)
    drop, keep = False, list[bool]()
    for word in sentence.words:
        drop = next(marks) if word.plain else drop
        keep.append(not drop)
    words: tuple[Word, ...] = tuple(compress(sentence.words, keep))
    left = replace(sentence, words=words)
    return left if left.plain else None
