"""Job titles in the lines of a passage, found by the catalogue's own titles."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ml_service.career.catalogue.titles import normalise, rewordings, without_rank
from ml_service.career.passages import ANY_DATE, DATE_RANGE

_PLACEHOLDER = re.compile(
    r"\bcompany name\b(?:\W*\bcity\b)?(?:\W*\bstate\b)?"
    r"|\bcity\s*,\s*state\b(?:\s*,\s*country\b)?|\bï¼",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^[^A-Za-z(]+")
_SEPARATOR = re.compile(r"\s*[|•·:;/,–—@*\t]\s*|\s+-\s+|\s+(?:at|for|with)\s+")
_DEGREE = re.compile(
    r"\b(?:bachelor|master|associate of|associate degree|diploma|degree|b\.?s\.?c?|b\.?a"
    r"|m\.?b\.?a|ph\.?d|high school|university|college|institute|gpa|certificat\w+|license)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s|,]+|[\s|,]+$")
_HEADING = frozenset(
    {"experience", "history", "employment", "education", "training", "summary", "profile"}
    | {"overview", "objective", "skill", "highlight", "accomplishment", "qualification"}
    | {"background", "expertise", "responsibility", "statement", "achievement", "strength"}
)
_BESIDE_HEADING = frozenset(
    {"work", "professional", "executive", "career", "personal", "core", "key", "technical", "job"}
    | {"military", "leadership", "volunteer", "relevant", "additional", "other", "area", "of"}
    | {"and", "the", "my", "related"}
)
_MAX_WORDS = 8
_MIN_NGRAM = 2


@dataclass(frozen=True, slots=True)
class TitleMention:
    """``codes`` carry the title; ``coverage`` in (0, 1] is its share of the words it stood in."""

    codes: frozenset[str]
    coverage: float


def position_texts(line: str) -> tuple[str, ...]:
    """Normalised pieces of a header line that may be a job title, the whole line first.

    Dates, placeholders, headings and everything that looks like a degree are left out.
    """
    if _DEGREE.search(line):
        return ()
    rest = _PLACEHOLDER.sub(" | ", ANY_DATE.sub(" | ", DATE_RANGE.sub(" | ", line)))
    rest = _EDGES.sub("", rest)
    pieces = [rest, *_SEPARATOR.split(rest)]
    keys = dict.fromkeys(normalise(_LEADING.sub("", piece)) for piece in pieces)
    return tuple(key for key in keys if may_be_title(key))


def may_be_title(key: str) -> bool:
    """Whether the normalised ``key`` is short enough and no heading such as "Work Experience"."""
    words = key.split()
    if not 0 < len(words) <= _MAX_WORDS:
        return False
    return words[-1] not in _HEADING or not all(
        word in _HEADING or word in _BESIDE_HEADING for word in words
    )


def exact_mentions(
    keys: Sequence[str], titles: Mapping[str, frozenset[str]]
) -> Iterator[TitleMention]:
    """Keys that are titles; with the whole line a title, its pieces are not looked at."""
    for at, key in enumerate(keys):
        if codes := _codes(key, titles):
            yield TitleMention(codes=codes, coverage=1.0)
            if at == 0:
                return


def _codes(key: str, titles: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return next((titles[way] for way in _ways(key) if way in titles), frozenset())


def _ways(key: str) -> Iterator[str]:
    yield key
    yield without_rank(key)
    yield from rewordings(key)


def title_openings(titles: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The first two words of every title that has two, so that most words are passed over fast."""
    split = (title.split(maxsplit=_MIN_NGRAM) for title in titles)
    return frozenset((words[0], words[1]) for words in split if len(words) >= _MIN_NGRAM)


def inner_mentions(
    key: str, titles: Mapping[str, frozenset[str]], openings: Collection[tuple[str, str]]
) -> Iterator[TitleMention]:
    """The longest titles of two words or more inside ``key``, left to right, not overlapping.

    ``openings``: at least the ``title_openings`` of these titles.
    """
    words = key.split()
    stop = 0
    for start in [at for at, pair in enumerate(pairwise(words)) if pair in openings]:
        found = _longest_title(words, start, titles) if start >= stop else None
        if found is not None:
            stop = found
            codes = titles[" ".join(words[start:stop])]
            yield TitleMention(codes=codes, coverage=(stop - start) / len(words))


def _longest_title(
    words: Sequence[str], start: int, titles: Mapping[str, frozenset[str]]
) -> int | None:
    for stop in range(min(len(words), start + _MAX_WORDS), start + _MIN_NGRAM - 1, -1):
        if " ".join(words[start:stop]) in titles:
            return stop
    return None
