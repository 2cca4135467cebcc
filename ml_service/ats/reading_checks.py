"""Whether software can read the document at all, and in the right order."""

from __future__ import annotations

import re
from itertools import chain, islice

from ml_service.ats.rubric import (
    AGREEMENT_FULL,
    AGREEMENT_NONE,
    COLUMN_SHARES,
    LINES_BESIDE_FULL_LOSS,
    MANY_COLUMNS_SHARE,
    MIN_WORDS_TEXT_LAYER,
    UNCOMPARED_SHARE,
    UNREADABLE_SHARE_FULL,
    UNREADABLE_SHARE_NONE,
)
from ml_service.ats.submission import Finding, Submission, rising
from ml_service.ats.words import words_of
from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.resume import RedactedText

# What a reader says of pages and of their order.
_PAGE_WARNINGS = frozenset({"page_without_text", "page_unreadable"})
_ORDER_WARNING = "order_doubtful"

# Replacement character, private use (icon fonts), and glyph numbers that have no character.
_UNREADABLE = re.compile(r"\(cid:\d+\)|[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


def check_text_layer(submission: Submission) -> Finding:
    lines = _in_text_layer(submission.extracted)
    words = chain.from_iterable(words_of(line.text) for line in lines)
    if len(tuple(islice(words, MIN_WORDS_TEXT_LAYER))) < MIN_WORDS_TEXT_LAYER:
        fix = (
            "Export the resume as text from the program it was written in; a scan or a picture "
            "of it cannot be read."
        )
        return Finding(share=0.0, evidence=submission.evidence(_with_text(lines)), fix=fix)
    broken = [line for line in lines if _UNREADABLE.search(line.text)]
    readable = _readable_share(submission.redacted, broken)
    with_text = _pages_with_text_share(submission)
    if readable == 1.0 and with_text == 1.0:
        return Finding(share=1.0, evidence=submission.evidence(_first_of_pages(lines)))
    return Finding(
        share=min(readable, with_text),
        evidence=submission.evidence(line.order for line in broken),
        fix=_text_layer_fix(readable=readable, with_text=with_text),
    )


def _in_text_layer(extracted: ExtractedText) -> tuple[Line, ...]:
    """Without what was recognised in pictures: other software would find nothing there."""
    pictures = extracted.reading.ocr_pages
    return tuple(line for line in extracted.lines if line.page not in pictures)


def _readable_share(redacted: RedactedText, broken: list[Line]) -> float:
    n_characters = sum(len(_UNREADABLE.sub("", line.text)) for line in redacted.lines)
    n_unreadable = sum(len(_UNREADABLE.findall(line.text)) for line in broken)
    return rising(
        n_unreadable / max(1, n_characters + n_unreadable),
        none=UNREADABLE_SHARE_NONE,
        full=UNREADABLE_SHARE_FULL,
    )


def _pages_with_text_share(submission: Submission) -> float:
    """Only the reader can tell a page that is a picture from one that is empty."""
    extracted = submission.extracted
    reading = extracted.reading
    if not reading.ocr_pages and not _PAGE_WARNINGS.intersection(reading.warnings):
        return 1.0
    n_with_text = len({line.page for line in _in_text_layer(extracted) if line.text.strip()})
    return min(n_with_text, extracted.n_pages - 1) / extracted.n_pages


def _text_layer_fix(*, readable: float, with_text: float) -> str:
    steps = []
    if with_text < 1.0:
        steps.append("At least one page is a picture: replace it by a page of text.")
    if readable < 1.0:
        steps.append(
            "The lines shown hold characters that software cannot read: replace icons and "
            "special fonts by plain text."
        )
    return " ".join(steps)


def _first_of_pages(lines: tuple[Line, ...]) -> list[int]:
    firsts: dict[int, int] = {}
    for line in lines:
        if line.text.strip():
            firsts.setdefault(line.page, line.order)
    return list(firsts.values())


def _with_text(lines: tuple[Line, ...]) -> list[int]:
    return [line.order for line in lines if line.text.strip()]


def check_layout(submission: Submission) -> Finding:
    reading = submission.extracted.reading
    lines = submission.extracted.lines
    agreement = _agreement_share(reading)
    share = min(_columns_share(reading, lines), agreement)
    if share == 1.0:
        return Finding(share=1.0, evidence=submission.evidence(_first_of_pages(lines)))
    return Finding(
        share=share,
        evidence=submission.evidence(_first_of_further_columns(lines)),
        fix=_layout_fix(n_columns=reading.columns, agreement=agreement),
    )


def _columns_share(reading: Reading, lines: tuple[Line, ...]) -> float:
    """A list of skills in two columns loses little, a side bar all that its columns cost."""
    loss = 1.0 - COLUMN_SHARES.get(max(reading.columns, 1), MANY_COLUMNS_SHARE)
    beside = sum(line.column > 0 for line in lines) / len(lines)
    return 1.0 - loss * min(1.0, beside / LINES_BESIDE_FULL_LOSS)


def _agreement_share(reading: Reading) -> float:
    if reading.agreement is not None:
        return rising(reading.agreement, none=AGREEMENT_NONE, full=AGREEMENT_FULL)
    return UNCOMPARED_SHARE if _ORDER_WARNING in reading.warnings else 1.0


def _layout_fix(*, n_columns: int, agreement: float) -> str:
    steps = []
    if n_columns > 1:
        steps.append(
            f"Set the text in one column instead of {n_columns}: software that reads across the "
            "page mixes them."
        )
    if agreement < 1.0:
        steps.append(
            "The order of the lines is not certain to software: avoid tables, text boxes and side "
            "bars."
        )
    return " ".join(steps)


def _first_of_further_columns(lines: tuple[Line, ...]) -> list[int]:
    """The line at which each further column of each page begins."""
    firsts: dict[tuple[int, int], int] = {}
    for line in lines:
        if line.column > 0:
            firsts.setdefault((line.page, line.column), line.order)
    return list(firsts.values())
