"""Titles by their words: how alike a position is to the titles of every occupation."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from copy import copy
from itertools import chain
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
        self._postings = _Postings(self.keys)
        self._norms = self._postings.lengths()
        self._known = np.ones(len(self.keys), dtype=np.float32)
        owners = catalogue.title_codes.values()
        self._n_owners = np.fromiter(map(len, owners), np.int64, len(owners))
        self._first_owner = np.cumsum(self._n_owners) - self._n_owners
        self._owners = np.array([column[code] for code in chain(*owners)], dtype=np.int64)

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
        length = math.sqrt(sum(self._postings.idf(word) ** 2 for word in words))
        for word in words:
            sums[self._postings.titles_with(word)] += np.float32(self._postings.idf(word) ** 2)
        return sums, np.float32(max(length, 1e-6))


class _Postings:
    """For every word the titles that hold it, one list after the other in a single array."""

    def __init__(self, keys: Sequence[str]) -> None:
        """``keys``: words between single spaces, none empty."""
        words = " ".join(keys).split()
        n_words = np.fromiter((key.count(" ") + 1 for key in keys), np.int64, len(keys))
        self._number = {word: at for at, word in enumerate(dict.fromkeys(words))}
        numbers = np.fromiter(map(self._number.__getitem__, words), np.int64, len(words))
        pairs = np.sort(numbers * len(keys) + np.repeat(np.arange(len(keys)), n_words))
        once = np.diff(pairs, prepend=-1) > 0  # a title may hold a word twice
        of_word, self._titles = np.divmod(pairs[once], max(len(keys), 1))
        n_titles = np.bincount(of_word, minlength=len(self._number))
        self._ends = np.cumsum(n_titles)
        self._n_keys = len(keys)
        self._idf = [math.log(len(keys) / n) + 1 for n in n_titles.tolist()]
        self._rarest = max(self._idf, default=1.0)
        self._of_word = of_word

    def idf(self, word: str) -> float:
        """Inverse document frequency; of a word that no title holds, that of the rarest."""
        number = self._number.get(word)
        return self._rarest if number is None else self._idf[number]

    def titles_with(self, word: str) -> npt.NDArray[np.int64]:
        number = self._number.get(word)
        if number is None:
            return self._titles[:0]
        return self._titles[self._ends[number - 1] if number else 0 : self._ends[number]]

    def lengths(self) -> Float32Array:
        """Of every title as a vector of its words' weights."""
        squares = np.zeros(self._n_keys, dtype=np.float32)
        weights = np.square(self._idf).astype(np.float32)
        np.add.at(squares, self._titles, weights[self._of_word])
        return np.sqrt(np.maximum(squares, 1e-6))
