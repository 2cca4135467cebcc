"""What one passage says to a model of own labels: its words, its positions, its vector."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ml_service.career.catalogue.title_mentions import position_texts
from ml_service.career.passages import Passage
from ml_service.domain.ports import Float32Array

_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class PassageWords:
    """``body``: all words; ``opening``: those of the first line, which is the resume's title line
    where the passage is the first; ``positions``: words and pairs of the job titles that the
    passage opens entries with. The texts are lower case, words apart by one space; those of
    positions are normalised as titles are.
    """

    passage: Passage
    vector: Float32Array
    body: tuple[str, ...]
    opening: tuple[str, ...]
    positions: tuple[str, ...]
    body_text: str
    opening_text: str
    position_texts: tuple[str, ...]


def words_of_passage(passage: Passage, vector: Float32Array) -> PassageWords:
    """Only redacted text is looked at."""
    lines = passage.text.split("\n")
    held = [_position(line) for line in lines] if passage.header else []
    positions = tuple(text for text in held if text)
    return PassageWords(
        passage=passage,
        vector=vector,
        body=tuple(words_of(passage.text)),
        opening=tuple(words_of(lines[0])),
        positions=tuple(term for text in positions for term in terms_of(text)),
        body_text=" ".join(words_of(passage.text)),
        opening_text=" ".join(words_of(lines[0])),
        position_texts=positions,
    )


def words_of(text: str) -> list[str]:
    """Lower case, two letters or digits at least."""
    return _WORD.findall(text.lower())


def terms_of(text: str) -> list[str]:
    """The words of one line, and each pair of neighbours."""
    words = words_of(text)
    return [*words, *_pairs(words)]


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairwise(words))


def _position(line: str) -> str:
    """The line without dates and placeholders, else its first piece that may be a title, as
    ``position_texts`` writes it.
    """
    return next(iter(position_texts(line)), "")
