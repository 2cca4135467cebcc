"""Word vectors of titles, learned from what the encoder says of whole titles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from ml_service.career.fitting import Adam
from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.domain.ports import Float32Array

_EPOCHS, _RATE, _BATCH = 8, 0.01, 1_024
_START_SPREAD = 0.01


@dataclass(frozen=True, slots=True)
class TitleTexts:
    """Normalised titles with the encoder's vectors of them: (n, n_dims), unit length."""

    keys: tuple[str, ...]
    vectors: Float32Array


def fit_title_words(texts: TitleTexts, *, seed: int) -> TitleWords:
    """Word vectors whose sum points where the encoder's vector of a title does."""
    words = tuple(sorted({word for key in texts.keys for word in key.split()}))
    bags = _bags(texts.keys, words)
    chance = np.random.default_rng(seed)
    shape = (len(words), texts.vectors.shape[1])
    vectors = (chance.standard_normal(shape) * _START_SPREAD).astype(np.float32)
    adam = Adam(_RATE)
    for _ in range(_EPOCHS):
        order = chance.permutation(len(texts.keys))
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            adam.step(vectors, _slope(bags[rows], vectors, texts.vectors[rows]))
    return TitleWords(words=words, vectors=vectors)


def _slope(bags: csr_matrix, vectors: Float32Array, wanted: Float32Array) -> Float32Array:
    """The gradient of the mean of 1 - cosine by ``vectors``."""
    sums = bags @ vectors
    lengths = np.linalg.norm(sums, axis=1, keepdims=True) + np.float32(1e-6)
    unit = sums / lengths
    across = (unit * (unit * wanted).sum(axis=1, keepdims=True) - wanted) / lengths
    slope: Float32Array = np.asarray(bags.T @ (across / np.float32(len(wanted))), dtype=np.float32)
    return slope


def _bags(keys: Sequence[str], words: Sequence[str]) -> csr_matrix:
    row_of = {word: at for at, word in enumerate(words)}
    columns = [[row_of[word] for word in key.split()] for key in keys]
    ends = np.cumsum([0, *map(len, columns)])
    flat: npt.NDArray[np.int64] = np.array([at for row in columns for at in row], dtype=np.int64)
    weights = np.repeat(1 / np.sqrt(np.maximum(np.diff(ends), 1)), np.diff(ends))
    return csr_matrix((weights.astype(np.float32), flat, ends), shape=(len(keys), len(words)))
