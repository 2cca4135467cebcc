"""Pages that are pictures -> lines: rendered by PDFium, recognised, ordered like any other page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2

from ml_service.domain.document import Box, ExtractedText, Line, Reading
from ml_service.domain.errors import Corrupt, NoTextLayer
from ml_service.extraction.limits import OcrLimits
from ml_service.extraction.ocr.engine import OCR_ENGINE, RecogniseText, SeenText
from ml_service.extraction.pdf.glyphs import Face
from ml_service.extraction.pdf.reading_order import PlacedLine, order_page
from ml_service.extraction.pdf.words import Word

_DPI = 200
_POINTS_PER_INCH = 72
_LONGEST_SIDE_PX = 2_000  # the engine shrinks what is larger
_SMALLEST_CONFIDENCE = 0.5
_DOUBTFUL_BELOW = 0.85
_REFUSED_BELOW = 0.6
_MIN_LETTERS = 20
_EM_OF_BOX = 0.75
_NOTHING_RECOGNISED = (
    "The pages are pictures, and too little of them could be recognised. "
    "Export the resume from the program it was written in."
)


@dataclass(slots=True)
class _Recognised:
    """Lines by page, and the confidence of all that was seen, weighted by letters."""

    pages: dict[int, tuple[PlacedLine, ...]] = field(default_factory=dict)
    columns: int = 1
    letters: int = 0
    confidence: float = 0.0

    def add(self, page: int, seen: Sequence[SeenText], *, points_per_pixel: float) -> None:
        self.letters += sum(len(part.text) for part in seen)
        self.confidence += sum(len(part.text) * part.confidence for part in seen)
        sure = [part for part in seen if part.confidence >= _SMALLEST_CONFIDENCE]
        order = order_page(_words(sure, points_per_pixel))
        if order.lines:
            self.pages[page] = order.lines
            self.columns = max(self.columns, order.columns)

    @property
    def mean_confidence(self) -> float:
        return self.confidence / self.letters if self.letters else 0.0


def read_scans(
    content: bytes, text: ExtractedText | None, *, limits: OcrLimits, recognise: RecogniseText
) -> ExtractedText:
    """``text`` with the lines of its unread pages; of all pages where ``text`` is None.

    What lies beyond ``limits`` stays in ``unread_pages``. Raises Corrupt, and NoTextLayer where
    there is nothing to read beside pages of which too little was recognised.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Corrupt from error
    with closing(document):
        n_pages = len(document)
        numbers = range(1, n_pages + 1) if text is None else text.reading.unread_pages
        found = _recognise_pages(document, numbers, limits=limits, recognise=recognise)
    usable = found.mean_confidence >= _REFUSED_BELOW and _letters(found) >= _MIN_LETTERS
    if text is not None:
        return _completed(text, found) if usable else text
    if not usable:
        raise NoTextLayer(_NOTHING_RECOGNISED)
    reading = Reading(
        engine=OCR_ENGINE, agreement=None, columns=1, unread_pages=tuple(range(1, n_pages + 1))
    )
    return _completed(ExtractedText(lines=(), n_pages=n_pages, reading=reading), found)


def _recognise_pages(
    document: pypdfium2.PdfDocument,
    numbers: Sequence[int],
    *,
    limits: OcrLimits,
    recognise: RecogniseText,
) -> _Recognised:
    """No page is begun that could not be ended in time, going by the slowest so far."""
    found = _Recognised()
    started = time.monotonic()
    slowest_s = 0.0
    for number in numbers[: limits.max_pages]:
        begun = time.monotonic()
        if begun - started + 2 * slowest_s > limits.wall_s:
            break
        picture, points_per_pixel = _render(document, number)
        if picture is not None:
            found.add(number, recognise(picture), points_per_pixel=points_per_pixel)
        slowest_s = max(slowest_s, time.monotonic() - begun)
    return found


def _render(document: pypdfium2.PdfDocument, number: int) -> tuple[Any, float]:
    """Pixels of a page, None where PDFium cannot open it, and the points that one is wide."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        return None, 1.0
    with closing(page):
        longest = max(1.0, *page.get_size())
        scale = min(_DPI / _POINTS_PER_INCH, _LONGEST_SIDE_PX / longest)
        with closing(page.render(scale=scale, may_draw_forms=False)) as bitmap:
            return bitmap.to_numpy().copy(), 1 / scale


def _words(seen: Sequence[SeenText], points_per_pixel: float) -> list[Word]:
    """Words share the width of their stretch by the number of their letters."""
    words: list[Word] = []
    for part in seen:
        x0, top, x1, bottom = (edge * points_per_pixel for edge in part.box)
        em = max(1.0, _EM_OF_BOX * (bottom - top))
        face = Face(em=em, em_along=em, bold=False, angle=0, font=None)
        advance = (x1 - x0) / len(part.text)
        start = 0
        for text in part.text.split(" "):
            end = start + len(text)
            box: Box = (x0 + start * advance, top, x0 + end * advance, bottom)
            words.append(Word(text=text, box=box, face=face, drawn=len(words)))
            start = end + 1
    return words


def _letters(found: _Recognised) -> int:
    return sum(len(line.text) for lines in found.pages.values() for line in lines)


def _completed(text: ExtractedText, found: _Recognised) -> ExtractedText:
    by_page: dict[int, list[Line]] = {}
    for line in text.lines:
        by_page.setdefault(line.page, []).append(line)
    for page, placed in found.pages.items():
        by_page[page] = [_line(line, page) for line in placed]  # a page number, a watermark
    in_order = [line for page in sorted(by_page) for line in by_page[page]]
    lines = tuple(replace(line, order=order) for order, line in enumerate(in_order))
    return replace(text, lines=lines, reading=_reading(text.reading, found))


def _line(line: PlacedLine, page: int) -> Line:
    return Line(
        text=line.text,
        page=page,
        box=line.box,
        column=line.column,
        order=0,
        font_size=line.font_size,
    )


def _reading(before: Reading, found: _Recognised) -> Reading:
    unread = tuple(page for page in before.unread_pages if page not in found.pages)
    warnings = [warning for warning in before.warnings if warning != "page_without_text"]
    warnings.append("read_by_ocr")
    if found.mean_confidence < _DOUBTFUL_BELOW:
        warnings.append("ocr_doubtful")
    if unread:
        warnings.append("page_without_text")
    engine = before.engine if before.engine == OCR_ENGINE else f"{before.engine}+{OCR_ENGINE}"
    return replace(
        before,
        engine=engine,
        columns=max(before.columns, found.columns),
        warnings=tuple(warnings),
        ocr_pages=tuple(found.pages),
        ocr_confidence=round(found.mean_confidence, 4),
        unread_pages=unread,
    )
