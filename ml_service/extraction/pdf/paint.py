"""How a page's words are painted: plainly, not at all, so that they may not show, or as symbols.

Some producers draw each letter as an object of its own, so calls go through plain addresses, as
in ``glyphs.py``, and only the first and the last letter of a word are looked at.
"""

from __future__ import annotations

import ctypes
from array import array
from typing import Any

import pypdfium2.raw as pdfium

from ml_service.extraction.pdf.glyphs import bound

PLAIN, SUSPECT, INVISIBLE = 0, 1, 2

_MAX_OBJECTS = 500  # what lies behind text is drawn early; a page may hold thousands of letters
_LIGHT = 200
_NEAR = 12
_FAINT_ALPHA = 40
_MIN_WIDTH = 12.0
_MIN_HEIGHT = 5.0
_UNPAINTED_MODES = frozenset(
    {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
)

_FONT_NAME_BYTES = 128
_ICON_FONTS = (b"awesome", b"icons", b"icomoon", b"fontello", b"marvosym", b"webdings", b"iconfont")
_BULLET_FONTS = (b"wingdings", b"dingbats")
_BULLET = "\u2022"

Colour = tuple[int, int, int]


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_OF_TWO = ctypes.PYFUNCTYPE(_POINTER, _POINTER, _INT)
_OF_ONE = ctypes.PYFUNCTYPE(_INT, _POINTER)
_FONT_OF = ctypes.PYFUNCTYPE(_POINTER, _POINTER)
_FILL = ctypes.PYFUNCTYPE(_INT, *[_POINTER] * 5)


class Paints:
    """Paints of one page's characters; valid while the page is open."""

    def __init__(self, page: Any, text_page: Any) -> None:
        self._text_page = ctypes.cast(text_page, ctypes.c_void_p).value
        self._text_object = bound(_OF_TWO, pdfium.FPDFText_GetTextObject)
        self._mode = bound(_OF_ONE, pdfium.FPDFTextObj_GetTextRenderMode)
        self._fill = bound(_FILL, pdfium.FPDFPageObj_GetFillColor)
        self._font = bound(_FONT_OF, pdfium.FPDFTextObj_GetFont)
        self._symbols: dict[int, str | None] = {}
        self._colour = array("I", bytes(16))
        start = self._colour.buffer_info()[0]
        self._addresses = (start, start + 4, start + 8, start + 12)
        self._by_colour: dict[bytes, int] = {}
        self._areas = self._area_colours(ctypes.cast(page, ctypes.c_void_p).value)

    def of_word(self, first: int, last: int) -> int:
        """SUSPECT: light, faint, or in the colour of an area of the page."""
        paint = self._of(first)
        return min(paint, self._of(last)) if paint else PLAIN

    def symbol(self, first: int, last: int) -> str | None:
        """What a word of a symbol font says: a bullet, or nothing; None for a word of letters."""
        symbol = self._symbol_of(first)
        return None if symbol is None or self._symbol_of(last) is None else symbol

    def _symbol_of(self, index: int) -> str | None:
        drawn = self._text_object(self._text_page, index)
        font = self._font(drawn) if drawn else None
        if not font:
            return None
        if font not in self._symbols:
            self._symbols[font] = _symbol(font)
        return self._symbols[font]

    def _of(self, index: int) -> int:
        drawn = self._text_object(self._text_page, index)
        if not drawn:
            return PLAIN
        if self._mode(drawn) in _UNPAINTED_MODES:
            return INVISIBLE
        if not self._fill(drawn, *self._addresses):
            return PLAIN
        key = self._colour.tobytes()
        paint = self._by_colour.get(key)
        if paint is None:
            paint = self._by_colour[key] = self._paint()
        return paint

    def _paint(self) -> int:
        red, green, blue, alpha = self._colour
        if min(red, green, blue) >= _LIGHT or alpha < _FAINT_ALPHA:
            return SUSPECT
        colour = (red, green, blue)
        return SUSPECT if any(_is_near(colour, area) for area in self._areas) else PLAIN

    def _area_colours(self, page: int | None) -> set[Colour]:
        """Colours of the page's filled paths that are large enough to hold letters."""
        object_at = bound(_OF_TWO, pdfium.FPDFPage_GetObject)
        kind_of = bound(_OF_ONE, pdfium.FPDFPageObj_GetType)
        count = bound(_OF_ONE, pdfium.FPDFPage_CountObjects)(page)
        colours: set[Colour] = set()
        for index in range(min(count, _MAX_OBJECTS)):
            drawn = object_at(page, index)
            if kind_of(drawn) == pdfium.FPDF_PAGEOBJ_PATH and _is_area(drawn):
                self._fill(drawn, *self._addresses)
                colours.add((self._colour[0], self._colour[1], self._colour[2]))
        return colours


def _symbol(font: int) -> str | None:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    handle = ctypes.cast(font, pdfium.FPDF_FONT)
    pdfium.FPDFFont_GetBaseFontName(handle, name, _FONT_NAME_BYTES)
    lowered = name.value.lower()
    if any(part in lowered for part in _ICON_FONTS):
        return ""
    return _BULLET if any(part in lowered for part in _BULLET_FONTS) else None


def _is_area(drawn: int) -> bool:
    handle = ctypes.cast(drawn, pdfium.FPDF_PAGEOBJECT)
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, mode, stroke)
    edges = [ctypes.c_float() for _ in range(4)]
    if not mode.value or not pdfium.FPDFPageObj_GetBounds(handle, *edges):
        return False
    left, bottom, right, top = (edge.value for edge in edges)
    return right - left >= _MIN_WIDTH and top - bottom >= _MIN_HEIGHT


def _is_near(first: Colour, second: Colour) -> bool:
    return all(abs(one - other) <= _NEAR for one, other in zip(first, second, strict=True))
