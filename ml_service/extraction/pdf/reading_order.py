"""Words of a page -> lines in the order in which a person reads them.

Words become fragments (one line of one column), fragments are cut along the tallest vertical
gutter that none of them crosses, and what stands above, left, right and below of it is cut again:
an XY-cut (Nagy and Seth 1984) whose cuts start at shared left edges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ml_service.domain.document import Box
from ml_service.extraction.columns import count_columns
from ml_service.extraction.pdf.fragments import Fragment
from ml_service.extraction.pdf.glyphs import is_rtl
from ml_service.extraction.pdf.gutters import find_gutter
from ml_service.extraction.pdf.rows import fragments_of, rows_of, union
from ml_service.extraction.pdf.words import Word

_MAX_DEPTH = 16
_MAX_FRAGMENTS = 2_000
_DOUBTFUL_JUMPS = 0.2
_MIN_JUMPS = 4


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of one page; ``drawn`` is the place of its first word in the drawing order."""

    text: str
    box: Box
    column: int
    font_size: float
    bold: bool
    drawn: int


@dataclass(frozen=True, slots=True)
class PageOrder:
    """``doubtful``: the file draws its lines in an order that often disagrees with this one.

    The last ``n_turned`` lines are of text that was turned on its side or upside down.
    """

    lines: tuple[PlacedLine, ...]
    columns: int
    doubtful: bool
    n_turned: int = 0


def order_page(words: Sequence[Word]) -> PageOrder:
    """Lines of one page in reading order; text that was turned on its side comes last."""
    upright = [word for word in words if word.face.angle == 0]
    turned = [word for word in words if word.face.angle != 0]
    on_their_side = _turned_lines(turned)
    lines = _order(fragments_of(upright), column=0, depth=0) + on_their_side
    return PageOrder(
        lines=tuple(lines),
        columns=count_columns(line.column for line in lines),
        doubtful=_is_doubtful(lines),
        n_turned=len(on_their_side),
    )


def _is_doubtful(lines: Sequence[PlacedLine]) -> bool:
    """True where many neighbouring lines were not drawn one after the other."""
    ranks = {drawn: rank for rank, drawn in enumerate(sorted(line.drawn for line in lines))}
    jumps = sum(ranks[second.drawn] != ranks[first.drawn] + 1 for first, second in pairwise(lines))
    return jumps >= _MIN_JUMPS and jumps > _DOUBTFUL_JUMPS * len(lines)


def _order(fragments: Sequence[Fragment], *, column: int, depth: int) -> list[PlacedLine]:
    searched = depth < _MAX_DEPTH and len(fragments) <= _MAX_FRAGMENTS
    gutter = find_gutter(fragments) if searched else None
    if gutter is None:
        return _lines_by_row(fragments, column=column)
    above = _order(gutter.above, column=column, depth=depth + 1)
    left = _order(gutter.left, column=column, depth=depth + 1)
    next_column = max((line.column for line in left), default=column) + 1
    right = _order(gutter.right, column=next_column, depth=depth + 1)
    below = _order(gutter.below, column=column, depth=depth + 1)
    return above + left + right + below


def _lines_by_row(fragments: Sequence[Fragment], *, column: int) -> list[PlacedLine]:
    lines: list[PlacedLine] = []
    middle = sum(union([fragment.box for fragment in fragments])[::2]) / 2 if fragments else 0.0
    for row in rows_of([fragment.box for fragment in fragments]):
        parts = sorted((fragments[index] for index in row), key=lambda part: part.box[0])
        if len(parts) > 1 and parts[1].box[0] < middle and _is_label(parts[0], parts[1]):
            lines.append(_line(parts[0].words, column=column))
            parts = parts[1:]
        words = [word for part in parts for word in part.words]
        lines.append(_line(words, column=column))
    return lines


def _is_label(first: Fragment, second: Fragment) -> bool:
    """A section's name in a rail left of its text; a date there stays in its row."""
    set_off = first.words[0].face.bold or first.words[0].face.em > 1.1 * second.words[0].face.em
    has_digit = any(letter.isdigit() for word in first.words for letter in word.text)
    same_face = first.words[0].face.bold == second.words[0].face.bold
    return set_off and not has_digit and not same_face and len(first.words) <= 3


def _turned_lines(words: Sequence[Word]) -> list[PlacedLine]:
    """Words of turned text, one line for each stretch that is drawn in one direction."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if last is None or last.face != word.face or last.drawn + 1 != word.drawn:
            lines.append([])
        lines[-1].append(word)
    return [_line(line, column=0) for line in lines]


def _line(words: Sequence[Word], *, column: int) -> PlacedLine:
    texts = [word.text for word in words]
    bold = sum([len(word.text) for word in words if word.face.bold])
    rtl = sum([is_rtl(ord(text[0])) for text in texts if not text.isascii()])
    read = reversed(texts) if 2 * rtl > len(texts) else texts
    return PlacedLine(
        text=" ".join(read),
        box=union([word.box for word in words]),
        column=column,
        font_size=round(median([word.face.em for word in words]), 1),
        bold=2 * bold > sum(map(len, texts)),
        drawn=min([word.drawn for word in words]),
    )
