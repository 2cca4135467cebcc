"""Vectors of texts that were embedded a moment ago."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from cachetools import TTLCache

from ml_service.domain.ports import Float32Array

KEPT_FOR_S = 600.0
"""A rescore or an explanation soon after the upload; longer, and memory would outlive erasure."""

ENTRY_OVERHEAD_BYTES = 400
"""Of the key, the array's own head and the cache's links, by tracemalloc."""


class VectorCache:
    """By the content's sha256, of one revision of one encoder. Holds no text."""

    def __init__(self, max_bytes: int, *, kept_for_s: float = KEPT_FOR_S) -> None:
        """``max_bytes`` 0 keeps nothing."""
        self._vectors: TTLCache[bytes, Float32Array] = TTLCache(
            max_bytes, kept_for_s, getsizeof=_size
        )
        self.n_found = 0
        self.n_missed = 0

    def find(self, texts: Sequence[str]) -> dict[int, Float32Array]:
        """Vectors of shape (n_dims,) by the place of their text."""
        found = {}
        for at, text in enumerate(texts):
            vector = self._vectors.get(_key(text))
            if vector is not None:
                found[at] = vector
        self.n_found += len(found)
        self.n_missed += len(texts) - len(found)
        return found

    def keep(self, vectors: Mapping[str, Float32Array]) -> None:
        """What does not fit pushes out what is oldest."""
        for text, vector in vectors.items():
            if _size(vector) <= self._vectors.maxsize:
                # A row of a larger array would keep all of it alive.
                self._vectors[_key(text)] = np.array(vector)

    @property
    def size_bytes(self) -> int:
        return int(self._vectors.currsize)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _size(vector: Float32Array) -> int:
    return vector.nbytes + ENTRY_OVERHEAD_BYTES
