"""From scores to shares that sum to 1, and how far stated confidences are from what came true."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Scores = TypeVar("Scores", np.float32, np.float64)

N_BINS = 15


def softmax(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Over the last axis."""
    likely = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    probabilities: npt.NDArray[np.float64] = likely / likely.sum(axis=-1, keepdims=True)
    return probabilities


def log_softmax(scores: npt.NDArray[Scores]) -> npt.NDArray[Scores]:
    """Over the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    normalised: npt.NDArray[Scores] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return normalised


def calibration_gap(
    confidences: Floats, right: npt.NDArray[np.bool_], weights: Floats | None = None
) -> float:
    """ECE over 15 bins of equal width; every answer weighs the same where nothing is given.

    Source: Naeini, Cooper, Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian
    Binning, AAAI 2015.
    """
    each = np.ones(len(confidences)) if weights is None else weights
    bins = np.minimum((confidences * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, weights=each * (right - confidences), minlength=N_BINS)
    return float(np.abs(gaps).sum() / each.sum())
