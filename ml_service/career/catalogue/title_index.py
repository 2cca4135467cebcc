"""Titles by their words: how alike a position is to the titles of every occupation."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from copy import copy
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array

if TYPE_CHECKING:
    from ml_service.career.catalogue.occupations import Catalogue


class TitleIndex:
    """Cosine over words weighted by inverse document frequency, against every title.

    Source: Manning, Raghavan, Schuetze, Introduction to Information Retrieval, 6.2 and 6.3.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        column = {code: at for at, code in enumerate(catalogue.codes)}
        self.keys = tuple(catalogue.title_codes)
        self._n_codes = len(column)
        self._postings, self._idf = _postings(self.keys)
        self._rarest = max(self._idf.values(), default=1.0)
        self._norms = _norms(self._postings, self._idf, len(self.keys))
        self._known = np.ones(len(self.keys), dtype=np.float32)
        owners = [[column[code] for code in codes] for codes in catalogue.title_codes.values()]
        self._n_owners = np.array([len(codes) for codes in owners], dtype=np.int64)
        self._first_owner = np.cumsum(self._n_owners) - self._n_owners
        self._owners = np.array([at for codes in owners for at in codes], dtype=np.int64)

    def without(self, keys: Collection[str]) -> TitleIndex:
        """The same index in which the titles ``keys`` are alike to nothing."""
        other = copy(self)
        other._known = np.array([key not in keys for key in self.keys], dtype=np.float32)
        return other

    def similarities(self, key: str) -> Float32Array:
        """The best title's cosine to the normalised ``key``, per occupation: shape (n_codes,)."""
        best = np.zeros(self._n_codes, dtype=np.float32)
        sums, length = self._shared(key)
        titles = np.flatnonzero(sums > 0)  # few of all share a word with it
        cosines = sums[titles] / (self._norms[titles] * length) * self._known[titles]
        counts = self._n_owners[titles]
        starts = self._first_owner[titles] - (np.cumsum(counts) - counts)
        owners = self._owners[np.repeat(starts, counts) + np.arange(counts.sum())]
        np.maximum.at(best, owners, np.repeat(cosines, counts))
        return best

    def cosines(self, key: str) -> Float32Array:
        """To every title, in the order of ``keys``."""
        sums, length = self._shared(key)
        cosines: Float32Array = sums / (self._norms * length) * self._known
        return cosines

    def _shared(self, key: str) -> tuple[Float32Array, np.float32]:
        """Weights of the words that each title shares with ``key``, and the length of ``key``."""
        words = list(dict.fromkeys(key.split()))
        sums = np.zeros(len(self._norms), dtype=np.float32)
        length = math.sqrt(sum(self._idf.get(word, self._rarest) ** 2 for word in words))
        for word in words:
            if word in self._postings:
                sums[self._postings[word]] += np.float32(self._idf[word] ** 2)
        return sums, np.float32(max(length, 1e-6))


def _postings(keys: Sequence[str]) -> tuple[dict[str, npt.NDArray[np.int64]], dict[str, float]]:
    lists: dict[str, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        for word in dict.fromkeys(key.split()):  # not a set: sums must not depend on its order
            lists[word].append(at)
    idf = {word: math.log(len(keys) / len(titles)) + 1 for word, titles in lists.items()}
    return {word: np.array(titles, dtype=np.int64) for word, titles in lists.items()}, idf


def _norms(
    postings: dict[str, npt.NDArray[np.int64]], idf: dict[str, float], n_titles: int
) -> Float32Array:
    squares = np.zeros(n_titles, dtype=np.float32)
    for word, titles in postings.items():
        squares[titles] += np.float32(idf[word] ** 2)
    return np.sqrt(np.maximum(squares, 1e-6))
