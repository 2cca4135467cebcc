"""Cells that stand side by side, told by the order in which the file draws them.

Geometry alone cannot part two cards, or the cells of a table, whose rows are all aligned: read by
row they mix. A file that draws one cell to its end and then its neighbour says what belongs
together. Text that is drawn row by row gives no such sign and is left to geometry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ml_service.extraction.pdf.fragments import (
    EDGE,
    Fragment,
    Gutter,
    is_beside,
    is_level,
    left_clusters,
)

_MIN_ROWS = 2
_INDENT_EM = 1.5
_DATE_ROWS = 3
_SHORT = 16
_BANDS = 2
_MOST = 0.6


def find_cells(x: float, ordered: Sequence[Fragment], start: int, end: int) -> Iterator[Gutter]:
    """Neighbouring cells left and right of ``x`` among ``ordered[start:end]``.

    ``ordered`` is sorted by upper edge, and nothing between ``start`` and ``end`` crosses ``x``.
    """
    inside = ordered[start:end]
    for run, right in pairwise(_drawn_runs(x, inside)):
        if run[0].box[0] >= x - EDGE / 2:
            continue
        left = _beside(run, right)
        if not _are_cells(left, right) or _others_between(inside, left, right):
            continue
        yield _parted(ordered, left, right)


def _drawn_runs(x: float, inside: Sequence[Fragment]) -> list[list[Fragment]]:
    """Fragments as drawn, a new run where the drawing goes to the other side of ``x``."""
    runs: list[list[Fragment]] = []
    side = None
    for fragment in sorted(inside, key=lambda fragment: fragment.drawn):
        is_right = fragment.box[0] >= x - EDGE / 2
        if is_right is not side:
            runs.append([])
            side = is_right
        runs[-1].append(fragment)
    return runs


def _beside(left: Sequence[Fragment], right: Sequence[Fragment]) -> list[Fragment]:
    """What of ``left`` does not end above ``right``: headings over a cell are drawn with it."""
    top = min(fragment.box[1] for fragment in right)
    return [part for part in left if (part.box[1] + part.box[3]) / 2 > top]


def is_drawn_in_bands(x: float, inside: Sequence[Fragment]) -> bool:
    """Whether cells left and right of ``x`` take turns down the page: a rail beside its text.

    Text that is drawn row by row takes turns as well, but its turns are of one row.
    """
    runs = _drawn_runs(x, inside)
    bands = [
        (_beside(left, right) or left, right)
        for left, right in pairwise(runs)
        if left[0].box[0] < x - EDGE / 2
    ]
    if len(bands) < _BANDS:
        return False
    apart = all(
        _extent([*left, *right])[1] <= _extent(below)[0] + _INDENT_EM
        for (left, right), (below, _) in pairwise(bands)
    )
    level = sum(is_level(_first(left), _first(right)) for left, right in bands)
    tall = sum(max(_n_rows(left), _n_rows(right)) >= _MIN_ROWS for left, right in bands)
    return apart and level >= _MOST * len(bands) and 2 * tall >= len(bands)


def _are_cells(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """Several rows each, the first ones on one baseline, and no block of dates at the right."""
    if _n_rows(left) < _MIN_ROWS or _n_rows(right) < _MIN_ROWS:
        return False
    if not is_level(_first(left), _first(right)):
        return False
    return not _are_labels(left, right) and not _is_set_right(right)


def _first(fragments: Sequence[Fragment]) -> Fragment:
    """The leftmost of the first row."""
    top = min(fragments, key=lambda fragment: fragment.box[3])
    row = [fragment for fragment in fragments if is_beside(top, fragment)]
    return min(row, key=lambda fragment: fragment.box[0])


def _is_set_right(right: Sequence[Fragment]) -> bool:
    """Dates and places at the right edge belong to the rows beside them."""
    lefts = [fragment.box[0] for fragment in right]
    rights = [fragment.box[2] for fragment in right]
    if max(rights) - min(rights) <= EDGE < max(lefts) - min(lefts):
        return True
    letters = sum(fragment.n_letters for fragment in right)
    is_short = _n_rows(right) <= _DATE_ROWS and letters < _SHORT * len(right)
    if is_short and _first(right).has_digit:
        return True
    flush = sum(len(cluster) for cluster in left_clusters(right, least=_MIN_ROWS))
    indented = sum(left - min(lefts) > _INDENT_EM * right[0].em for left in lefts)
    return 2 * flush < len(right) and 2 * indented > len(right)


def _are_labels(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """Dates or set-off names, one for each row: a table, read row by row."""
    if any(not any(is_level(label, part) for part in right) for label in left):
        return False
    is_short = sum(fragment.n_letters for fragment in left) < _SHORT * len(left)
    bold = [fragment.words[0].face.bold for fragment in left]
    set_off = all(bold) and not any(fragment.words[0].face.bold for fragment in right)
    return is_short and (set_off or _first(left).has_digit)


def _n_rows(fragments: Sequence[Fragment]) -> int:
    rows: list[Fragment] = []
    for fragment in fragments:
        if not any(is_beside(fragment, row) for row in rows[-_MIN_ROWS:]):
            rows.append(fragment)
    return len(rows)


def _others_between(
    inside: Sequence[Fragment], left: Sequence[Fragment], right: Sequence[Fragment]
) -> bool:
    """Whether something else stands on the rows of the two cells."""
    top, bottom = _extent([*left, *right])
    own = {fragment.drawn for fragment in (*left, *right)}
    return any(
        fragment.drawn not in own and top < (fragment.box[1] + fragment.box[3]) / 2 < bottom
        for fragment in inside
    )


def _parted(
    ordered: Sequence[Fragment], left: Sequence[Fragment], right: Sequence[Fragment]
) -> Gutter:
    top, bottom = _extent([*left, *right])
    own = {fragment.drawn for fragment in (*left, *right)}
    others = [fragment for fragment in ordered if fragment.drawn not in own]
    return Gutter(
        above=tuple(part for part in others if (part.box[1] + part.box[3]) / 2 <= top),
        left=tuple(sorted(left, key=lambda fragment: fragment.box[1])),
        right=tuple(sorted(right, key=lambda fragment: fragment.box[1])),
        below=tuple(part for part in others if (part.box[1] + part.box[3]) / 2 > top),
        height=bottom - top,
    )


def _extent(fragments: Sequence[Fragment]) -> tuple[float, float]:
    return (
        min(fragment.box[1] for fragment in fragments),
        max(fragment.box[3] for fragment in fragments),
    )
