"""Where a vertical gutter parts columns, and where it only parts a title from its date."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import mean, median

from ml_service.extraction.pdf.drawn_cells import find_cells, is_drawn_in_bands
from ml_service.extraction.pdf.fragments import (
    EDGE,
    Fragment,
    Gutter,
    is_beside,
    is_level,
    left_clusters,
)

_MIN_WIDTH = 3.0
_MIN_FRAGMENTS = 3
_MIN_SHARING = 2
_MIN_CELLS = 4
_ROW_WORDS = 8
_MAJOR_EDGE = 0.25
_INDENT_EM = 2.5
_MIN_HEIGHT = 36.0
_ALIGNED = 0.75
_SPARSE = 0.6
_SHORT = 16
_FLUSH_LEFT = 0.5
_LARGER = 1.15
_NAME = 1.05
_DATED = 0.34
_LEADING = 1.7
_ADDRESS = re.compile(r"[@/]")


def find_gutter(fragments: Sequence[Fragment]) -> Gutter | None:
    """The tallest gutter with columns on both sides, None where the text is one column."""
    ordered = sorted(fragments, key=lambda fragment: fragment.box[1])
    columns: list[Gutter] = []
    cells: list[Gutter] = []
    for cluster in left_clusters(ordered, least=_MIN_SHARING):
        x = cluster[0]
        for start, end in _stretches(x, ordered):
            gutter = _gutter(x, ordered, start, end) if len(cluster) >= _MIN_FRAGMENTS else None
            if gutter is not None and _parts_columns(x, gutter):
                columns.append(gutter)
            else:
                cells.extend(find_cells(x, ordered, start, end))
    return _tallest(columns, cells)


def _tallest(columns: Sequence[Gutter], cells: Sequence[Gutter]) -> Gutter | None:
    """Cells within a taller column are parts of it: there only what they share counts."""
    column = max(columns, key=lambda gutter: gutter.height, default=None)
    cell = max(cells, key=lambda gutter: gutter.height, default=None)
    if column is None or cell is None:
        return column or cell
    shared = min(_bottom(cell.left), _bottom(cell.right)) - max(_top(cell.left), _top(cell.right))
    return cell if cell.height > column.height and shared > column.height / 2 else column


def _stretches(x: float, ordered: Sequence[Fragment]) -> Iterator[tuple[int, int]]:
    """Where nothing crosses ``x``: first index and the one behind the last."""
    start = 0
    for index in range(len(ordered) + 1):
        if index < len(ordered) and not _crosses(x, ordered[index]):
            continue
        while 0 < start < index and _goes_on(ordered[start - 1], ordered[start]):
            start += 1
        if index - start >= _MIN_CELLS:
            yield start, index
        start = index + 1


def _crosses(x: float, fragment: Fragment) -> bool:
    """An address that is too long for its column prints over the gutter and is no part of it."""
    if fragment.box[0] >= x - EDGE / 2 or fragment.box[2] <= x - _MIN_WIDTH:
        return False
    return not (len(fragment.words) == 1 and _ADDRESS.search(fragment.words[0].text))


def _goes_on(crossing: Fragment, part: Fragment) -> bool:
    """Whether ``part`` is drawn as the rest of a row of which something crosses the gutter."""
    return is_beside(crossing, part) and 0 < part.drawn - crossing.words[-1].drawn <= _ROW_WORDS


def _gutter(x: float, ordered: Sequence[Fragment], start: int, end: int) -> Gutter | None:
    """The gutter between ``start`` and ``end``, if both of its sides hold text side by side."""
    inside = ordered[start:end]
    n_joined = _joined_rows(x, inside)
    inside = inside[n_joined:]
    right = [fragment for fragment in inside if fragment.box[0] >= x - EDGE / 2]
    left = [fragment for fragment in inside if fragment.box[0] < x - EDGE / 2]
    if len(left) < _MIN_FRAGMENTS or len(right) < _MIN_FRAGMENTS:
        return None
    header = _header(left, right)
    right = right[len(header) :]
    if len(right) < _MIN_FRAGMENTS:
        return None
    height = min(_bottom(left), _bottom(right)) - max(left[0].box[1], right[0].box[1])
    if height < _MIN_HEIGHT:
        return None
    return Gutter(
        above=(*ordered[: start + n_joined], *header),
        left=tuple(left),
        right=tuple(right),
        below=tuple(ordered[end:]),
        height=height,
    )


def _header(left: Sequence[Fragment], right: Sequence[Fragment]) -> list[Fragment]:
    """What stands right and above of the left column, if the largest letters (a name) are there."""
    header = [fragment for fragment in right if fragment.box[3] <= left[0].box[1]]
    if not header or max(f.em for f in header) <= _NAME * max(f.em for f in left):
        return []
    return header


def _joined_rows(x: float, inside: Sequence[Fragment]) -> int:
    """How many fragments on top are rows that only happen to have a gap at ``x``: contact lines.

    There the part right of the gap starts anywhere; in a column it starts at a shared edge.
    """
    n_right = sum(1 for part in inside if part.box[0] >= x - EDGE / 2)
    least = max(_MIN_FRAGMENTS, math.ceil(_MAJOR_EDGE * n_right))
    edges = [x, *(cluster[0] for cluster in left_clusters(inside, least=least))]
    indented = (cluster[0] for cluster in left_clusters(inside, least=_MIN_SHARING))
    edges += [edge for edge in indented if x < edge <= x + _INDENT_EM * inside[0].em]
    joined = start = 0
    while start < len(inside):
        row = [part for part in inside[start:] if is_beside(inside[start], part)]
        rights = [part.box[0] for part in row if part.box[0] >= x - EDGE / 2]
        start += len(row)
        if not rights:
            continue
        if len(rights) == len(row) or any(abs(min(rights) - edge) <= EDGE for edge in edges):
            break
        joined = start
    return joined


def _parts_columns(x: float, gutter: Gutter) -> bool:
    shared = sum(len(part) for part in left_clusters(gutter.right, least=_MIN_FRAGMENTS))
    if shared < _FLUSH_LEFT * len(gutter.right):
        return False
    if _is_one_table(gutter.left, gutter.right) or _begins_with_dates(x, gutter):
        return False
    return not is_drawn_in_bands(x, (*gutter.left, *gutter.right))


def _begins_with_dates(x: float, gutter: Gutter) -> bool:
    """Where only the dates of rows at the left stand at ``x``, the column begins behind them."""
    at_edge = [part for part in gutter.right if abs(part.box[0] - x) <= EDGE]
    if len(gutter.right) - len(at_edge) < _MIN_FRAGMENTS:
        return False
    dates = (part.has_digit and part.n_letters < _SHORT for part in at_edge)
    rows = (any(is_level(part, other) for other in gutter.left) for part in at_edge)
    return all(dates) and all(rows)


def _is_one_table(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """True where the sparser side only labels rows of the other: dates, places, section names."""
    body = _LARGER * median(fragment.em for fragment in (*left, *right))
    sides = [_row_heads([part for part in side if part.em <= body]) for side in (left, right)]
    if not all(sides):
        return True
    fewer, more = sorted(sides, key=len)
    aligned = sum(1 for f in fewer if any(is_beside(f, other) for other in more))
    if aligned < _ALIGNED * len(fewer):
        return False
    side = left if fewer is sides[0] else right
    n_headings = sum(part.em > body or _is_in_capitals(part) for part in side)
    if _is_column_of_its_own(fewer, n_headings=n_headings):
        return False
    is_sparse = len(fewer) <= _SPARSE * len(more)
    return is_sparse or mean(f.n_letters for f in fewer) < _SHORT or aligned == len(more)


def _is_in_capitals(part: Fragment) -> bool:
    return all(word.face.bold and word.text.isupper() for word in part.words)


def _is_column_of_its_own(rows: Sequence[Fragment], *, n_headings: int) -> bool:
    """Headings with text below: names of sections alone, or dates below them, are labels."""
    dated = sum(row.has_digit and row.n_letters < _SHORT for row in rows)
    if not n_headings or dated > _DATED * len(rows):
        return False
    return 1 < n_headings <= len(rows) or _is_running_text(rows)


def _is_running_text(heads: Sequence[Fragment]) -> bool:
    """Lines close below one another, long ones: dates and places stand by ones and twos."""
    longest = run = 1
    for above, below in pairwise(heads):
        run = run + 1 if below.box[3] - above.box[3] <= _LEADING * below.em else 1
        longest = max(longest, run)
    return longest >= _MIN_FRAGMENTS and mean(f.n_letters for f in heads) >= _SHORT


def _row_heads(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The first of each row's fragments."""
    heads: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda fragment: (fragment.box[3], fragment.box[0])):
        if not heads or not is_beside(heads[-1], fragment):
            heads.append(fragment)
    return heads


def _bottom(fragments: Sequence[Fragment]) -> float:
    return max(fragment.box[3] for fragment in fragments)


def _top(fragments: Sequence[Fragment]) -> float:
    return min(fragment.box[1] for fragment in fragments)
