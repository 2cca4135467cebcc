"""The three small fits of a head: projections, choice weights, calibration. All are seeded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from ml_service.domain.ports import Float32Array

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, slots=True)
class LabelledVectors:
    """``classes`` of shape (n, k): the columns that are right, padded with -1; ``weights`` (n,)."""

    vectors: Float32Array
    classes: npt.NDArray[np.int32]
    weights: Float32Array


class Adam:
    """Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, algorithm 1."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate, self._steps = learning_rate, 0
        self._mean: Float32Array | None = None
        self._square: Float32Array | None = None

    def step(self, values: Float32Array, gradient: Float32Array) -> None:
        """Change ``values`` in place."""
        if self._mean is None or self._square is None:
            self._mean, self._square = np.zeros_like(values), np.zeros_like(values)
        self._steps += 1
        self._mean += (1 - _BETA_1) * (gradient - self._mean)
        self._square += (1 - _BETA_2) * (gradient**2 - self._square)
        mean = self._mean / (1 - _BETA_1**self._steps)
        square = self._square / (1 - _BETA_2**self._steps)
        values -= self.learning_rate * mean / (np.sqrt(square) + _EPSILON)


def fit_projection(
    examples: LabelledVectors,
    *,
    start: tuple[Float32Array, Float32Array],
    epochs: int,
    learning_rate: float,
    decay: float,
    seed: int,
    batch: int = 1024,
) -> tuple[Float32Array, Float32Array]:
    """Weights (n_dims, n_codes) and bias that make any right class likely, beginning at ``start``.

    ``decay`` shrinks towards ``start``, not towards zero, so that little data moves little.
    """
    weights, bias = start[0].copy(), start[1].copy()
    for_weights, for_bias = Adam(learning_rate), Adam(learning_rate)
    shuffle = np.random.default_rng(seed)
    for _ in range(epochs):
        order = shuffle.permutation(len(examples.vectors))
        for begin in range(0, len(order), batch):
            rows = order[begin : begin + batch]
            vectors = examples.vectors[rows]
            error = _error(vectors @ weights + bias, examples.classes[rows])
            error *= (examples.weights[rows] / len(rows))[:, None]
            for_weights.step(weights, vectors.T @ error + decay * (weights - start[0]))
            for_bias.step(bias, error.sum(axis=0) + decay * (bias - start[1]))
    return weights, bias


def _error(scores: Float32Array, classes: npt.NDArray[np.int32]) -> Float32Array:
    """The gradient of -log(sum of the right classes' probabilities) by ``scores``."""
    scores = scores - scores.max(axis=1, keepdims=True)
    likely = np.exp(scores)
    likely /= likely.sum(axis=1, keepdims=True)
    row, slot = np.nonzero(classes >= 0)
    column = classes[row, slot]
    right = np.zeros_like(likely)
    right[row, column] = likely[row, column]
    right /= np.maximum(right.sum(axis=1, keepdims=True), 1e-12)
    error: Float32Array = likely - right
    return error


def fit_choice_weights(
    features: Float32Array,
    right: npt.NDArray[np.bool_],
    *,
    weights: Float32Array | None = None,
    penalty: float = 1e-3,
) -> Float32Array:
    """Weights (n_features,) that make any right code likely among all codes of its resume.

    ``features`` of shape (n_resumes, n_codes, n_features), ``right`` (n_resumes, n_codes),
    ``weights`` (n_resumes,) say how much each resume counts, all the same when None. The
    penalty is on the squares of the weights of standardised features.
    Source: McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, 1974.
    """
    n_features = features.shape[2]
    scale = features.reshape(-1, n_features).std(axis=0) + np.float32(1e-9)
    scaled = features / scale
    share = np.ones(len(scaled), dtype=np.float32) if weights is None else weights
    share = (share / share.sum())[:, None]

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = scaled @ values.astype(np.float32)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        hits = np.where(right, likely, 0)
        hit = np.maximum(hits.sum(axis=1, keepdims=True), 1e-30)
        slope = np.einsum("nc,ncd->d", (likely - hits / hit) * share, scaled, optimize=True)
        value = float(-(np.log(hit) * share).sum() + penalty * (values**2).sum())
        return value, (slope + 2 * penalty * values).astype(np.float64)

    found = minimize(
        loss, np.zeros(n_features), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    )
    fitted: Float32Array = (found.x / scale).astype(np.float32)
    return fitted


def fit_calibration(
    clues: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    *,
    weights: npt.NDArray[np.float64] | None = None,
) -> tuple[tuple[float, ...], float]:
    """Weights and intercept of a logistic regression with an L2 penalty of 1 on standardised clues.

    ``clues`` of shape (n, n_clues); ``weights`` (n,) as in ``fit_choice_weights``.
    """
    mean, scale = clues.mean(axis=0), clues.std(axis=0) + _LEAST_SPREAD
    share = np.ones(len(clues)) if weights is None else weights / weights.mean()
    model = LogisticRegression(C=1.0, max_iter=2_000)
    model.fit((clues - mean) / scale, right, sample_weight=share)
    slopes = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - slopes @ mean)
    return tuple(float(slope) for slope in slopes), intercept
