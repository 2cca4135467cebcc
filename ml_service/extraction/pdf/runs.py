"""Runs: characters of a page that follow one another on one baseline.

Most characters stand level with and close after the one before. Such stretches are told for a
whole page at once, with numpy, and join a run in one step; only where a stretch ends, or where
its text is turned, is a character looked at on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from ml_service.domain.document import Box
from ml_service.extraction.pdf.glyphs import (
    Face,
    Faces,
    Flags,
    Floats,
    Glyphs,
    Integers,
    is_rtl,
)

SPACE_EM = 0.07
_JUMP_EM = 1.2
_BACKWARD_EM = 0.6
_SAME_LINE_OVERLAP = 0.5
_STRETCH_GAP = 0.5

_Sides = TypeVar("_Sides", Box, tuple[Floats, Floats, Floats, Floats])


@dataclass(frozen=True, slots=True)
class Run:
    """``first`` is the place of its first glyph; ``bottom`` and ``top`` are those of that glyph.

    Both are of the glyph as it would be if its text ran from left to right.
    """

    face: Face
    first: int
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Runs:
    """The glyphs of a page by runs, at least one, turned so that they run from left to right.

    Arrays are of shape (n glyphs,): ``of_glyph`` is the run of each, ``gaps`` are those before it
    in font sizes, 0 for the first of a run.
    """

    all: list[Run]
    of_glyph: Integers
    gaps: Floats
    lefts: Floats
    rights: Floats


def find_runs(glyphs: Glyphs, faces: Faces) -> Runs:
    """Runs of at least one glyph."""
    runs: list[Run] = []
    looked_at: dict[int, float] = {}
    for stretch in _stretches(glyphs.sides):
        at = stretch.first
        while at < stretch.end:
            gap = _gap_em(runs[-1], glyphs, at) if runs else None
            if gap is None:
                runs.append(_new_run(glyphs, faces, at))
            looked_at[at] = gap or 0.0
            at = stretch.end if stretch.goes_on(runs[-1]) else at + 1
    return _measured(glyphs, runs, looked_at)


class _Stretch(NamedTuple):
    """Glyphs ``first`` to ``end`` that stand level and close: what all their boxes keep to."""

    first: int
    end: int
    lowest_top: float
    highest_bottom: float
    height: float
    widest_gap: float

    def goes_on(self, run: Run) -> bool:
        """Whether each of its glyphs certainly follows the one before in ``run``."""
        overlap = min(self.lowest_top, run.top) - max(self.highest_bottom, run.bottom)
        is_level = overlap > _SAME_LINE_OVERLAP * min(self.height, run.top - run.bottom)
        is_close = self.widest_gap / run.face.em_along <= _JUMP_EM
        return is_level and is_close and run.face.angle == 0


def _stretches(sides: Floats) -> list[_Stretch]:
    left, bottom, right, top = sides
    height = top - bottom
    gaps = left[1:] - right[:-1]
    overlap = np.minimum(top[1:], top[:-1]) - np.maximum(bottom[1:], bottom[:-1])
    follows = left[1:] >= left[:-1]
    follows &= gaps <= _STRETCH_GAP * height[1:]
    follows &= overlap > _SAME_LINE_OVERLAP * np.minimum(height[1:], height[:-1])
    inner_gaps = np.concatenate(([-np.inf], np.where(follows, gaps, -np.inf)))
    firsts = np.concatenate(([0], 1 + np.flatnonzero(~follows)))
    return list(
        map(
            _Stretch,
            firsts.tolist(),
            [*firsts[1:].tolist(), len(left)],
            np.minimum.reduceat(top, firsts).tolist(),
            np.maximum.reduceat(bottom, firsts).tolist(),
            (np.maximum.reduceat(top, firsts) - np.minimum.reduceat(bottom, firsts)).tolist(),
            np.maximum.reduceat(inner_gaps, firsts).tolist(),
        )
    )


def _new_run(glyphs: Glyphs, faces: Faces, at: int) -> Run:
    face = faces.at(int(glyphs.indexes[at]))
    _, bottom, _, top = turned(_box(glyphs, at), face.angle)
    return Run(face=face, first=at, bottom=bottom, top=top)


def _gap_em(run: Run, glyphs: Glyphs, at: int) -> float | None:
    """Gap to the glyph before in font sizes, None where a new run begins."""
    left_before, _, right_before, _ = turned(_box(glyphs, at - 1), run.face.angle)
    left, bottom, right, top = turned(_box(glyphs, at), run.face.angle)
    em = run.face.em_along
    gap = left - right_before
    is_next = left_before <= left and gap <= _JUMP_EM * em
    if is_next and bottom == run.bottom and top == run.top:
        return gap / em
    overlap = min(top, run.top) - max(bottom, run.bottom)
    if overlap <= _SAME_LINE_OVERLAP * min(top - bottom, run.top - run.bottom):
        return None
    if gap < 0 and left < left_before - _BACKWARD_EM * em:
        if not is_rtl(int(glyphs.codes[at])):
            return None
        gap = left_before - right
    gap /= em
    return gap if gap <= _JUMP_EM else None


def _box(glyphs: Glyphs, at: int) -> Box:
    left, bottom, right, top = glyphs.sides[:, at].tolist()
    return (left, bottom, right, top)


def turned(box: _Sides, angle: int) -> _Sides:
    """The box, or boxes, as it would be if text of this direction ran from left to right."""
    x0, y0, x1, y1 = box
    if angle == 0:
        return box
    if angle == 90:
        return (y0, -x1, y1, -x0)
    if angle == 180:
        return (-x1, -y1, -x0, -y0)
    return (-y1, x0, -y0, x1)


def _measured(glyphs: Glyphs, runs: list[Run], looked_at: dict[int, float]) -> Runs:
    firsts = np.array([run.first for run in runs])
    lengths = np.diff(firsts, append=len(glyphs.codes))
    lefts, _, rights, _ = glyphs.sides.copy()
    for run, length in zip(runs, lengths.tolist(), strict=True):
        if run.face.angle != 0:
            part = slice(run.first, run.first + length)
            left, bottom, right, top = glyphs.sides[:, part]
            lefts[part], _, rights[part], _ = turned((left, bottom, right, top), run.face.angle)
    gaps = np.zeros_like(lefts)
    ems = np.repeat([run.face.em_along for run in runs], lengths)
    gaps[1:] = (lefts[1:] - rights[:-1]) / ems[1:]
    gaps[list(looked_at)] = list(looked_at.values())
    return Runs(runs, np.repeat(np.arange(len(runs)), lengths), gaps, lefts, rights)


def measure_gaps(glyphs: Glyphs, runs: Runs, faces: Faces) -> None:
    """Correct ``runs.gaps`` where hardly a space is drawn, so that gaps tell words apart.

    Ink that hangs over an advance hides a gap; the advance itself shows it. Only those that may
    part words are looked at closely.
    """
    ems = np.array([run.face.em_along for run in runs.all])[runs.of_glyph]
    slack = (runs.rights - runs.lefts) / ems - _advances(glyphs, runs, faces)
    is_first = np.diff(runs.of_glyph, prepend=-1) > 0
    # A ligature: PDFium gives each of its letters the whole box.
    same_box = _repeats(runs.lefts) & _repeats(runs.rights) & ~is_first
    slack[same_box] = 0.0
    gaps = runs.gaps
    at_most = gaps + np.concatenate(([0.0], slack[:-1])) + slack
    in_doubt = (
        ~is_first & ~same_box & ~glyphs.after_space & (gaps <= SPACE_EM) & (at_most > SPACE_EM)
    )
    for at in np.flatnonzero(in_doubt).tolist():
        before, index = glyphs.indexes[at - 1 : at + 1].tolist()
        gaps[at] = faces.gap(before, index, otherwise=gaps[at])


def _advances(glyphs: Glyphs, runs: Runs, faces: Faces) -> Floats:
    """Advance of each glyph in font sizes, asked once for each character of a font."""
    fonts = list({run.face.font for run in runs.all})
    number = {font: place for place, font in enumerate(fonts)}
    font_of_run = np.array([number[run.face.font] for run in runs.all])
    keys, places = np.unique(font_of_run[runs.of_glyph] << 32 | glyphs.codes, return_inverse=True)
    asked = ((fonts[key >> 32], key & 0xFFFFFFFF) for key in keys.tolist())
    return np.array([faces.advance(font, code) or 0.0 for font, code in asked])[places]


def _repeats(values: Floats) -> Flags:
    return np.concatenate(([False], values[1:] == values[:-1]))
