"""From scores to confidences that can be believed, fitted on resumes the head never saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_MAX_LOGIT = 30.0
_MAX_CONFIDENCE = 0.99
_MIN_CONFIDENCE = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression from the clues of a model to "the first answer is right".

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


def spread(
    shares: npt.NDArray[np.float64], *, order: Sequence[int], confidence: float
) -> tuple[float, ...]:
    """Confidences in ``order``: the calibrated first, the others share what it leaves.

    ``shares`` of all labels but the first sum to 1. No confidence exceeds the first.
    """
    others = (min(float(shares[at]) * (1 - confidence), confidence) for at in order[1:])
    return (confidence, *others)
