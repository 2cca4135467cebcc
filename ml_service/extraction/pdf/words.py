"""Words of a PDF page, rebuilt from the boxes of its glyphs.

A word ends at a drawn space, at a jump, or at a gap wider than ``SPACE_EM`` font sizes. Where even
the narrow gaps of a run are wider than that, it is letter-spaced and the limit follows its median.
Of the words of 100 real resumes 99.4 % equal pdfminer's this way; of PDFium's own text 63 %.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from ml_service.domain.document import Box
from ml_service.extraction.pdf.glyphs import (
    Face,
    Glyphs,
    read_advance,
    read_face,
    read_gap,
    read_glyphs,
)
from ml_service.extraction.pdf.paint import PLAIN, Paints

SPACE_EM = 0.07
_JUMP_EM = 1.2
_BACKWARD_EM = 0.6
_SAME_LINE_OVERLAP = 0.5
_BLANK = 0x20
_MANY = 6
_SOME = 4
_KERNING_EM = 0.12
_DRAWN_SPACES = 0.02
_ICON_LETTERS = 2
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0be\uf02d", "\u2022"))
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬆ": "st"}
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn"})
_DRAWN_OVER_EM = -0.2
_ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303"} | {
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˚": "\u030a",
    "¯": "\u0304",
    "˘": "\u0306",
}


@dataclass(frozen=True, slots=True)
class Word:
    """``box`` is in points from the page's upper left corner; ``drawn`` counts words as drawn.

    ``paint`` is one of those in ``paint.py``.
    """

    text: str
    box: Box
    face: Face
    drawn: int
    paint: int = PLAIN


_Glyph = tuple[int, float, bool, float, float, int]
"""Code, gap before it in font sizes, whether a space was drawn before it, left and right edge,
index on the page."""


@dataclass(slots=True)
class _Run:
    """Glyphs that follow one another on one baseline, turned so that they run left to right."""

    face: Face
    bottom: float
    top: float
    glyphs: list[_Glyph] = field(default_factory=list)


class _Widths:
    """Advances of characters in font sizes, asked once for each font."""

    def __init__(self) -> None:
        self._fonts: dict[int, dict[int, float]] = {}

    def of(self, font: Any) -> dict[int, float]:
        address = ctypes.cast(font, ctypes.c_void_p).value or 0 if font else 0
        return self._fonts.setdefault(address, {})


def build_words(text_page: Any, *, place: Callable[[Box], Box], page: Any = None) -> list[Word]:
    """Words of a PDFium text page in drawing order.

    ``place`` turns a PDF box into one from the page's upper left corner. Paints are read and
    icons left out where the PDFium ``page`` is given. A longer word of an icon font is kept,
    unless it is the icon's name ("phone:"): some files say with one icon what stands beside it.
    """
    glyphs = read_glyphs(text_page)
    paints = None if page is None else Paints(page, text_page)
    runs = _runs(text_page, glyphs)
    if glyphs.codes.count(_BLANK) < _DRAWN_SPACES * len(glyphs.codes):
        _measure_gaps(text_page, runs)
    words: list[Word] = []
    for run in runs:
        for text, box, (first, last) in _split(run):
            may_be_icon = len(text) <= _ICON_LETTERS or text.endswith(":")
            symbol = paints.symbol(first, last) if paints is not None and may_be_icon else None
            if symbol == "":
                continue
            turned = box if run.face.angle == 0 else _turned(box, 360 - run.face.angle)
            paint = PLAIN if paints is None else paints.of_word(first, last)
            words.append(Word(symbol or text, place(turned), run.face, len(words), paint))
    return words


def _runs(text_page: Any, glyphs: Glyphs) -> list[_Run]:
    """The inner loop of reading: most glyphs follow the one before in a box of the same height."""
    runs: list[_Run] = []
    run: _Run | None = None
    em = reach = run_bottom = run_top = left_before = right_before = 0.0
    is_turned = blank = False
    for index, (code, box) in enumerate(zip(glyphs.codes, glyphs.boxes, strict=True)):
        if code <= _BLANK:
            blank = blank or code == _BLANK
            continue
        left, bottom, right, top = _turned(box, run.face.angle) if is_turned and run else box
        follows = left_before <= left <= right_before + reach
        if follows and bottom == run_bottom and top == run_top:
            gap: float | None = (left - right_before) / em
        else:
            gap = None if run is None else _gap_em(run, left, bottom, right, top, code)
        if run is None or gap is None:
            face = read_face(text_page, index)
            is_turned, em, reach = face.angle != 0, face.em_along, _JUMP_EM * face.em_along
            left, bottom, right, top = _turned(box, face.angle) if is_turned else box
            run = _Run(face=face, bottom=bottom, top=top)
            runs.append(run)
            gap, run_bottom, run_top = 0.0, bottom, top
        run.glyphs.append((code, gap, blank, left, right, index))
        blank, left_before, right_before = False, left, right
    return runs


def _measure_gaps(text_page: Any, runs: Sequence[_Run]) -> None:
    """Where hardly a space is drawn, gaps tell words apart: look closer at those that may be one.

    Ink that hangs over an advance hides a gap; the advance itself shows it.
    """
    fonts = _Widths()
    for run in runs:
        widths = fonts.of(run.face.font)
        slack_before = 0.0
        for place, (code, gap, blank, left, right, index) in enumerate(run.glyphs):
            if code not in widths:
                widths[code] = read_advance(run.face.font, code) or 0.0
            slack = (right - left) / run.face.em_along - widths[code]
            before = run.glyphs[place - 1]
            if place > 0 and before[3:5] == (left, right):
                slack = 0.0  # a ligature: PDFium gives each of its letters the whole box
            elif place > 0 and not blank and gap <= SPACE_EM < gap + slack_before + slack:
                exact = read_gap(text_page, before[5], index, otherwise=gap)
                run.glyphs[place] = (code, exact, blank, left, right, index)
            slack_before = slack


def _gap_em(
    run: _Run, left: float, bottom: float, right: float, top: float, code: int
) -> float | None:
    """Gap to the glyph before in font sizes, None where a new run begins."""
    run_top, run_bottom = run.top, run.bottom
    overlap = (top if top < run_top else run_top) - (bottom if bottom > run_bottom else run_bottom)
    height, run_height = top - bottom, run_top - run_bottom
    if overlap <= _SAME_LINE_OVERLAP * (height if height < run_height else run_height):
        return None
    em = run.face.em_along
    _, _, _, left_before, right_before, _ = run.glyphs[-1]
    gap = left - right_before
    if gap < 0 and left < left_before - _BACKWARD_EM * em:
        if not is_rtl(code):
            return None
        gap = left_before - right
    gap /= em
    return gap if gap <= _JUMP_EM else None


def _turned(box: Box, angle: int) -> Box:
    """The box as it would be if its text ran from left to right."""
    x0, y0, x1, y1 = box
    if angle == 90:
        return (y0, -x1, y1, -x0)
    if angle == 180:
        return (-x1, -y1, -x0, -y0)
    return (-y1, x0, -y0, x1)


def _split(run: _Run) -> list[tuple[str, Box, tuple[int, int]]]:
    """Text, box, and first and last index on the page, of each word."""
    codes, gaps, blanks, lefts, rights, indexes = zip(*run.glyphs, strict=True)
    letters = "".join(map(chr, codes))
    starts = _word_starts(gaps, blanks)
    words: list[tuple[str, Box, tuple[int, int]]] = []
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        text = letters[start:end]
        if not text.isascii():
            text = _composed(text, gaps[start:end])
        if text:
            left, right = min(lefts[start:end]), max(rights[start:end])
            words.append(
                (text, (left, run.bottom, right, run.top), (indexes[start], indexes[end - 1]))
            )
    return words


def _word_starts(gaps: Sequence[float], blanks: Sequence[bool]) -> list[int]:
    count = len(gaps)
    if count >= _MANY and sum(blanks[1:]) >= 0.8 * (count - 1):
        # Typed as "J O H N   S M I T H": words are told by the wider gaps.
        limit = 1.5 * median(gaps[1:])
        return [0] + [i for i in range(1, count) if gaps[i] > limit]
    limit = _gap_limit(sorted([g for g, blank in zip(gaps, blanks, strict=True) if not blank][1:]))
    return [0] + [i for i in range(1, count) if blanks[i] or gaps[i] > limit]


def _gap_limit(close: Sequence[float]) -> float:
    """The plain limit, unless even narrow gaps of the run are wide: then it is letter-spaced.

    ``close`` are the gaps without a drawn space, in font sizes and in order of size.
    """
    narrow = close[len(close) // 4] if len(close) >= _SOME else 0.0
    if narrow <= SPACE_EM:
        return max(SPACE_EM, narrow + _KERNING_EM)
    return 1.5 * median(close) + SPACE_EM


def _composed(word: str, gaps: Sequence[float]) -> str:
    """Ligatures spelled out, accents joined to the letters below them, icons left out."""
    letters = list(word)
    if any(letter in _ACCENTS for letter in letters):
        letters = _with_accents(letters, gaps)
    text = "".join(_LIGATURES.get(letter, letter) for letter in letters).translate(_BULLETS)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE)
    return unicodedata.normalize("NFC", text)


def _with_accents(texts: list[str], gaps: Sequence[float]) -> list[str]:
    """TeX draws an accent and then the letter below it, which shows as a gap far below zero."""
    composed: list[str] = []
    waiting = ""
    for index, text in enumerate(texts):
        drawn_over = index + 1 < len(texts) and gaps[index + 1] < _DRAWN_OVER_EM
        if text in _ACCENTS and drawn_over:
            waiting = _ACCENTS[text]
            continue
        composed.append(text + waiting)
        waiting = ""
    return composed


def is_rtl(code: int) -> bool:
    return 0x0590 <= code <= 0x08FF or 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF
