"""PDF -> lines: PDFium's glyphs, our words and order, pdfminer where the order is doubtful."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ml_service.domain.document import ExtractedText, HiddenText, Line, Reading
from ml_service.domain.errors import (
    Corrupt,
    EmptyDocument,
    Encrypted,
    NoTextLayer,
    ParseMemory,
    TooManyPages,
)
from ml_service.extraction.pdf.agreement import better_reading
from ml_service.extraction.pdf.glyphs import Floats
from ml_service.extraction.pdf.reading_order import PageOrder, order_page
from ml_service.extraction.pdf.second_reading import read_with_pdfminer
from ml_service.extraction.pdf.visibility import part_hidden
from ml_service.extraction.pdf.words import build_words

_ENGINE = "pdfium"
_MAX_GLYPHS = 400_000
_MIN_LETTERS_A_PAGE = 20
_MAX_OBJECTS_LOOKED_AT = 2_000
_UNREADABLE = "\ufffd"
_UNREADABLE_SHARE = 0.1
_MIN_HIDDEN_WORDS = 3  # a page number that fell off the page hides nothing


@dataclass(frozen=True, slots=True)
class _Page:
    """``order`` is None where PDFium could not open the page."""

    order: PageOrder | None
    has_pictures: bool
    hidden: tuple[HiddenText, ...] = ()
    is_ocr_layer: bool = False


def read_pdf(content: bytes, *, max_pages: int, second_reading_s: float) -> ExtractedText:
    """Lines of a PDF in reading order.

    Raises Encrypted, Corrupt, TooManyPages, NoTextLayer, EmptyDocument or ParseMemory.
    """
    document = _open(content)
    if document is None:
        return _read_damaged(content, max_pages=max_pages, time_limit_s=second_reading_s)
    with closing(document):
        n_pages = len(document)
        if n_pages > max_pages:
            raise TooManyPages(f"The document has {n_pages} pages; at most {max_pages} are read.")
        pages = _read_pages(document, n_pages)
    _refuse_without_text(pages)
    text = _assemble(pages)
    if not any(page.order is not None and page.order.doubtful for page in pages):
        return text
    second = read_with_pdfminer(content, max_pages=max_pages, time_limit_s=second_reading_s)
    return better_reading(text, second, drawn=_drawn_order(pages))


def _open(content: bytes) -> pypdfium2.PdfDocument | None:
    """None where PDFium finds no document in it. Raises Encrypted."""
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Encrypted from error
        return None


def _read_damaged(content: bytes, *, max_pages: int, time_limit_s: float) -> ExtractedText:
    """pdfminer looks past some damage that PDFium does not forgive. Raises Corrupt."""
    text = read_with_pdfminer(content, max_pages=max_pages, time_limit_s=time_limit_s)
    if text is None or sum(len(line.text) for line in text.lines) < _MIN_LETTERS_A_PAGE:
        raise Corrupt
    return replace(text, reading=replace(text.reading, warnings=("damaged",)))


def _read_pages(document: pypdfium2.PdfDocument, n_pages: int) -> list[_Page]:
    pages: list[_Page] = []
    n_glyphs = 0
    for index in range(n_pages):
        try:
            page = document[index]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:
            pages.append(_Page(order=None, has_pictures=False))
            continue
        with closing(page), closing(text_page):
            n_glyphs += max(0, pdfium.FPDFText_CountChars(text_page.raw))
            if n_glyphs > _MAX_GLYPHS:
                raise ParseMemory
            pages.append(_read_page(page, text_page, number=index + 1))
    if all(page.order is None for page in pages):
        raise Corrupt
    return pages


def _read_page(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, *, number: int) -> _Page:
    words = build_words(page.raw, text_page.raw, place=_placing(page))
    seen = part_hidden(page, words, page_number=number)
    order = order_page(seen.words)
    empty = sum(len(line.text) for line in order.lines) < _MIN_LETTERS_A_PAGE
    return _Page(
        order=order,
        has_pictures=empty and _shows_something(page),
        hidden=seen.hidden,
        is_ocr_layer=seen.is_ocr_layer,
    )


def _placing(page: pypdfium2.PdfPage) -> Callable[[Floats], Floats]:
    """From PDF points to points from the upper left corner of the page as it is shown.

    Takes and gives left, lower, right and upper sides of any number of boxes, the upper side
    of the page becoming the lower number.
    """
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()

    def place(sides: Floats) -> Floats:
        x0, y0, x1, y1 = sides
        if rotation == 90:
            return np.array((y0 - bottom, x0 - left, y1 - bottom, x1 - left))
        if rotation == 180:
            return np.array((right - x1, y0 - bottom, right - x0, y1 - bottom))
        if rotation == 270:
            return np.array((top - y1, right - x1, top - y0, right - x0))
        return np.array((x0 - left, top - y1, x1 - left, top - y0))

    return place


def _shows_something(page: pypdfium2.PdfPage) -> bool:
    """True for a page with pictures, or with letters that were turned into outlines."""
    outlines = 0
    count = min(pdfium.FPDFPage_CountObjects(page.raw), _MAX_OBJECTS_LOOKED_AT)
    for index in range(count):
        kind = pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page.raw, index))
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            return True
        outlines += kind == pdfium.FPDF_PAGEOBJ_PATH
    return outlines > _MIN_LETTERS_A_PAGE


def _refuse_without_text(pages: list[_Page]) -> None:
    letters = sum(len(line.text) for page in pages if page.order for line in page.order.lines)
    if letters >= _MIN_LETTERS_A_PAGE:
        return
    if any(page.has_pictures for page in pages):
        raise NoTextLayer
    if letters == 0:
        raise EmptyDocument


def _assemble(pages: list[_Page]) -> ExtractedText:
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        for line in page.order.lines if page.order else ():
            lines.append(
                Line(
                    text=line.text,
                    page=number,
                    box=line.box,
                    column=line.column,
                    order=len(lines),
                    font_size=line.font_size,
                    bold=line.bold,
                )
            )
    columns = max((page.order.columns for page in pages if page.order), default=1)
    unread = (n for n, page in enumerate(pages, 1) if page.order is None or page.has_pictures)
    reading = Reading(
        engine=_ENGINE,
        agreement=None,
        columns=columns,
        warnings=_warnings(pages, lines),
        unread_pages=tuple(unread),
    )
    hidden = tuple(part for page in pages for part in page.hidden)
    return ExtractedText(lines=tuple(lines), n_pages=len(pages), reading=reading, hidden=hidden)


def _warnings(pages: list[_Page], lines: list[Line]) -> tuple[str, ...]:
    warnings = []
    if any(page.order is None for page in pages):
        warnings.append("page_unreadable")
    if any(page.has_pictures for page in pages):
        warnings.append("page_without_text")
    if any(page.order is not None and page.order.n_turned for page in pages):
        warnings.append("turned_text")
    if any(page.is_ocr_layer for page in pages):
        warnings.append("ocr_layer")
    n_hidden = sum(len(part.text.split()) for page in pages for part in page.hidden)
    if n_hidden >= _MIN_HIDDEN_WORDS:
        warnings.append(f"hidden_text:{n_hidden}")
    letters = sum(len(line.text) for line in lines)
    if sum(line.text.count(_UNREADABLE) for line in lines) > _UNREADABLE_SHARE * letters:
        warnings.append("letters_unreadable")
    return tuple(warnings)


def _drawn_order(pages: list[_Page]) -> list[str]:
    """Words in the order in which the file draws them: a third voice, independent of geometry."""
    words: list[str] = []
    for page in pages:
        for line in sorted(page.order.lines, key=lambda line: line.drawn) if page.order else ():
            words.extend(line.text.split())
    return words
