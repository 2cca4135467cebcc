"""Words -> rows, and rows -> fragments: what stands together on one line of one column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ml_service.domain.document import Box
from ml_service.extraction.pdf.fragments import EDGE, Fragment, left_clusters
from ml_service.extraction.pdf.words import Word

_FRAGMENT_GAP_EM = 1.0
_COLUMN_GAP_EM = 0.6
_OVERPRINT_EM = 0.05
_BULLET_GAP_EM = 4.0
_FEW_WORDS = 3
_MIN_STARTS = 3
_SAME_ROW_OVERLAP = 0.5
_BULLETS = frozenset("•●○◦▪■□▸►➢➤✓✔·‣⁃-–—")


def fragments_of(words: Sequence[Word]) -> list[Fragment]:
    """Neighbours on one row, parted where the gap is wider than a space between words.

    A narrower gap parts them as well where other lines begin right behind it: a column whose
    neighbour is full, or whose neighbour prints over its edge.
    """
    parts = [part for row in _rows_of_words(words) for part in _parted(row)]
    starts = [_fragment(part) for part in parts]
    edges = [sum(edge) / len(edge) for edge in left_clusters(starts, least=_MIN_STARTS)]
    fragments: list[Fragment] = []
    for start in starts:
        inner = _edges_within(edges, start.words)
        pieces = list(_parted_at(inner, start.words)) if inner else []
        fragments.extend(map(_fragment, pieces) if len(pieces) > 1 else [start])
    return fragments


def rows_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Indexes of boxes that stand on one row, rows from top to bottom."""
    by_top = sorted(range(len(boxes)), key=lambda index: (boxes[index][1] + boxes[index][3]) / 2)
    rows: list[list[int]] = []
    top = bottom = 0.0
    for index in by_top:
        _, box_top, _, box_bottom = boxes[index]
        if rows and top == box_top < box_bottom == bottom:  # as of most words: no need to compare
            rows[-1].append(index)
            continue
        overlap = min(bottom, box_bottom) - max(top, box_top)
        if rows and overlap > _SAME_ROW_OVERLAP * min(bottom - top, box_bottom - box_top):
            rows[-1].append(index)
        else:
            rows.append([index])
            top, bottom = box_top, box_bottom
    return rows


def union(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _rows_of_words(words: Sequence[Word]) -> Iterator[list[Word]]:
    for row in rows_of([word.box for word in words]):
        yield sorted((words[index] for index in row), key=lambda word: word.box[0])


def _parted(row: Sequence[Word]) -> Iterator[list[Word]]:
    part = [row[0]]
    for left, right in pairwise(row):
        gap = _gap_em(left, right)
        bullet = gap > _FRAGMENT_GAP_EM and len(part) == 1 and left.text in _BULLETS
        if gap > (_BULLET_GAP_EM if bullet else _FRAGMENT_GAP_EM):
            yield part
            part = []
        part.append(right)
    yield part


def _edges_within(edges: Sequence[float], part: Sequence[Word]) -> list[float]:
    """Those that a word behind the first may begin at, and some near them."""
    if len(part) == 1:
        return []
    first, last = part[1].box[0] - 2 * EDGE, part[-1].box[0] + 2 * EDGE
    return [edge for edge in edges if first <= edge <= last]


def _parted_at(edges: Sequence[float], part: Sequence[Word]) -> Iterator[list[Word]]:
    piece = [part[0]]
    for left, right in pairwise(part):
        gap = _gap_em(left, right)
        bullet = len(piece) == 1 and left.text in _BULLETS
        apart = gap > _COLUMN_GAP_EM or gap < -_OVERPRINT_EM or not _are_drawn_together(left, right)
        if apart and not bullet and any(abs(right.box[0] - edge) <= EDGE for edge in edges):
            yield piece
            piece = []
        piece.append(right)
    yield piece


def _are_drawn_together(left: Word, right: Word) -> bool:
    return 0 < right.drawn - left.drawn <= _FEW_WORDS


def _gap_em(left: Word, right: Word) -> float:
    em = left.face.em_along
    if right.face is not left.face:
        em = max(em, right.face.em_along)
    return (right.box[0] - left.box[2]) / em


def _fragment(words: Sequence[Word]) -> Fragment:
    return Fragment(words=tuple(words), box=union([word.box for word in words]))
