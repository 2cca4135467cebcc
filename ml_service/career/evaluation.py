"""Figures about predictions whose right answers are known; pure arithmetic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.domain.shares import calibration_gap

N_RESAMPLES = 1_000
COVERAGES = (0.25, 0.5, 0.75, 1.0)

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """``ece`` with its 95 % bootstrap interval; ``floor`` is what perfect calibration would show
    at this number of rows with these confidences.
    """

    ece: float
    low: float
    high: float
    floor: float


def top_k_accuracy(
    ranked: Sequence[Sequence[str]], right: Sequence[Collection[str]], *, k: int
) -> float:
    """Share of rows that have a right code among the first ``k``. Raises ValueError for no rows."""
    hits = [
        any(code in codes for code in row[:k]) for row, codes in zip(ranked, right, strict=True)
    ]
    if not hits:
        raise ValueError("There are no rows to measure.")
    return sum(hits) / len(hits)


def calibration_error(confidences: Floats, right: Bools, *, seed: int = 0) -> CalibrationError:
    """ECE over 15 equal-width bins of the top confidence. Raises ValueError for no rows.

    Source of the floor: Kumar, Liang, Ma, Verified Uncertainty Calibration, 2019.
    """
    if len(confidences) == 0:
        raise ValueError("There are no rows to measure.")
    chance = np.random.default_rng(seed)
    n_rows = len(confidences)
    drawn = (chance.integers(0, n_rows, n_rows) for _ in range(N_RESAMPLES))
    resampled = [calibration_gap(confidences[rows], right[rows]) for rows in drawn]
    perfect = [
        calibration_gap(confidences, chance.random(n_rows) < confidences)
        for _ in range(N_RESAMPLES)
    ]
    low, high = np.quantile(resampled, [0.025, 0.975])
    return CalibrationError(
        ece=calibration_gap(confidences, right),
        low=float(low),
        high=float(high),
        floor=float(np.mean(perfect)),
    )


def accuracy_at_coverage(confidences: Floats, right: Bools) -> dict[float, float]:
    """Accuracy of the surest 25, 50, 75 and 100 %; equal confidences keep their order."""
    if len(confidences) == 0:
        raise ValueError("There are no rows to measure.")
    order = np.argsort(-confidences, kind="stable")
    kept = {share: max(1, round(share * len(order))) for share in COVERAGES}
    return {share: float(right[order[:count]].mean()) for share, count in kept.items()}


def macro_f1(predicted: Sequence[str], right: Sequence[Collection[str]]) -> float:
    """Mean F1 over the labels that are right somewhere.

    Where a row has several right labels, the predicted one counts if it is among them, else the
    alphabetically first does.
    """
    truth = [
        guess if guess in codes else min(codes)
        for guess, codes in zip(predicted, right, strict=True)
    ]
    if not truth:
        raise ValueError("There are no rows to measure.")
    return float(np.mean([_f1(label, predicted, truth) for label in sorted(set(truth))]))


def _f1(label: str, predicted: Sequence[str], truth: Sequence[str]) -> float:
    both = sum(guess == label == answer for guess, answer in zip(predicted, truth, strict=True))
    either = sum(guess == label for guess in predicted) + sum(answer == label for answer in truth)
    return 2 * both / either
