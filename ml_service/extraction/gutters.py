"""Where a vertical gutter parts columns, and where it only parts a title from its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from ml_service.domain.document import Box
from ml_service.extraction.words import Word

_MIN_WIDTH = 3.0
_EDGE = 2.0
_MIN_FRAGMENTS = 3
_MIN_HEIGHT = 36.0
_ALIGNED = 0.75
_SPARSE = 0.6
_SHORT = 16
_FLUSH_LEFT = 0.5
_LARGER = 1.15


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of one line and one column; ``box`` in points from the page's upper left corner."""

    words: tuple[Word, ...]
    box: Box

    @property
    def em(self) -> float:
        return self.words[0].face.em

    @property
    def n_letters(self) -> int:
        return sum(len(word.text) for word in self.words)


@dataclass(frozen=True, slots=True)
class Gutter:
    """The four parts around it, in the order of reading; ``height`` is in points."""

    above: tuple[Fragment, ...]
    left: tuple[Fragment, ...]
    right: tuple[Fragment, ...]
    below: tuple[Fragment, ...]
    height: float


def find_gutter(fragments: Sequence[Fragment]) -> Gutter | None:
    """The tallest gutter with columns on both sides, None where the text is one column."""
    ordered = sorted(fragments, key=lambda fragment: fragment.box[1])
    found = [gutter for x in _edges(ordered) for gutter in _gutters_at(x, ordered)]
    columns = [gutter for gutter in found if _parts_columns(gutter)]
    return max(columns, key=lambda gutter: gutter.height, default=None)


def _edges(fragments: Sequence[Fragment]) -> list[float]:
    """Left edges that several fragments share: a column begins at one of them."""
    return [cluster[0] for cluster in _clusters(fragments)]


def _clusters(fragments: Sequence[Fragment]) -> list[list[float]]:
    lefts = sorted(fragment.box[0] for fragment in fragments)
    clusters: list[list[float]] = []
    for left in lefts:
        if clusters and left - clusters[-1][-1] <= _EDGE:
            clusters[-1].append(left)
        else:
            clusters.append([left])
    return [cluster for cluster in clusters if len(cluster) >= _MIN_FRAGMENTS]


def _gutters_at(x: float, ordered: Sequence[Fragment]) -> list[Gutter]:
    """One gutter for each stretch of lines that nothing crosses."""
    gutters: list[Gutter] = []
    start = 0
    for index in range(len(ordered) + 1):
        crosses = index < len(ordered) and (
            ordered[index].box[0] < x - _EDGE / 2 and ordered[index].box[2] > x - _MIN_WIDTH
        )
        if index < len(ordered) and not crosses:
            continue
        gutter = _gutter(x, ordered, start, index)
        if gutter is not None:
            gutters.append(gutter)
        start = index + 1
    return gutters


def _gutter(x: float, ordered: Sequence[Fragment], start: int, end: int) -> Gutter | None:
    """The gutter between ``start`` and ``end``, if both of its sides hold text side by side."""
    inside = ordered[start:end]
    n_joined = _joined_rows(x, inside)
    inside = inside[n_joined:]
    right = [fragment for fragment in inside if fragment.box[0] >= x - _EDGE / 2]
    left = [fragment for fragment in inside if fragment.box[0] < x - _EDGE / 2]
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
    edges = _edges(inside)
    joined = start = 0
    while start < len(inside):
        row = [part for part in inside[start:] if _is_beside(inside[start], part)]
        rights = [part.box[0] for part in row if part.box[0] >= x - _EDGE / 2]
        start += len(row)
        if not rights:
            continue
        if len(rights) == len(row) or any(abs(min(rights) - edge) <= _EDGE for edge in edges):
            break
        joined = start
    return joined


def _parts_columns(gutter: Gutter) -> bool:
    shared = sum(len(cluster) for cluster in _clusters(gutter.right))
    if shared < _FLUSH_LEFT * len(gutter.right):
        return False
    return not _is_one_table(gutter.left, gutter.right)


def _is_one_table(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """True where the sparser side only labels rows of the other: dates, places, section names."""
    body = _LARGER * median(fragment.em for fragment in (*left, *right))
    left = [fragment for fragment in left if fragment.em <= body]
    right = [fragment for fragment in right if fragment.em <= body]
    if not left or not right:
        return True
    fewer, more = (left, right) if len(left) <= len(right) else (right, left)
    aligned = sum(1 for f in fewer if any(_is_beside(f, other) for other in more))
    if aligned < _ALIGNED * len(fewer):
        return False
    is_sparse = len(fewer) <= _SPARSE * len(more)
    return is_sparse or mean(f.n_letters for f in fewer) < _SHORT or aligned == len(more)


def _is_beside(first: Fragment, second: Fragment) -> bool:
    """On one baseline, within a fifth of the smaller height."""
    height = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return abs(first.box[3] - second.box[3]) <= 0.2 * height


def _bottom(fragments: Sequence[Fragment]) -> float:
    return max(fragment.box[3] for fragment in fragments)
