"""What a resume tells in sentences: lines joined where a sentence runs on, cut where one ends."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ml_service.domain.document import Line
from ml_service.domain.resume import RedactedLine
from ml_service.matching.denials import without_denied

AnyLine = Line | RedactedLine

MIN_WORDS = 4
MAX_WORDS = 40
MAX_JOINED_WORDS = 80
LIST_ITEM_WORDS = 3
LIST_ITEMS = 3
LONG_WITHOUT_FUNCTION_WORDS = 8
ECHOED_WORDS = 3
ECHOED_SHARE = 0.5

_RUNS_ON = re.compile(r"[a-z]")
_ENDS = re.compile(r"[.!?:;]\W*$")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%]{2}[.!?;])\s+(?=\S)|\s*[•●▪◦►]\s*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LIST_MARK = re.compile(r"\s*[,;|/•·]\s*")
_FUNCTION = """
    a an the and or of to in on at for from by with within across through into over under
    between as that which who while when where during using via per after before their its our
    all each was were is are been be had have has
"""
_FUNCTION_WORDS = frozenset(_FUNCTION.split())


# Somebody else did it, or it was done to the writer.
_ONLY_RECEIVED = re.compile(
    r"^\W*(?:(?:i\s+)?(?:was|were|got|been)\s+\w+(?:ed|ght)\b|attend(?:ed|ing|s)?\b|took part\b|"
    r"tak(?:e|ing) part\b|participat(?:ed|ing)\b|receiv(?:ed|ing)\b|report(?:ed|ing|s)? to\b|"
    r"observ(?:ed|ing)\b|shadow(?:ed|ing)\b|stud(?:ied|ying)\b|took\b.*\bcourses?\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """``text`` says nothing that the resume denies; ``lines`` are those it stands on."""

    text: str
    lines: tuple[AnyLine, ...]

    @property
    def order(self) -> int:
        return self.lines[0].order


def statements_of(lines: Sequence[AnyLine]) -> tuple[Statement, ...]:
    """Every sentence of the lines once, in their order."""
    return tuple(statement for group in _joined(lines) for statement in _sentences(group))


def tells_of_doing(statement: Statement) -> bool:
    """False where the writer only received: attended a course, was taught, reported to somebody."""
    return not _ONLY_RECEIVED.match(statement.text)


def is_sentence(statement: Statement) -> bool:
    """No heading, list of keywords or date: what may be compared by meaning."""
    words = [word.casefold() for word in _WORD.findall(statement.text)]
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return False
    if len(words) >= LONG_WITHOUT_FUNCTION_WORDS and _FUNCTION_WORDS.isdisjoint(words):
        return False
    items = [item for item in _LIST_MARK.split(statement.text) if item.strip()]
    return not (len(items) >= LIST_ITEMS and len(words) / len(items) <= LIST_ITEM_WORDS)


class Echo:
    """Whether a sentence reads the advert's own words back."""

    def __init__(self, description: str) -> None:
        self._runs = set(_runs(description))

    def repeats(self, text: str) -> bool:
        runs = list(_runs(text))
        return bool(runs) and sum(run in self._runs for run in runs) / len(runs) >= ECHOED_SHARE


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    for start in range(len(words) - ECHOED_WORDS + 1):
        yield tuple(words[start : start + ECHOED_WORDS])


def _joined(lines: Sequence[AnyLine]) -> Iterator[list[AnyLine]]:
    group: list[AnyLine] = []
    for line in lines:
        if group and _continues(group, line):
            group.append(line)
            continue
        if group:
            yield group
        group = [line]
    if group:
        yield group


def _continues(group: Sequence[AnyLine], line: AnyLine) -> bool:
    last = group[-1]
    if line.page != last.page or line.order > last.order + 1:
        return False
    n_words = sum(len(one.text.split()) for one in group)
    return bool(
        n_words < MAX_JOINED_WORDS
        and _RUNS_ON.match(line.text.strip())
        and not _ENDS.search(last.text)
    )


def _sentences(group: Sequence[AnyLine]) -> Iterator[Statement]:
    text = " ".join(line.text.strip() for line in group)
    ends = list(accumulate(len(line.text.strip()) + 1 for line in group))
    at = 0
    for sentence in _SENTENCE_END.split(text):
        begin = text.index(sentence, at)
        at = begin + len(sentence)
        kept = without_denied(sentence.strip())
        if any(map(str.isalnum, kept)):
            yield Statement(kept, tuple(group[bisect(ends, begin) : bisect(ends, at - 1) + 1]))
