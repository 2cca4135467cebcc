"""How a page's words are painted: plainly, not at all, so that they may not show, or as symbols.

Some producers draw each letter as an object of its own, so calls go through plain addresses, as
in ``glyphs.py``, and only the first and the last letter of a word are looked at.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from ml_service.extraction.pdf.glyphs import Flags, Integers, address_of, bound

PLAIN, SUSPECT, INVISIBLE = 0, 1, 2

_MAX_OBJECTS = 500  # what lies behind text is drawn early; a page may hold thousands of letters
_LIGHT = 200
_NEAR = 12
_FAINT_ALPHA = 40
_MIN_WIDTH = 12.0
_MIN_HEIGHT = 5.0
_UNPAINTED_MODES = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_COLOUR_BYTES = 16

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
        self._text_page = address_of(text_page)
        self._text_object = bound(_OF_TWO, pdfium.FPDFText_GetTextObject)
        self._mode = bound(_OF_ONE, pdfium.FPDFTextObj_GetTextRenderMode)
        self._fill = bound(_FILL, pdfium.FPDFPageObj_GetFillColor)
        self._font = bound(_FONT_OF, pdfium.FPDFTextObj_GetFont)
        self._symbols: dict[int, str | None] = {}
        self._areas = self._area_colours(address_of(page))

    def of_words(self, firsts: Sequence[int], lasts: Sequence[int]) -> list[int]:
        """Paint of each word, told by its first and its last character.

        SUSPECT: light, faint, or in the colour of an area of the page.
        """
        paints = self._of(firsts)
        if not any(paints):
            return paints
        painted = [place for place, paint in enumerate(paints) if paint != PLAIN]
        of_lasts = self._of([lasts[place] for place in painted])
        for place, paint in zip(painted, of_lasts, strict=True):
            paints[place] = min(paints[place], paint)
        return paints

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

    def _of(self, indexes: Sequence[int]) -> list[int]:
        drawn = list(map(self._text_object, repeat(self._text_page), indexes))
        has_fill, colours = self._fills(drawn)
        suspect = has_fill & self._are_suspect(colours)
        unpainted = [mode in _UNPAINTED_MODES for mode in map(self._mode, drawn)]
        paints: list[int] = np.where(
            unpainted, INVISIBLE, np.where(suspect, SUSPECT, PLAIN)
        ).tolist()
        return paints

    def _fills(self, drawn: Sequence[int | None]) -> tuple[Flags, Integers]:
        """Whether each object has a fill, and its red, green, blue and alpha: shape (n, 4)."""
        colours = array("I", bytes(_COLOUR_BYTES * len(drawn)))
        start = colours.buffer_info()[0]
        end = start + _COLOUR_BYTES * len(drawn)
        targets = (range(start + 4 * part, end, _COLOUR_BYTES) for part in range(4))
        has_fill = np.array(list(map(self._fill, drawn, *targets)), dtype=np.bool_)
        return has_fill, np.array(colours, dtype=np.int64).reshape(-1, 4)

    def _are_suspect(self, colours: Integers) -> Flags:
        red_green_blue, alpha = colours[:, :3], colours[:, 3]
        suspect: Flags = (red_green_blue >= _LIGHT).all(axis=1) | (alpha < _FAINT_ALPHA)
        for area in self._areas:
            suspect |= (abs(red_green_blue - area) <= _NEAR).all(axis=1)
        return suspect

    def _area_colours(self, page: int) -> set[Colour]:
        """Colours of the page's filled paths that are large enough to hold letters."""
        object_at = bound(_OF_TWO, pdfium.FPDFPage_GetObject)
        kind_of = bound(_OF_ONE, pdfium.FPDFPageObj_GetType)
        count = bound(_OF_ONE, pdfium.FPDFPage_CountObjects)(page)
        objects = list(map(object_at, repeat(page), range(min(count, _MAX_OBJECTS))))
        kinds = map(kind_of, objects)
        paths = (
            one
            for one, kind in zip(objects, kinds, strict=True)
            if kind == pdfium.FPDF_PAGEOBJ_PATH
        )
        areas = [path for path in paths if _is_area(path)]
        _, colours = self._fills(areas)
        return {(red, green, blue) for red, green, blue, _ in colours.tolist()}


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
