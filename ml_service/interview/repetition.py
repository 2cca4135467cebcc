"""What was said before, by the candidate or by somebody else, is no evidence."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, groupby

from ml_service.interview.speech import Sentence
from ml_service.interview.words import Word

SAME_WORDS = 8
"""Words in a row that nobody says twice by chance."""

NEARLY_SAME_WORDS = 5
ECHO_WORDS = 4
MOSTLY = 0.6
ECHOED = 0.5

_SHORTEST_SENTENCE = 2

Gram = tuple[str, ...]


def said_once(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Each sentence where it is said first, those without a plain word left out."""
    said = set[Gram]()
    for sentence in sentences:
        own = _kept(sentence, _ends_again(sentence.plain, said))
        if own and said.isdisjoint({sentence.plain, own.plain}):
            yield own
            said.update((sentence.plain, own.plain))


def _ends_again(words: Gram, before: Container[Gram]) -> list[bool]:
    """Where a sentence without a full stop runs into one said before, or into itself."""
    again = [False] * len(words)
    for size in range(_SHORTEST_SENTENCE, min(SAME_WORDS, len(words))):
        end = words[-size:]
        if end in before or (size >= NEARLY_SAME_WORDS and end == words[:size]):
            again[-size:] = [True] * size
    return again


@dataclass(slots=True)
class Repeated:
    """Grows with every answer."""

    _turns: set[tuple[Gram, ...]] = field(default_factory=set)
    _sentences: set[Gram] = field(default_factory=set)
    _grams: set[Gram] = field(default_factory=set)
    _near: set[Gram] = field(default_factory=set)

    def without(self, told: Iterable[Sentence]) -> list[Sentence]:
        """What was not said before; ``told`` is remembered."""
        turns = groupby(told, key=lambda sentence: sentence.turn)
        return [own for _, turn in turns for own in self._own(list(turn))]

    def _own(self, turn: Sequence[Sentence]) -> Iterator[Sentence]:
        """Short sentences are said again by chance; they go only with a turn said before."""
        said = tuple(sentence.plain for sentence in turn)
        if said in self._turns:
            return
        self._turns.add(said)
        again = iter(self._said_before([word for plain in said for word in plain]))
        for sentence in turn:
            dropped = [next(again) for _ in sentence.plain]
            known = self._is_known(sentence.plain)
            self._remember(sentence.plain)
            if not known and (own := _kept(sentence, dropped)):
                yield own

    def _said_before(self, words: Sequence[str]) -> list[bool]:
        """Across sentences: where a transcript has no full stops one runs into the next."""
        again = [False] * len(words)
        for at, gram in enumerate(_grams(words, SAME_WORDS)):
            if gram in self._grams:
                again[at : at + SAME_WORDS] = [True] * SAME_WORDS
            self._grams.add(gram)
        return again

    def _is_known(self, words: Gram) -> bool:
        """Said before, or nearly so: with more in common than a turn of phrase.

        Two answers that open with "I do think that I am a ..." have said nothing twice.
        """
        if len(words) >= NEARLY_SAME_WORDS and words in self._sentences:
            return True
        marks = covered(words, self._near, NEARLY_SAME_WORDS)
        return sum(marks) >= max(SAME_WORDS, MOSTLY * len(marks))

    def _remember(self, words: Gram) -> None:
        self._sentences.add(words)
        self._near.update(_grams(words, NEARLY_SAME_WORDS))


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
    whole = keep[-1]
    left = replace(sentence, words=words, end=sentence.end if whole or not words else words[-1].end)
    return left if left.plain else None
