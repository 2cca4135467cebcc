"""Pages drawn with reportlab, column after column or row by row across the columns."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.resume_factory.pages import Block, BlockKind, Page

Drawing = Literal["columns", "rows", "last_column_first"]

_FONTS: dict[BlockKind, tuple[str, float]] = {
    "name": ("Helvetica-Bold", 18),
    "headline": ("Helvetica", 12),
    "heading": ("Helvetica-Bold", 11),
    "head": ("Helvetica-Bold", 9),
    "subhead": ("Helvetica-Oblique", 9),
    "text": ("Helvetica", 9),
    "bullet": ("Helvetica", 9),
}
_NARROW = 0.93
_BEFORE: dict[BlockKind, float] = {"heading": 9, "bullet": 1, "text": 2}
_BEFORE_ENTRY = 6
_LEADING = 1.25
_MARGIN, _GAP, _INDENT = 42.0, 18.0, 10.0
_WIDTH, _HEIGHT = LETTER


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A piece of text with its baseline's start; ``column`` is 0 for what spans the page."""

    page: int
    column: int
    x: float
    y: float
    font: str
    size: float
    text: str


def draw_page(page: Page, *, bullet: str, drawing: Drawing) -> bytes:
    """A letter page, or more where a column is too long; each column goes on below itself."""
    strokes = list(_strokes(page, bullet="•" if bullet == "▪" else bullet))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER, invariant=1)
    for number in range(max(stroke.page for stroke in strokes) + 1):
        for stroke in _in_order([s for s in strokes if s.page == number], drawing):
            canvas.setFont(stroke.font, stroke.size)
            canvas.drawString(stroke.x, stroke.y, stroke.text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _in_order(strokes: list[_Stroke], drawing: Drawing) -> Iterable[_Stroke]:
    match drawing:
        case "columns":
            return sorted(strokes, key=lambda stroke: stroke.column)
        case "rows":
            return sorted(strokes, key=lambda stroke: (-stroke.y, stroke.x))
        case "last_column_first":
            return sorted(strokes, key=lambda stroke: -stroke.column)


def _strokes(page: Page, *, bullet: str) -> Iterator[_Stroke]:
    width = _WIDTH - 2 * _MARGIN
    top = _Column(0, _MARGIN, width, _HEIGHT - _MARGIN, bullet, scale=1.0)
    yield from top.write(page.top)
    usable = width - _GAP * (len(page.columns) - 1)
    scale = _NARROW if len(page.columns) > 2 else 1.0
    x = _MARGIN
    for number, (blocks, share) in enumerate(zip(page.columns, page.widths, strict=True), start=1):
        y = top.y - (6 if page.top else 0)
        column = _Column(number, x, usable * share, y, bullet, scale=scale)
        yield from column.write(blocks)
        x += usable * share + _GAP


@dataclass
class _Column:
    number: int
    x: float
    width: float
    y: float
    bullet: str
    scale: float
    page: int = 0

    def write(self, blocks: Iterable[Block]) -> Iterator[_Stroke]:
        for block in blocks:
            font, size = _FONTS[block.kind]
            size *= self.scale
            self.y -= _BEFORE_ENTRY if block.first else _BEFORE.get(block.kind, 0)
            if block.kind == "bullet":
                yield from self._bulleted(block.text, font, size)
            elif block.right:
                yield from self._with_right(block, font, size)
            else:
                yield from self._lines(block.text, font, size)

    def _lines(self, text: str, font: str, size: float) -> Iterator[_Stroke]:
        for line in simpleSplit(text, font, size, self.width):
            yield self._next_line(font, size, line)

    def _bulleted(self, text: str, font: str, size: float) -> Iterator[_Stroke]:
        lines = simpleSplit(text, font, size, self.width - _INDENT)
        for number, line in enumerate(lines):
            stroke = self._next_line(font, size, line, indent=_INDENT)
            if number == 0:
                yield _Stroke(stroke.page, self.number, self.x, stroke.y, font, size, self.bullet)
            yield stroke

    def _with_right(self, block: Block, font: str, size: float) -> Iterator[_Stroke]:
        taken = stringWidth(block.text, font, size)
        right = stringWidth(block.right, "Helvetica", size)
        if taken + right + 2 * _INDENT > self.width:
            yield from self._lines(block.text, font, size)
            yield from self._lines(block.right, "Helvetica", size)
            return
        yield self._next_line(font, size, block.text)
        x = self.x + self.width - right
        yield _Stroke(self.page, self.number, x, self.y, "Helvetica", size, block.right)

    def _next_line(self, font: str, size: float, text: str, *, indent: float = 0) -> _Stroke:
        self.y -= size * _LEADING
        if self.y < _MARGIN:
            self.page += 1
            self.y = _HEIGHT - _MARGIN - size
        return _Stroke(self.page, self.number, self.x + indent, self.y, font, size, text)
