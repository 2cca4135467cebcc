"""Where a vertical gutter parts columns, and where it only parts a title from its date."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import mean, median

from ml_service.extraction.pdf.drawn_cells import find_cells, is_drawn_in_bands
from ml_service.extraction.pdf.fragments import EDGE, Fragment, Gutter, is_beside, left_clusters

_MIN_WIDTH = 3.0
_MIN_FRAGMENTS = 3
_MIN_SHARING = 2
_MIN_CELLS = 4
_ROW_WORDS = 8
_MAJOR_EDGE = 0.25
_MIN_HEIGHT = 36.0
_ALIGNED = 0.75
_SPARSE = 0.6
_SHORT = 16
_FLUSH_LEFT = 0.5
_LARGER = 1.15


def find_gutter(fragments: Sequence[Fragment]) -> Gutter | None:
    """The tallest gutter with columns on both sides, None where the text is one column."""
    ordered = sorted(fragments, key=lambda fragment: fragment.box[1])
    columns: list[Gutter] = []
    for cluster in left_clusters(ordered, least=_MIN_SHARING):
        x = cluster[0]
        for start, end in _stretches(x, ordered):
            gutter = _gutter(x, ordered, start, end) if len(cluster) >= _MIN_FRAGMENTS else None
            if gutter is not None and _parts_columns(x, gutter):
                columns.append(gutter)
            else:
                columns.extend(find_cells(x, ordered, start, end))
    return max(columns, key=lambda gutter: gutter.height, default=None)


def _stretches(x: float, ordered: Sequence[Fragment]) -> Iterator[tuple[int, int]]:
    """Where nothing crosses ``x``: first index and the one behind the last."""
    start = 0
    for index in range(len(ordered) + 1):
        crosses = index < len(ordered) and (
            ordered[index].box[0] < x - EDGE / 2 and ordered[index].box[2] > x - _MIN_WIDTH
        )
        if index < len(ordered) and not crosses:
            continue
        while 0 < start < index and _goes_on(ordered[start - 1], ordered[start]):
            start += 1
        if index - start >= _MIN_CELLS:
            yield start, index
        start = index + 1


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
    if not header or max(f.em for f in header) <= max(f.em for f in left):
        return []
    return header


def _joined_rows(x: float, inside: Sequence[Fragment]) -> int:
    """How many fragments on top are rows that only happen to have a gap at ``x``: contact lines.

    There the part right of the gap starts anywhere; in a column it starts at a shared edge.
    """
    n_right = sum(1 for part in inside if part.box[0] >= x - EDGE / 2)
    least = max(_MIN_FRAGMENTS, math.ceil(_MAJOR_EDGE * n_right))
    edges = [x, *(cluster[0] for cluster in left_clusters(inside, least=least))]
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
    if _is_one_table(gutter.left, gutter.right):
        return False
    return not is_drawn_in_bands(x, (*gutter.left, *gutter.right))


def _is_one_table(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """True where the sparser side only labels rows of the other: dates, places, section names."""
    body = _LARGER * median(fragment.em for fragment in (*left, *right))
    left = [fragment for fragment in left if fragment.em <= body]
    right = [fragment for fragment in right if fragment.em <= body]
    if not left or not right:
        return True
    left, right = _row_heads(left), _row_heads(right)
    fewer, more = (left, right) if len(left) <= len(right) else (right, left)
    aligned = sum(1 for f in fewer if any(is_beside(f, other) for other in more))
    if aligned < _ALIGNED * len(fewer):
        return False
    is_sparse = len(fewer) <= _SPARSE * len(more)
    return is_sparse or mean(f.n_letters for f in fewer) < _SHORT or aligned == len(more)


def _row_heads(fragments: Sequence[Fragment]) -> list[Fragment]:
    """The first of each row's fragments."""
    heads: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda fragment: (fragment.box[3], fragment.box[0])):
        if not heads or not is_beside(heads[-1], fragment):
            heads.append(fragment)
    return heads


def _bottom(fragments: Sequence[Fragment]) -> float:
    return max(fragment.box[3] for fragment in fragments)
