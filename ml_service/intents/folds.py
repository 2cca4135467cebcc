"""Parts of labelled texts that do not know each other: texts that say nearly the same stand in one.

A crowd asked for examples writes many that differ in a word. Left apart, they would let a model be
asked what it was just told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array

N_FOLDS = 5
MIN_GROUPS = 3
"""Of each label, so that it is there to learn from whichever part is left out."""

SAME_MEANING = 0.9
"""Cosine from which two texts of one label count as one."""


def assign_folds(
    texts: Sequence[str], vectors: Float32Array, labels: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """A part for each text, each label spread evenly, the same for the same texts in any order."""
    folds = np.zeros(len(texts), dtype=np.intp)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label).tolist()
        groups = same_meaning(vectors[rows])
        sizes, keys = Counter(groups), _keys([texts[row] for row in rows], groups)
        held = [0] * N_FOLDS
        for group in sorted(sizes, key=lambda group: (-sizes[group], keys[group])):
            fold = min(range(N_FOLDS), key=lambda at: (held[at], at))
            held[fold] += sizes[group]
            folds[np.array(rows)[np.array(groups) == group]] = fold
    return folds


def same_meaning(vectors: Float32Array) -> list[int]:
    """A group for each of the texts of a label: neighbours of neighbours stand together."""
    near = vectors @ vectors.T >= SAME_MEANING
    groups = [-1] * len(vectors)
    for start in range(len(vectors)):
        if groups[start] < 0:
            _reach(start, near, groups)
    return groups


def _reach(start: int, near: npt.NDArray[np.bool_], groups: list[int]) -> None:
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if groups[at] < 0:
            groups[at] = start
            waiting.extend(np.flatnonzero(near[at]).tolist())


def _keys(texts: Sequence[str], groups: Sequence[int]) -> dict[int, bytes]:
    keys: dict[int, bytes] = {}
    for text, group in zip(texts, groups, strict=True):
        digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        keys[group] = min(digest, keys.get(group, digest))
    return keys
