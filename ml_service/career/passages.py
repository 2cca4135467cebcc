"""Redacted lines gathered into passages that an encoder reads whole and a reader recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ml_service.domain.resume import RedactedLine, RedactedText

MAX_PASSAGE_TOKENS = 112
"""An estimate, so that the real count stays below the encoder's 256 even for odd text."""

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?,?"
_DAY_OR_MONTH = r"\d{1,2}(?:st|nd|rd|th)?[/.\-]|\d{1,2}/\d{1,2}/"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_POINT = rf"(?:(?:(?:{_MONTH}|{_DAY_OR_MONTH})\s*)?{_YEAR}|\d{{1,2}}/\d\d(?!\d))"
_NOW = r"(?:current|present|now|today|ongoing|till date|to date)"
DATE_RANGE = re.compile(
    rf"\(?{_POINT}\s*(?:-|–|—|to|until|till|through|ï¼|â€“)+\s*(?:{_POINT}|{_NOW})\b\)?",
    re.IGNORECASE,
)
ANY_DATE = re.compile(rf"\b{_POINT}(?!\d)|^\s*(?:to|{_NOW})\s*$", re.IGNORECASE)
ONE_DATE = re.compile(rf"^\W*{_POINT}\W*$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+|[^\w\s]")
_PIECE_LENGTH = 7
_HEADER_WORDS = 10


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more whole lines of one page; ``lines`` are their ``order``, ascending.

    ``header`` marks the lines that open a work or education entry: a title, an employer, dates.
    """

    text: str
    page: int
    lines: tuple[int, ...]
    header: bool = False


def split_into_passages(redacted: RedactedText) -> tuple[Passage, ...]:
    """Every line with text once, in reading order; no passage crosses a page."""
    lines = [line for line in redacted.lines if line.text.strip()]
    marks = mark_headers([line.text for line in lines])
    return tuple(_gather(zip(lines, marks, strict=True)))


def mark_headers(texts: list[str]) -> list[bool]:
    """Lines with a range of dates, or one date alone, and the short lines on both sides."""
    dated = [
        _is_short(text, 25)
        and _DIGIT.search(text) is not None
        and (DATE_RANGE.search(text) or ONE_DATE.match(text)) is not None
        for text in texts
    ]
    return [
        dated[at] or ((_at(dated, at - 1) or _at(dated, at + 1)) and _is_short(text, _HEADER_WORDS))
        for at, text in enumerate(texts)
    ]


def estimate_tokens(text: str) -> int:
    """Word pieces of ``text``, seldom below what the tokenizer counts."""
    return sum(1 + (len(word) - 1) // _PIECE_LENGTH for word in _WORD.findall(text))


def _at(flags: list[bool], at: int) -> bool:
    return 0 <= at < len(flags) and flags[at]


def _is_short(text: str, max_words: int) -> bool:
    return len(text.split()) <= max_words and not text.rstrip().endswith((".", ";"))


def _gather(marked: Iterable[tuple[RedactedLine, bool]]) -> Iterator[Passage]:
    open_lines: list[RedactedLine] = []
    open_header, tokens = False, 0
    for line, header in marked:
        size = estimate_tokens(line.text)
        full = tokens + size > MAX_PASSAGE_TOKENS
        if open_lines and (full or header != open_header or line.page != open_lines[-1].page):
            yield _passage(open_lines, header=open_header)
            open_lines, tokens = [], 0
        open_lines.append(line)
        open_header, tokens = header, tokens + size
    if open_lines:
        yield _passage(open_lines, header=open_header)


def _passage(lines: list[RedactedLine], *, header: bool) -> Passage:
    return Passage(
        text="\n".join(line.text for line in lines),
        page=lines[0].page,
        lines=tuple(line.order for line in lines),
        header=header,
    )
