"""Pieces of lines, and how a gutter parts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.domain.document import Box
from ml_service.extraction.pdf.words import Word

_LEVEL = 0.7
EDGE = 2.0
"""Points within which two left edges are one."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words of one line and one column; ``box`` in points from the page's upper left corner."""

    words: tuple[Word, ...]
    box: Box

    @property
    def em(self) -> float:
        return self.words[0].face.em

    @property
    def drawn(self) -> int:
        return self.words[0].drawn

    @property
    def n_letters(self) -> int:
        return sum(len(word.text) for word in self.words)

    @property
    def has_digit(self) -> bool:
        return any(letter.isdigit() for word in self.words for letter in word.text)


@dataclass(frozen=True, slots=True)
class Gutter:
    """The four parts around it, in the order of reading; ``height`` is in points."""

    above: tuple[Fragment, ...]
    left: tuple[Fragment, ...]
    right: tuple[Fragment, ...]
    below: tuple[Fragment, ...]
    height: float


def left_clusters(fragments: Sequence[Fragment], *, least: int) -> list[list[float]]:
    """Left edges that at least ``least`` fragments share, each with its members."""
    clusters: list[list[float]] = []
    for left in sorted(fragment.box[0] for fragment in fragments):
        if clusters and left - clusters[-1][-1] <= EDGE:
            clusters[-1].append(left)
        else:
            clusters.append([left])
    return [cluster for cluster in clusters if len(cluster) >= least]


def is_beside(first: Fragment, second: Fragment) -> bool:
    """On one baseline, within a fifth of the smaller height."""
    height = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return abs(first.box[3] - second.box[3]) <= 0.2 * height


def is_level(first: Fragment, second: Fragment) -> bool:
    """On one row, though the letters may differ in size."""
    overlap = min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])
    height = min(first.box[3] - first.box[1], second.box[3] - second.box[1])
    return overlap >= _LEVEL * height
