"""Text that a file holds and a person does not see: found, left out of the lines, and told.

What is drawn in the colour of its background is decided by the picture: the page is rendered, and
a word without any contrast in its box is hidden. So white letters on a dark box stay text. Pages
without suspect words are never rendered.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ml_service.domain.document import HiddenReason, HiddenText
from ml_service.extraction.pdf.paint import INVISIBLE, PLAIN, SUSPECT
from ml_service.extraction.pdf.reading_order import order_page
from ml_service.extraction.pdf.words import Word

_TINY_EM = 2.0
_TINY_HEIGHT = 3.0
_OUTSIDE = 1.0
_CONTRAST = 24
_SCALE = 2.0
_LONGEST_SIDE_PX = 2_000
_OCR_SHARE = 0.8
_PICTURE_SHARE = 0.5
_MAX_OBJECTS_LOOKED_AT = 2_000
_REASONS: tuple[HiddenReason, ...] = ("invisible", "background", "tiny", "off_page")


@dataclass(frozen=True, slots=True)
class Seen:
    """``is_ocr_layer``: what is invisible lies under the picture of a scan and is its text."""

    words: list[Word]
    hidden: tuple[HiddenText, ...]
    is_ocr_layer: bool = False


def part_hidden(page: pypdfium2.PdfPage, words: Sequence[Word], *, page_number: int) -> Seen:
    """Words that a person sees, and lines of those that are hidden, with the reason."""
    width, height = page.get_size()
    if all(_is_plain(word, width, height) for word in words):
        return Seen(words=list(words), hidden=())
    is_ocr_layer = _is_ocr_layer(page, words, area=width * height)
    reasons = [_reason(word, width, height, is_ocr_layer=is_ocr_layer) for word in words]
    suspects = [i for i, word in enumerate(words) if word.paint == SUSPECT and reasons[i] is None]
    if suspects:
        picture = _Picture(page, max(width, height))
        for index in suspects:
            if not picture.has_contrast(words[index]):
                reasons[index] = "background"
    if not any(reasons):
        return Seen(words=list(words), hidden=(), is_ocr_layer=is_ocr_layer)
    visible = [word for word, reason in zip(words, reasons, strict=True) if reason is None]
    hidden = tuple(
        HiddenText(page=page_number, box=line.box, text=line.text, reason=kind)
        for kind in _REASONS
        for line in order_page([words[i] for i, r in enumerate(reasons) if r == kind]).lines
    )
    return Seen(words=visible, hidden=hidden, is_ocr_layer=is_ocr_layer)


def _is_plain(word: Word, width: float, height: float) -> bool:
    """Whether nothing about the word needs a closer look; true of nearly all."""
    x0, top, x1, bottom = word.box
    is_inside = x0 >= 0 and top >= 0 and x1 <= width and bottom <= height
    return is_inside and word.paint == PLAIN and word.face.em >= _TINY_EM


def _reason(word: Word, width: float, height: float, *, is_ocr_layer: bool) -> HiddenReason | None:
    x0, top, x1, bottom = word.box
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    if not (-_OUTSIDE <= x <= width + _OUTSIDE and -_OUTSIDE <= y <= height + _OUTSIDE):
        return "off_page"
    if word.paint == INVISIBLE:
        return None if is_ocr_layer else "invisible"
    if word.face.em < _TINY_EM and min(x1 - x0, bottom - top) < _TINY_HEIGHT:
        return "tiny"
    return None


def _is_ocr_layer(page: pypdfium2.PdfPage, words: Sequence[Word], *, area: float) -> bool:
    letters = sum(len(word.text) for word in words)
    invisible = sum(len(word.text) for word in words if word.paint == INVISIBLE)
    if invisible == 0 or invisible < _OCR_SHARE * letters:
        return False
    return _picture_area(page) >= _PICTURE_SHARE * area


def _picture_area(page: pypdfium2.PdfPage) -> float:
    """Square points of all pictures; a scan may come in strips."""
    area = 0.0
    edges = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MAX_OBJECTS_LOOKED_AT)):
        drawn = pdfium.FPDFPage_GetObject(page.raw, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        is_picture = kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
        if is_picture and pdfium.FPDFPageObj_GetBounds(drawn, *edges):
            left, bottom, right, top = (edge.value for edge in edges)
            area += (right - left) * (top - bottom)
    return area


class _Picture:
    """A page in shades of grey."""

    def __init__(self, page: pypdfium2.PdfPage, longest_side: float) -> None:
        self._scale = min(_SCALE, _LONGEST_SIDE_PX / max(1.0, longest_side))
        bitmap: Any = page.render(scale=self._scale, grayscale=True)
        self._stride, self._width, self._height = bitmap.stride, bitmap.width, bitmap.height
        self._shades = bytes(bitmap.buffer)
        bitmap.close()

    def has_contrast(self, word: Word) -> bool:
        x0, top, x1, bottom = (round(edge * self._scale) for edge in word.box)
        left, right = max(0, x0), min(self._width, x1 + 1)
        rows = range(max(0, top), min(self._height, bottom + 1))
        shades = [self._shades[y * self._stride + left : y * self._stride + right] for y in rows]
        inside = [row for row in shades if row]
        if not inside:
            return True
        return max(map(max, inside)) - min(map(min, inside)) >= _CONTRAST
