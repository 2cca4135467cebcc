"""A person's reading of a page, from boxes in reading order, and order errors counted against it.

The words come from pdfplumber's characters, so that no reader that is measured places its own
words. Only letters and digits are compared, without the spaces between them: how a reader parts
words, and which bullets it keeps, is not an error of order.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pdfplumber.page

Box = tuple[float, float, float, float]
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_SURE_LETTERS = 4
_ICON_LETTERS = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """``pages`` maps page numbers, from 1, to boxes in points from the upper left corner."""

    file: str
    sha256: str
    layout: str
    pages: dict[int, list[Box]]


@dataclass(frozen=True, slots=True)
class Count:
    """``n_errors``: words of the output that follow another than the one a person reads before.

    ``n_missing`` are words of the rule that the output does not hold.
    """

    n_words: int = 0
    n_errors: int = 0
    n_missing: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.n_words + other.n_words,
            self.n_errors + other.n_errors,
            self.n_missing + other.n_missing,
        )


@dataclass(frozen=True, slots=True)
class RightReading:
    """``words[:n_read]`` in a person's order; behind them what the rule leaves out.

    ``row_starts`` are the indexes at which a row of left-out words begins.
    """

    words: tuple[str, ...]
    n_read: int
    row_starts: frozenset[int]


def load_rules(path: Path) -> list[Rule]:
    rules = json.loads(path.read_text(encoding="utf-8"))["files"]
    return [
        Rule(
            file=rule["file"],
            sha256=rule["sha256"],
            layout=rule["layout"],
            pages={
                int(page): [(box[0], box[1], box[2], box[3]) for box in boxes]
                for page, boxes in rule["pages"].items()
            },
        )
        for rule in rules
    ]


def right_reading(page: pdfplumber.page.Page, boxes: Sequence[Box]) -> RightReading:
    """Words of a page as ``boxes`` order them: rows from the top, words from the left."""
    parts: list[list[tuple[str, float, float]]] = [[] for _ in range(len(boxes) + 1)]
    for word in page.extract_words(x_tolerance_ratio=0.15, use_text_flow=False):
        text = letters_of(word["text"])
        x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
        inside = (i for i, box in enumerate(boxes) if box[0] <= x < box[2] and box[1] <= y < box[3])
        if text and word["upright"]:
            parts[next(inside, len(boxes))].append((text, x, y))
    read = [word for part in parts[:-1] for row in _rows(part) for word in row]
    words, row_starts = list(read), set()
    for row in _rows(parts[-1]):
        row_starts.add(len(words))
        words.extend(row)
    return RightReading(words=tuple(words), n_read=len(read), row_starts=frozenset(row_starts))


def _rows(words: list[tuple[str, float, float]], *, row_height: float = 4.0) -> list[list[str]]:
    rows: list[list[tuple[float, str]]] = []
    last = 0.0
    for text, x, y in sorted(words, key=lambda word: word[2]):
        if not rows or y - last > row_height:
            rows.append([])
            last = y
        rows[-1].append((x, text))
    return [[text for _, text in sorted(row)] for row in rows]


def letters_of(text: str) -> str:
    """Letters and digits alone, ligatures and accents in one form, without case."""
    plain = unicodedata.normalize("NFKC", _UNMAPPED.sub(" ", text)).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def count_errors(right: RightReading, output: str) -> Count:
    """Follow ``output`` through the right reading; each jump to another place is an error.

    A jump to or from words that the rule leaves out is none, nor one over words that the output
    holds nowhere. Letters that stand nowhere in the right reading are passed over.
    """
    follower = _Follower(right, letters_of(output))
    places = follower.follow()
    n_errors = sum(
        1
        for before, place in pairwise(places)
        if max(before, place) < right.n_read and place != follower.next_seen(before)
    )
    n_missing = sum(not seen for seen in follower.seen[: right.n_read])
    return Count(n_words=right.n_read, n_errors=n_errors, n_missing=n_missing)


class _Follower:
    def __init__(self, right: RightReading, stream: str) -> None:
        self._words = right.words
        self._starts = right.row_starts
        self._stream = stream
        self.seen = [False] * len(right.words)
        self._by_first_letter: dict[str, list[int]] = {}
        for index, word in enumerate(right.words):
            self._by_first_letter.setdefault(word[0], []).append(index)

    def follow(self) -> list[int]:
        """Indexes of the right reading's words in the order of the output."""
        places: list[int] = []
        at = 0
        while at < len(self._stream):
            current = places[-1] if places else -1
            found = self._find(at, current)
            if found is None:
                at += 1
                continue
            self.seen[found] = True
            at += len(self._words[found])
            places.append(found)
        return places

    def next_seen(self, index: int) -> int:
        index += 1
        while index < len(self.seen) and not self.seen[index]:
            index += 1
        return index

    def _find(self, at: int, current: int) -> int | None:
        """The word at this place of the stream: the next one, else where most letters go on."""
        following = current + 1
        if self._run(following, at, first=current) > 0:
            return following
        candidates = self._by_first_letter.get(self._stream[at], [])
        runs = {index: self._run(index, at) for index in candidates if not self.seen[index]}
        best = max(runs, key=lambda index: (runs[index], -abs(index - following)), default=None)
        if best is None or runs[best] == 0:
            return None
        if runs[best] < _SURE_LETTERS and self._goes_on(at, following):
            return None
        return best

    def _goes_on(self, at: int, following: int) -> bool:
        """Whether the reading goes on behind some letters that are no word of this page: icons."""
        return any(
            self._run(index, place) >= _SURE_LETTERS
            for place in range(at + 1, at + _ICON_LETTERS)
            for index in range(following, following + 3)
        )

    def _run(self, index: int, at: int, *, first: int | None = None) -> int:
        """Letters that agree from this word on, in whole words; at most a hundred."""
        start = at
        while index < len(self._words) and at - start < 100:
            breaks = index in self._starts and (at > start or first is not None)
            if breaks or not self._stream.startswith(self._words[index], at):
                break
            at += len(self._words[index])
            index += 1
        return at - start
