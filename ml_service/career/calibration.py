"""From scores to confidences that can be believed, fitted on resumes the head never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array

Expert = Literal["with_position", "without_position"]

_EDGE = 1e-6
_MAX_LOGIT = 30.0
_MAX_CONFIDENCE = 0.99
_MIN_CONFIDENCE = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression from ``confidence_clues`` to "the first answer is right".

    ``weights`` has one number a clue. Source: Platt, Probabilistic Outputs for Support Vector
    Machines, 1999, with more than one clue.
    """

    weights: tuple[float, ...]
    intercept: float

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Calibration:
        return cls(weights=tuple(named["weights"]), intercept=float(named["intercept"]))

    def confidence(self, clues: Sequence[float]) -> float:
        """In [0.01, 0.99]: some hundred resumes cannot show more certainty than that."""
        logit = np.clip(np.dot(self.weights, clues) + self.intercept, -_MAX_LOGIT, _MAX_LOGIT)
        return float(np.clip(1 / (1 + np.exp(-logit)), _MIN_CONFIDENCE, _MAX_CONFIDENCE))


def confidence_clues(
    probabilities: npt.NDArray[np.float64], *, stated: Float32Array, alike: Float32Array
) -> tuple[float, ...]:
    """What a person would look at: lead of the first, what stands behind it in the resume.

    All arrays have the shape (n_codes,): ``probabilities`` sum to 1, ``stated`` is above 0 where
    the latest position is a title of the occupation, ``alike`` how near it comes to one.
    """
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    p_first, p_second = probabilities[first], probabilities[second]
    return (
        _logit(p_first),
        float(np.log((p_first + _EDGE) / (p_second + _EDGE))),
        float(stated[first] > 0),
        float(alike[first]),
    )


def softmax(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float64]:
    """Over the last axis."""
    likely = np.exp(scores.astype(np.float64) - scores.max(axis=-1, keepdims=True))
    probabilities: npt.NDArray[np.float64] = likely / likely.sum(axis=-1, keepdims=True)
    return probabilities


def spread(
    shares: npt.NDArray[np.float64], *, order: Sequence[int], confidence: float
) -> tuple[float, ...]:
    """Confidences in ``order``: the calibrated first, the others share what it leaves.

    ``shares`` of all occupations but the first sum to 1. No confidence exceeds the first.
    """
    others = (min(float(shares[at]) * (1 - confidence), confidence) for at in order[1:])
    return (confidence, *others)


def _logit(p: float) -> float:
    p = min(max(p, _EDGE), 1 - _EDGE)
    return float(np.log(p / (1 - p)))
