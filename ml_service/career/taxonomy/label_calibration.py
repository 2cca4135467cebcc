"""How sure a model of own labels may be, learned from few answers that are mostly right."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ml_service.career.calibration import Calibration

START = (1.0, 0.0, 0.0)
"""Weights of ``clues_of`` and the intercept: the log odds that the model itself gives."""
PENALTY = 1.0


def fit_label_calibration(
    clues: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]
) -> Calibration:
    """A logistic regression that holds to the model's own log odds where the answers do not
    speak against it.

    Where all answers are right, nothing but the start says how much less sure the model has to
    be of a resume that fits two labels alike. One right and one wrong answer are added at the
    median, so that no confidence rests on a clean sheet. ``clues`` of shape (n_resumes, 2).
    """
    middle = np.median(clues, axis=0)
    told = np.column_stack([np.vstack([clues, middle, middle]), np.ones(len(clues) + 2)])
    sign = np.where([*right, True, False], 1.0, -1.0)
    start = np.array(START)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        away, said = weights - start, sign * (told @ weights)
        slope = told.T @ (-sign * _wrong_share(said))
        value = np.logaddexp(0, -said).sum() + PENALTY / 2 * (away**2).sum()
        return float(value), slope + PENALTY * away

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return Calibration(weights=tuple(found[:-1].tolist()), intercept=float(found[-1]))


def _wrong_share(said: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share: npt.NDArray[np.float64] = np.exp(-np.logaddexp(0, said))
    return share
