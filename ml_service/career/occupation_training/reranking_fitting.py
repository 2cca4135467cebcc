"""How the re-ranker is fitted: lists of candidates of which some are right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.fitting import Adam
from ml_service.career.occupation_model.reranking import Reranker, standardised
from ml_service.domain.ports import Float32Array

_N_NETS, _N_HIDDEN = 3, 24
_EPOCHS, _RATE, _DECAY, _BATCH = 12, 3e-3, 0.05, 64
_KEPT = np.float32(0.8)
_OUTPUT_START = 0.02
_LEAST_SCALE = np.float32(1e-3)


@dataclass(frozen=True, slots=True)
class CandidateLists:
    """``inputs`` (n, n_candidates, n_inputs), the first of which is the score; ``right``
    (n, n_candidates) with one at least a row; ``weights`` (n,).
    """

    inputs: Float32Array
    right: npt.NDArray[np.bool_]
    weights: Float32Array


def fit_reranker(lists: CandidateLists, *, seed: int) -> Reranker:
    """Three small nets from different starts, joined to one that answers with their mean."""
    rows = lists.inputs.reshape(-1, lists.inputs.shape[2])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + _LEAST_SCALE
    inputs = standardised(lists.inputs, mean, scale)
    nets = [_fit_net(inputs, lists, seed=seed + at) for at in range(_N_NETS)]
    return Reranker(
        mean=mean,
        scale=scale,
        hidden_weights=np.concatenate([net.weights for net in nets], axis=1),
        hidden_bias=np.concatenate([net.bias for net in nets]),
        output_weights=np.concatenate([net.output / np.float32(_N_NETS) for net in nets]),
    )


@dataclass(frozen=True, slots=True)
class _Net:
    weights: Float32Array
    bias: Float32Array
    output: Float32Array

    @property
    def values(self) -> tuple[Float32Array, ...]:
        return self.weights, self.bias, self.output


def _fit_net(inputs: Float32Array, lists: CandidateLists, *, seed: int) -> _Net:
    """Adam with decoupled decay, dropout and a rate that falls along a cosine.

    Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019.
    """
    chance = np.random.default_rng(seed)
    net = _started(inputs.shape[2], chance)
    adams = [Adam(_RATE) for _ in net.values]
    for epoch in range(_EPOCHS):
        rate = _RATE * (1 + np.cos(np.pi * epoch / _EPOCHS)) / 2
        for rows in _batches(len(inputs), chance):
            slopes = _slopes(net, inputs[rows], lists, rows, chance)
            for adam, values, slope in zip(adams, net.values, slopes, strict=True):
                np.multiply(values, np.float32(1 - rate * _DECAY), out=values)
                adam.learning_rate = float(rate)
                adam.step(values, slope)
    return net


def _started(n_inputs: int, chance: np.random.Generator) -> _Net:
    spread = 1 / np.sqrt(n_inputs)
    return _Net(
        weights=chance.uniform(-spread, spread, (n_inputs, _N_HIDDEN)).astype(np.float32),
        bias=chance.uniform(-spread, spread, _N_HIDDEN).astype(np.float32),
        output=chance.uniform(-_OUTPUT_START, _OUTPUT_START, _N_HIDDEN).astype(np.float32),
    )


def _batches(n_rows: int, chance: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    order = chance.permutation(n_rows)
    yield from (order[begin : begin + _BATCH] for begin in range(0, n_rows, _BATCH))


def _slopes(
    net: _Net,
    inputs: Float32Array,
    lists: CandidateLists,
    rows: npt.NDArray[np.int64],
    chance: np.random.Generator,
) -> Sequence[Float32Array]:
    """Gradients of the mean of -log(probability of the right candidates)."""
    hidden = np.maximum(inputs @ net.weights + net.bias, 0)
    kept = (chance.random(hidden.shape) < _KEPT).astype(np.float32) / _KEPT
    scores = lists.inputs[rows, :, 0] + (hidden * kept) @ net.output
    error = _error(scores, lists.right[rows])
    error *= (lists.weights[rows] / np.float32(len(rows)))[:, None]
    below = error[:, :, None] * kept * net.output * (hidden > 0)
    return (
        np.tensordot(inputs, below, axes=([0, 1], [0, 1])),
        below.sum(axis=(0, 1)),
        np.tensordot(error, hidden * kept, axes=([0, 1], [0, 1])),
    )


def _error(scores: Float32Array, right: npt.NDArray[np.bool_]) -> Float32Array:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    hit = np.where(right, likely, 0)
    error: Float32Array = likely - hit / np.maximum(hit.sum(axis=1, keepdims=True), 1e-12)
    return error
