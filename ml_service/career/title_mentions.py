"""Job titles in the lines of a passage, found by the catalogue's own titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ml_service.career.passages import ANY_DATE, DATE_RANGE
from ml_service.career.titles import normalise, without_rank

_PLACEHOLDER = re.compile(
    r"\bcompany name\b|\bcity\s*,\s*state\b(?:\s*,\s*country\b)?|\bï¼", re.IGNORECASE
)
_LEADING = re.compile(r"^[^A-Za-z(]+")
_SEPARATOR = re.compile(r"\s*[|•·:;/,–—@*\t]\s*|\s+-\s+|\s+(?:at|for|with)\s+")
_DEGREE = re.compile(
    r"\b(?:bachelor|master|associate of|associate degree|diploma|degree|b\.?s\.?c?|b\.?a"
    r"|m\.?b\.?a|ph\.?d|high school|university|college|institute|gpa|certificat\w+|license)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s|,]+|[\s|,]+$")
_MAX_WORDS = 8
_MIN_NGRAM = 2


@dataclass(frozen=True, slots=True)
class TitleMention:
    """``codes`` carry the title; ``coverage`` in (0, 1] is its share of the words it stood in."""

    codes: frozenset[str]
    coverage: float


def position_texts(line: str) -> tuple[str, ...]:
    """Normalised pieces of a header line that may be a job title, the whole line first.

    Dates, placeholders and everything that looks like a degree are left out.
    """
    if _DEGREE.search(line):
        return ()
    rest = _PLACEHOLDER.sub(" | ", ANY_DATE.sub(" | ", DATE_RANGE.sub(" | ", line)))
    rest = _EDGES.sub("", rest)
    pieces = [rest, *_SEPARATOR.split(rest)]
    keys = (normalise(_LEADING.sub("", piece)) for piece in pieces)
    return tuple(dict.fromkeys(key for key in keys if key and len(key.split()) <= _MAX_WORDS))


def exact_mentions(
    keys: Sequence[str], titles: Mapping[str, frozenset[str]]
) -> Iterator[TitleMention]:
    """Keys that are titles; with the whole line a title, its pieces are not looked at."""
    for at, key in enumerate(keys):
        codes = titles.get(key) or titles.get(without_rank(key))
        if codes:
            yield TitleMention(codes=codes, coverage=1.0)
            if at == 0:
                return


def inner_mentions(key: str, titles: Mapping[str, frozenset[str]]) -> Iterator[TitleMention]:
    """The longest titles of two words or more inside ``key``, left to right, not overlapping."""
    words = key.split()
    start = 0
    while start <= len(words) - _MIN_NGRAM:
        stop = _longest_title(words, start, titles)
        if stop:
            codes = titles[" ".join(words[start:stop])]
            yield TitleMention(codes=codes, coverage=(stop - start) / len(words))
        start = stop or start + 1


def _longest_title(
    words: Sequence[str], start: int, titles: Mapping[str, frozenset[str]]
) -> int | None:
    for stop in range(min(len(words), start + _MAX_WORDS), start + _MIN_NGRAM - 1, -1):
        if " ".join(words[start:stop]) in titles:
            return stop
    return None
