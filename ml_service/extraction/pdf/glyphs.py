"""Characters of a PDF page with their boxes, as PDFium placed them.

PDFium's own text drops a space that was drawn as a text object of its own, so words are rebuilt
from these boxes (``words.py``). PDFium gives boxes one by one: its functions are called through
plain addresses and by ``map``, since the wrappers of ``ctypes`` cost more than PDFium's work.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_BOX_FUNCTION = ctypes.PYFUNCTYPE(_INT, _POINTER, _INT, _POINTER)
_PLACE_FUNCTION = ctypes.PYFUNCTYPE(_INT, _POINTER, _INT, _POINTER, _POINTER)
_FLAG_FUNCTION = ctypes.PYFUNCTYPE(_INT, _POINTER, _INT)
_CODE_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_uint, _POINTER, _INT)
_SIZE_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_double, _POINTER, _INT)
_OBJECT_FUNCTION = ctypes.PYFUNCTYPE(_POINTER, _POINTER, _INT)
_WIDTH_FUNCTION = ctypes.PYFUNCTYPE(_INT, _POINTER, ctypes.c_uint, ctypes.c_float, _POINTER)
_FONT_FUNCTION = ctypes.PYFUNCTYPE(_POINTER, _POINTER)
_BOX_BYTES = 16
_FAR = 1e9  # where letters of a broken matrix are said to be: off every page, yet a number
_SOFT_HYPHEN = 0xAD
_HYPHEN = 0x2D
_SPACE = 0x20
_FONT_NAME_BYTES = 128
_BOLD_WEIGHT = 600
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"demi", b"cmbx")
_BLANK = {0x09, 0x0A, 0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x3000,
          *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F}  # fmt: skip
_LIGATURES = {0x0B: 0xFB00, 0x0C: 0xFB01, 0x0E: 0xFB03, 0x0F: 0xFB04} | {
    0x1B: 0xFB00,
    0x1C: 0xFB01,
    0x1D: 0xFB02,
    0x1E: 0xFB03,
    0x1F: 0xFB04,
}

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The visible characters of a page in the order in which they are drawn.

    ``codes`` are Unicode code points and ``indexes`` PDFium's own, both of shape (n,). ``sides``
    is of shape (4, n): left, bottom, right and top in PDF points with y growing upward. A box
    holds the advance, the ink that hangs over it, and the height of the font. ``after_space``
    says whether a space was drawn before the character; ``space_share`` is that of drawn spaces
    among all characters, in [0, 1].
    """

    codes: Integers
    indexes: Integers
    sides: Floats
    after_space: Flags
    space_share: float


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """``em`` is the font size in points on the page, ``angle`` the writing direction in degrees.

    ``em_along`` is the font size along the line, which differs where text is condensed; ``font``
    is the address of PDFium's handle, valid while the page is open.
    """

    em: float
    em_along: float
    bold: bool
    angle: int
    font: int | None


def read_glyphs(text_page: Any) -> Glyphs:
    """All visible characters of a PDFium text page."""
    count = max(0, pdfium.FPDFText_CountChars(text_page))
    address = address_of(text_page)
    codes = _read_codes(text_page, address, count)
    rare = np.flatnonzero((codes <= _SPACE) | (codes >= 0x7F))
    is_blank = np.array([code in _BLANK for code in codes[rare].tolist()], dtype=np.bool_)
    blanks = rare[is_blank]
    for index in rare[~is_blank].tolist():
        codes[index] = _shown(text_page, index, int(codes[index]))
    is_generated = bound(_FLAG_FUNCTION, pdfium.FPDFText_IsGenerated)
    made_up = list(map(is_generated, repeat(address), blanks.tolist()))
    codes[blanks] = np.where(np.array(made_up) == 1, 0, _SPACE)
    indexes = np.flatnonzero(codes > _SPACE)
    spaces_so_far = np.cumsum(codes == _SPACE)
    return Glyphs(
        codes=codes[indexes],
        indexes=indexes,
        sides=_read_boxes(address, indexes.tolist()),
        after_space=np.diff(spaces_so_far[indexes], prepend=0) > 0,
        space_share=float(spaces_so_far[-1]) / count if count else 0.0,
    )


def _read_boxes(address: int, indexes: list[int]) -> Floats:
    boxes = array("f", bytes(_BOX_BYTES * len(indexes)))
    start = boxes.buffer_info()[0]
    targets = range(start, start + _BOX_BYTES * len(indexes), _BOX_BYTES)
    read_box = bound(_BOX_FUNCTION, pdfium.FPDFText_GetLooseCharBox)
    for _ in map(read_box, repeat(address), indexes, targets):
        pass
    left, top, right, bottom = np.array(boxes, dtype=np.float64).reshape(-1, 4).T
    return np.nan_to_num((left, bottom, right, top), nan=-_FAR, posinf=_FAR, neginf=-_FAR)


def _shown(text_page: Any, index: int, code: int) -> int:
    """A hyphen at the end of a line, or a ligature of TeX's OT1 and T1 encodings left unmapped.

    Half of a surrogate pair, as a map of letters can name it, is no letter.
    """
    if _SPACE < code < 0xFFFE and not 0xD800 <= code < 0xE000:
        return _HYPHEN if code == _SOFT_HYPHEN else code
    if pdfium.FPDFText_IsHyphen(text_page, index) == 1:
        return _HYPHEN
    return _LIGATURES.get(code, 0xFFFD)


def _read_codes(text_page: Any, address: int, count: int) -> Integers:
    """One call for the whole page; one a character where a character is not one UTF-16 unit."""
    units = array("H", bytes(2 * (count + 1)))
    target = ctypes.cast(units.buffer_info()[0], ctypes.POINTER(ctypes.c_ushort))
    written = pdfium.FPDFText_GetText(text_page, 0, count, target)
    codes = np.array(units, dtype=np.int64)[:count]
    if written == count + 1 and not ((codes >= 0xD800) & (codes < 0xE000)).any():
        return codes
    read_code = bound(_CODE_FUNCTION, pdfium.FPDFText_GetUnicode)
    return np.array(list(map(read_code, repeat(address), range(count))), dtype=np.int64)


class Faces:
    """Faces of one page's characters; valid while the page is open.

    A face costs as much as some ten boxes: whether a font is bold is asked once a font.
    """

    def __init__(self, text_page: Any) -> None:
        self._text_page = text_page
        self._address = address_of(text_page)
        self._matrix_of = bound(_BOX_FUNCTION, pdfium.FPDFText_GetMatrix)
        self._size_of = bound(_SIZE_FUNCTION, pdfium.FPDFText_GetFontSize)
        self._object_of = bound(_OBJECT_FUNCTION, pdfium.FPDFText_GetTextObject)
        self._font_of = bound(_FONT_FUNCTION, pdfium.FPDFTextObj_GetFont)
        self._width_of = bound(_WIDTH_FUNCTION, pdfium.FPDFFont_GetGlyphWidth)
        self._origin_of = bound(_PLACE_FUNCTION, pdfium.FPDFText_GetCharOrigin)
        self._matrix = array("f", bytes(6 * 4))
        self._origin = array("d", bytes(2 * 8))
        self._width = array("f", bytes(4))
        self._bold: dict[int | None, bool] = {}

    def at(self, index: int) -> Face:
        """Size, weight and direction of the character ``index`` of the page."""
        self._matrix_of(self._address, index, self._matrix.buffer_info()[0])
        a, b, c, d, _, _ = self._matrix
        size = abs(self._size_of(self._address, index))
        drawn = self._object_of(self._address, index)
        font = self._font_of(drawn) if drawn else None
        if font not in self._bold:
            self._bold[font] = _is_bold(self._text_page, index)
        return Face(
            em=_positive(size * math.hypot(c, d)),
            em_along=_positive(size * math.hypot(a, b)),
            bold=self._bold[font],
            angle=_quarter_turns(a, b) * 90,
            font=font,
        )

    def gap(self, before: int, index: int, *, otherwise: float) -> float:
        """Exact gap between the characters ``before`` and ``index``, in font sizes.

        Boxes alone cannot tell it where ink hangs over the advance, as that of f and j does.
        """
        face = self.at(before)
        width = self.advance(face.font, pdfium.FPDFText_GetUnicode(self._text_page, before))
        if width is None:
            return otherwise
        return math.dist(self._place(before), self._place(index)) / face.em_along - width

    def advance(self, font: int | None, code: int) -> float | None:
        """Of a character, in units of the font size, None where the font does not say."""
        if not font or not self._width_of(font, code, 1000.0, self._width.buffer_info()[0]):
            return None
        return self._width[0] / 1000.0 if self._width[0] > 0 else None

    def _place(self, index: int) -> tuple[float, float]:
        start = self._origin.buffer_info()[0]
        self._origin_of(self._address, index, start, start + 8)
        return (self._origin[0], self._origin[1])


def _quarter_turns(along: float, up: float) -> int:
    """Of the writing direction, counted from left to right; 0 where the matrix is none."""
    turn = math.atan2(up, along)
    return round(turn / (math.pi / 2)) % 4 if math.isfinite(turn) else 0


def is_rtl(code: int) -> bool:
    return 0x0590 <= code <= 0x08FF or 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF


def _positive(length: float) -> float:
    return length if math.isfinite(length) and length > 0 else 1.0


def address_of(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def bound(kind: Callable[[int], Any], function: Any) -> Any:
    """A function of PDFium that takes and gives plain addresses, ``kind`` being its signature."""
    return kind(address_of(function))


def _is_bold(text_page: Any, index: int) -> bool:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, flags)
    lowered = name.value.lower()
    named_bold = any(word in lowered for word in _BOLD_NAMES)
    return named_bold or pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
