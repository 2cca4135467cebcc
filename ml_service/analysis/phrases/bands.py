"""The column that a line of a page stands in, and how far lines reach in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ml_service.domain.document import Box, Line

_OVERHANG = 3.0
_NEAR_EDGE = 0.12
_TELLING = 3
_GUTTER = 4.0
_MOST_SPANNING = 0.3


@dataclass(frozen=True, slots=True)
class Band:
    """``left`` to ``right`` is what its lines fill, in points; none may reach beyond ``limit``.

    ``telling``: so many lines come near to ``right`` that it is the edge of the column.
    """

    left: float
    right: float
    limit: float
    telling: bool


def find_bands(lines: Sequence[Line]) -> dict[int, Band]:
    """Bands by the order of the line, for lines of a page that stand beside another column.

    What spans several columns has none; neither has anything on a page of one column, or on one
    that only sets a list in two.
    """
    bands: dict[int, Band] = {}
    for _, page in groupby(lines, key=lambda line: line.page):
        placed = [line for line in page if line.box is not None]
        if len({line.column for line in placed}) > 1:
            alone = [line for line in placed if not _spans(_box(line), line.column, placed)]
            if len(placed) - len(alone) <= _MOST_SPANNING * len(placed):
                for _, run in groupby(alone, key=lambda line: line.column):
                    bands |= _bands_of(list(run), placed)
    return bands


def _spans(box: Box, column: int, placed: Sequence[Line]) -> bool:
    return any(
        other.column != column and box[0] + _OVERHANG < _box(other)[0] < box[2] - _OVERHANG
        for other in placed
    )


def _bands_of(run: Sequence[Line], placed: Sequence[Line]) -> dict[int, Band]:
    boxes = [_box(line) for line in run]
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    others = [_box(line) for line in placed if line.column != run[0].column]
    if not any(box[1] < bottom and box[3] > top for box in others):
        return {}
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    beyond = [box[0] - _GUTTER for box in others if box[0] > right]
    limit = min(beyond, default=math.inf)
    near = sum(box[2] >= right - _NEAR_EDGE * (right - left) for box in boxes)
    band = Band(left, right, limit, near >= _TELLING)
    return {line.order: band for line in run}


def _box(line: Line) -> Box:
    if line.box is None:
        raise ValueError("a line without geometry has no place on a page")
    return line.box
