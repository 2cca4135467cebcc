"""Words and their weights: term frequencies in a space that training fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

MIN_DOCUMENTS = 2
MAX_WORDS = 40_000


@dataclass(frozen=True)
class Vocabulary:
    """``idf`` (n_words,): how telling each word is, 1 for one that stands in every text."""

    words: tuple[str, ...]
    idf: Float32Array

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Vocabulary:
        """The words that two texts or more share, the 40,000 most common at most.

        Source of idf: Manning, Raghavan, Schuetze, Introduction to Information Retrieval, 2008,
        6.2.1, with one added to both counts.
        """
        seen = Counter(word for text in texts for word in set(text))
        known = [(word, count) for word, count in seen.items() if count >= MIN_DOCUMENTS]
        known.sort(key=lambda entry: (-entry[1], entry[0]))
        kept = sorted(known[:MAX_WORDS])
        counts = np.array([count for _, count in kept], dtype=np.float32)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(tuple(word for word, _ in kept), idf.astype(np.float32))

    def weigh(self, text: Iterable[str]) -> tuple[list[int], Float32Array]:
        """Columns and weights (1 + log count) x idf, of length 1 together; empty for no word."""
        counts = sorted(self.count(text).items())
        columns = [at for at, _ in counts]
        return columns, self.weights(columns, np.array([times for _, times in counts]))

    def count(self, text: Iterable[str]) -> dict[int, int]:
        """How often each known word stands there, by its column."""
        column = self._column
        return {column[word]: times for word, times in Counter(text).items() if word in column}

    def weights(
        self, columns: Sequence[int] | npt.NDArray[np.intp], times: npt.NDArray[np.number[Any]]
    ) -> Float32Array:
        """Of words that stand in a text so many ``times``, at least once; of length 1 together."""
        if not len(columns):
            return np.zeros(0, dtype=np.float32)
        weights = (1 + np.log(times.astype(np.float32))) * self.idf[columns]
        return (weights / np.float32(np.linalg.norm(weights))).astype(np.float32)

    def matrix(self, texts: Sequence[Sequence[str]]) -> csr_matrix[Any]:
        """Shape (n_texts, n_words)."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - for training alone

        rows = [self.weigh(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.array([at for row, _ in rows for at in row], dtype=np.int32)
        weights = np.concatenate([row for _, row in rows])
        return csr_matrix((weights, columns, ends), shape=(len(texts), len(self.words)))

    @cached_property
    def _column(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.words)}
