"""What the encoder says of a job title, from its words alone: small enough for every position.

A position stands in a passage beside dates and employers; embedding it alone as well would cost
a call of the encoder for each. The sum of learned word vectors comes close to what it would say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ml_service.domain.ports import Float32Array


@dataclass(frozen=True)
class TitleWords:
    """``vectors`` (n_words, n_dims) of the ``words``, in their order."""

    words: tuple[str, ...]
    vectors: Float32Array

    @cached_property
    def _row(self) -> dict[str, int]:
        return {word: at for at, word in enumerate(self.words)}

    def embed(self, keys: Sequence[str]) -> Float32Array:
        """Unit vectors of the normalised titles ``keys`` that hold a known word: (n, n_dims)."""
        rows = [[self._row[word] for word in key.split() if word in self._row] for key in keys]
        sums = [self.vectors[row].sum(axis=0) for row in rows if row]
        vectors = np.array(sums, dtype=np.float32).reshape(len(sums), self.vectors.shape[1])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Float32Array = vectors / np.maximum(lengths, 1e-6)
        return unit
