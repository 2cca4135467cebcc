"""Characters of a PDF page with their boxes, as PDFium placed them.

PDFium's own text drops a space that was drawn as a text object of its own, so words are rebuilt
from these boxes (``words.py``). Calls go through plain addresses: the wrappers of ``ctypes`` make
an object for each box, which costs more than PDFium's work.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from ml_service.domain.document import Box

_BOX_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_FLAG_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_CODE_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_FLOATS_IN_BOX = 4
_SOFT_HYPHEN = 0xAD
_FONT_NAME_BYTES = 128
_BOLD_WEIGHT = 600
_BLANK = frozenset({0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000})
_LIGATURES = {0x0B: 0xFB00, 0x0C: 0xFB01, 0x0E: 0xFB03, 0x0F: 0xFB04} | {
    0x1B: 0xFB00,
    0x1C: 0xFB01,
    0x1D: 0xFB02,
    0x1E: 0xFB03,
    0x1F: 0xFB04,
}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """``codes[i]`` is a Unicode code point, 0 for what PDFium made up itself.

    ``boxes`` are left, bottom, right, top in PDF points with y growing upward, zeros for blanks.
    A box holds the advance, the ink that hangs over it, and the height of the font.
    """

    codes: list[int]
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class Face:
    """``em`` is the font size in points on the page, ``angle`` the writing direction in degrees.

    ``em_along`` is the font size along the line, which differs where text is condensed; ``font``
    is PDFium's handle, valid while the page is open.
    """

    em: float
    em_along: float
    bold: bool
    angle: int
    font: Any


def read_glyphs(text_page: Any) -> Glyphs:
    """All characters of a PDFium text page in the order in which they are drawn."""
    count = max(0, pdfium.FPDFText_CountChars(text_page))
    address = ctypes.cast(text_page, ctypes.c_void_p).value
    boxes = array("f", bytes(_FLOATS_IN_BOX * 4 * count))
    start = boxes.buffer_info()[0]
    read_box = bound(_BOX_FUNCTION, pdfium.FPDFText_GetLooseCharBox)
    is_generated = bound(_FLAG_FUNCTION, pdfium.FPDFText_IsGenerated)
    codes = _read_codes(text_page, address, count)
    for index, code in enumerate(codes):
        if code not in _BLANK:
            read_box(address, index, start + 16 * index)
        if 0x20 < code < 0x7F:
            continue
        if code in _BLANK:
            codes[index] = 0 if is_generated(address, index) == 1 else 0x20
        elif code == _SOFT_HYPHEN:
            codes[index] = 0x2D
        elif code < 0x20 or code >= 0xFFFE:
            codes[index] = _resolve(text_page, index, code)
    lefts, tops, rights, bottoms = (boxes[side::4] for side in range(_FLOATS_IN_BOX))
    return Glyphs(codes=codes, boxes=list(zip(lefts, bottoms, rights, tops, strict=True)))


def _resolve(text_page: Any, index: int, code: int) -> int:
    """A hyphen at the end of a line, or a ligature of TeX's OT1 and T1 encodings left unmapped."""
    if pdfium.FPDFText_IsHyphen(text_page, index) == 1:
        return 0x2D
    return _LIGATURES.get(code, 0xFFFD)


def _read_codes(text_page: Any, address: int | None, count: int) -> list[int]:
    """One call for the whole page; one a character where a character is not one UTF-16 unit."""
    units = array("H", bytes(2 * (count + 1)))
    target = ctypes.cast(units.buffer_info()[0], ctypes.POINTER(ctypes.c_ushort))
    written = pdfium.FPDFText_GetText(text_page, 0, count, target)
    is_plain = max(units) < 0xD800 or not any(0xD800 <= unit < 0xE000 for unit in units)
    if written == count + 1 and is_plain:
        return units.tolist()[:count]
    read_code = bound(_CODE_FUNCTION, pdfium.FPDFText_GetUnicode)
    return [read_code(address, index) for index in range(count)]


def read_face(text_page: Any, index: int) -> Face:
    """Size, weight and direction of one glyph; a call costs as much as some ten boxes."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    size = abs(pdfium.FPDFText_GetFontSize(text_page, index))
    drawn = pdfium.FPDFText_GetTextObject(text_page, index)
    return Face(
        em=_positive(size * math.hypot(matrix.c, matrix.d)),
        em_along=_positive(size * math.hypot(matrix.a, matrix.b)),
        bold=_is_bold(text_page, index),
        angle=round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) % 4 * 90,
        font=pdfium.FPDFTextObj_GetFont(drawn) if drawn else None,
    )


def read_gap(text_page: Any, before: int, index: int, *, otherwise: float) -> float:
    """Exact gap between the glyphs ``before`` and ``index``, in font sizes.

    Boxes alone cannot tell it where ink hangs over the advance, as that of f and j does.
    """
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, before, x, y)
    start = (x.value, y.value)
    pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
    face = read_face(text_page, before)
    width = read_advance(face.font, pdfium.FPDFText_GetUnicode(text_page, before))
    if width is None:
        return otherwise
    return math.dist(start, (x.value, y.value)) / face.em_along - width


def read_advance(font: Any, code: int) -> float | None:
    """Advance of a character in units of the font size, None where the font does not say."""
    width = ctypes.c_float()
    if not font or not pdfium.FPDFFont_GetGlyphWidth(font, code, 1000.0, width):
        return None
    return width.value / 1000.0 if width.value > 0 else None


def _positive(length: float) -> float:
    return length if math.isfinite(length) and length > 0 else 1.0


def bound(kind: Callable[[int], Any], function: Any) -> Any:
    return kind(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _is_bold(text_page: Any, index: int) -> bool:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, flags)
    lowered = name.value.lower()
    named_bold = any(word in lowered for word in (b"bold", b"black", b"heavy", b"demi", b"cmbx"))
    return named_bold or pdfium.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT
