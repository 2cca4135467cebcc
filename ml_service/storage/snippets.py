"""The place of a text that shows best why it was found."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ml_service.storage.search_words import Term, spans_of, words_of

N_WORDS = 24
MARK_START, MARK_END = "«", "»"

MAX_OCCURRENCES = 50
MAX_WORD_CHARACTERS, MAX_GAP_CHARACTERS = 64, 32


@dataclass(frozen=True, slots=True)
class _Occurrence:
    first: int
    """The place of its first word."""
    end: int
    term: Term


def best_snippet(fields: Sequence[Sequence[str]], terms: Sequence[Term]) -> str | None:
    """From the field whose best place holds most of the terms; the first of equals.

    A field is its lines. In the snippet, one line without control characters, « and » mark what
    matched and stand for nothing else. None when nothing matches.
    """
    snippet, most = None, 0
    for lines in fields:
        words = [words_of(line) for line in lines]
        found = _densest(sorted(_occurrences(words, terms), key=lambda o: (o.first, -o.end)))
        n_terms = len({occurrence.term for occurrence in found})
        if n_terms > most:
            snippet, most = _cut(lines, [len(line) for line in words], found), n_terms
        if most == len(terms):
            break
    return snippet


def _occurrences(words: Sequence[Sequence[str]], terms: Sequence[Term]) -> Iterator[_Occurrence]:
    whole = " ".join(["", *(word for line in words for word in line), ""])
    for term in terms:
        wanted = " ".join(["", *term.words]) + ("" if term.prefix else " ")
        place, first, counted = whole.find(wanted), 0, 0
        for _ in range(MAX_OCCURRENCES):
            if place < 0:
                break
            first += whole.count(" ", counted, place)
            counted = place
            yield _Occurrence(first, first + len(term.words), term)
            place = whole.find(wanted, place + 1)


def _densest(occurrences: Sequence[_Occurrence]) -> list[_Occurrence]:
    """Those of one snippet's length that show most terms; the first of equals."""
    best: list[_Occurrence] = []
    n_best = 0
    for start, occurrence in enumerate(occurrences):
        near = [occurrence, *_within(occurrences[start + 1 :], occurrence.first + N_WORDS)]
        n_terms = len({o.term for o in near})
        if n_terms > n_best:
            best, n_best = near, n_terms
    return best


def _within(later: Sequence[_Occurrence], end: int) -> Iterator[_Occurrence]:
    for occurrence in later:
        if occurrence.first >= end:
            return
        if occurrence.end <= end:
            yield occurrence


def _cut(lines: Sequence[str], counts: Sequence[int], found: Sequence[_Occurrence]) -> str:
    """The words around what was found, which stands in the middle, with its marks."""
    n_words = sum(counts)
    last = max(occurrence.end for occurrence in found)
    margin = max(N_WORDS - (last - found[0].first), 0) // 2
    first = max(0, min(found[0].first - margin, n_words - N_WORDS))
    end = min(n_words, max(first + N_WORDS, min(last, first + 2 * N_WORDS)))
    before = [0, *accumulate(counts)]
    first_line, last_line = bisect_right(before, first) - 1, bisect_right(before, end - 1) - 1
    skipped = before[first_line]
    # Of two that begin together the longer comes first in ``found``, and so is kept.
    marks = {o.first - skipped: o.end - skipped for o in reversed(found) if o.end <= end}
    text = "\n".join(lines[first_line : last_line + 1])
    cut = _marked(text, first - skipped, end - skipped, marks)
    return ("…" if first else "") + cut + ("…" if end < n_words else "")


def _marked(text: str, first: int, end: int, marks: dict[int, int]) -> str:
    """Words ``first`` to ``end`` with what stands between them; at its ends all of the text."""
    spans = spans_of(text)
    widened = (_widened(mark, spans) for mark in marks.items())
    whole = {max(start, first): stop for start, stop in widened}
    parts: list[str] = []
    at = 0 if first == 0 else spans[first][0]
    closes = 0
    for place in range(first, end):
        start, stop = spans[place]
        parts.append(_plain(text[at:start], most=MAX_GAP_CHARACTERS))
        if place in whole:
            parts += [MARK_START] * (closes == 0)
            closes = max(closes, whole[place])
        parts.append(_plain(text[max(at, start) : stop], most=MAX_WORD_CHARACTERS))
        if closes == place + 1:
            parts.append(MARK_END)
            closes = 0
        at = max(at, stop)
    parts += [MARK_END] * (closes > 0)
    if end == len(spans):
        parts.append(_plain(text[at:], most=MAX_GAP_CHARACTERS))
    return " ".join("".join(parts).split())


def _widened(mark: tuple[int, int], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Of words that one sign stands for (½) none is marked without the others."""
    start, end = mark
    while start > 0 and spans[start][0] < spans[start - 1][1]:
        start -= 1
    while end < len(spans) and spans[end][0] < spans[end - 1][1]:
        end += 1
    return start, end


def _plain(text: str, *, most: int) -> str:
    quiet = text.replace(MARK_START, '"').replace(MARK_END, '"')
    shown = "".join(_shown(character) for character in quiet)
    return shown if len(shown) <= most else shown[: most // 2] + "…" + shown[-(most // 2) :]


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return "" if unicodedata.category(character) == "Cf" else " "
