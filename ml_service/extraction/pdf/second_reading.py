"""A second, independent reading: the layout analysis of pdfminer, under its own time limit."""

from __future__ import annotations

import io
import logging
import math
import signal
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTContainer, LTPage, LTTextLine
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from ml_service.domain.document import ExtractedText, Line, Reading

_ENGINE = "pdfminer"
_NO_LETTERS = frozenset({"Cc", "Cs"})
# What its parser raises on damaged files beside its own exceptions.
_FAILURES = (PDFException, PSException, ValueError, TypeError, LookupError, AttributeError,
             ArithmeticError, AssertionError, RecursionError, OSError)  # fmt: skip


class _OutOfTime(BaseException):
    """No ``Exception``: pdfminer catches those."""


def read_with_pdfminer(
    content: bytes, *, max_pages: int, time_limit_s: float
) -> ExtractedText | None:
    """Lines in pdfminer's order, None when it fails or takes longer than ``time_limit_s``.

    Runs in the main thread of a worker process only: the limit is a timer signal.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    lines: list[Line] = []
    n_pages = 0
    try:
        with _time_limit(time_limit_s):
            for page in extract_pages(io.BytesIO(content), maxpages=max_pages, laparams=LAParams()):
                n_pages += 1
                lines.extend(_lines(page, page_number=n_pages, first=len(lines)))
    except (_OutOfTime, *_FAILURES):
        return None
    if not lines:
        return None
    reading = Reading(engine=_ENGINE, agreement=None, columns=1)
    return ExtractedText(lines=tuple(lines), n_pages=n_pages, reading=reading)


def _lines(page: LTPage, *, page_number: int, first: int) -> list[Line]:
    lines: list[Line] = []
    for part in _text_lines(page):
        text = _written(part.get_text())
        box = (part.x0, page.height - part.y1, part.x1, page.height - part.y0)
        if text and all(map(math.isfinite, box)):
            lines.append(
                Line(text=text, page=page_number, box=box, column=0, order=first + len(lines))
            )
    return lines


def _written(text: str) -> str:
    """Without control characters and halves of surrogate pairs, which a map of letters can name."""
    kept = (mark if unicodedata.category(mark) not in _NO_LETTERS else " " for mark in text)
    return " ".join("".join(kept).split())


def _text_lines(part: object) -> Iterator[LTTextLine]:
    if isinstance(part, LTTextLine):
        yield part
    elif isinstance(part, LTContainer):
        for inner in part:
            yield from _text_lines(inner)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
