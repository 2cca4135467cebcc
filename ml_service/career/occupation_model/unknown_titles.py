"""What a resume would say if its title were one that the catalogue has never heard of.

The judged resumes are those whose title is known; half of all title lines are not. So the known
are read again as if they were unknown, in three ways from likely to harsh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.title_index import TitleIndex
from ml_service.career.catalogue.titles import normalise, without_rank
from ml_service.career.occupation_model.signals import PassageSignals, flat
from ml_service.domain.ports import Float32Array

_LEAST_ALIKE = 0.2
_SAME = 0.98


def nearest_known(lines: Iterable[str], index: TitleIndex) -> Float32Array:
    """How alike each line is to the known title nearest to it; those like none are left out."""
    keys = (normalise(line) for line in lines)
    nearest = np.array([index.cosines(key).max() for key in keys if key], dtype=np.float32)
    return nearest[nearest > _LEAST_ALIKE]


def titles_to_withhold(line: str, index: TitleIndex, *, nearest: float) -> frozenset[str]:
    """Titles without which the nearest to ``line`` is no more alike than ``nearest``."""
    key = normalise(line)
    alike = np.maximum(index.cosines(key), index.cosines(without_rank(key)))
    gone = np.flatnonzero(alike > min(nearest, _SAME))
    return frozenset(index.keys[at] for at in gone)


def forget_titles(
    signals: Sequence[PassageSignals], hidden: npt.NDArray[np.bool_]
) -> list[PassageSignals]:
    """As if positions that carry a title of the ``hidden`` codes (n_codes,) said nothing at all.

    They stay positions, but of no known kind; their words and vectors are not read either.
    """
    return [_without_headline(_forget(entry, hidden), hidden) for entry in signals]


def _forget(entry: PassageSignals, hidden: npt.NDArray[np.bool_]) -> PassageSignals:
    if not entry.exact[hidden].any():
        return replace(entry, inner=np.where(hidden, np.float32(0), entry.inner))
    nothing, even = np.zeros_like(entry.exact), flat(len(entry.log_p))
    return replace(entry, exact=nothing, inner=nothing, alike=nothing, log_p=even, said=even)


def _without_headline(entry: PassageSignals, hidden: npt.NDArray[np.bool_]) -> PassageSignals:
    told = entry.headline is not None and entry.headline.exact[hidden].any()
    return replace(entry, headline=None) if told else entry
