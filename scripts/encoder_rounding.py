"""Matrices of an encoder in whole numbers, rounded so that what they give changes least.

What is multiplied with a matrix gets one fixed scale: each of its channels is divided beforehand
by the root of the largest number that it was seen to hold, and the matrix's column multiplied by
it (SmoothQuant, Xiao et al., arXiv:2211.10438). A matrix is rounded column by column, and what a
column loses is made up for by those that are still to be rounded (GPTQ, Frantar et al.,
arXiv:2210.17323).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WEIGHT_MOST = 63
"""Processors without VNNI add two products in sixteen bits: 2 x 255 x 63 still fits."""
_INPUT_MOST = 255
_EVENED_BY = 0.5
"""Power of the largest number of a channel: how much of its size moves into the matrix."""
_LEAST_CHANNEL = 1e-4
_DAMPING = 0.01
"""Of the mean square of the inputs: columns that inputs hardly use stay near what they were."""


@dataclass(frozen=True, slots=True)
class RoundedMatrix:
    """``round(x * multipliers / scale + zero)``, from 0 to 255, is multiplied with ``whole``.T; the
    product times ``scale`` and ``scales``, and ``bias`` added. ``whole`` (outputs, inputs) keeps to
    WEIGHT_MOST on both sides of 0; without ``multipliers`` (inputs,) x comes multiplied already.
    """

    whole: npt.NDArray[np.int8]
    scales: Floats
    bias: Floats
    scale: float
    zero: int
    multipliers: Floats | None


@dataclass(slots=True)
class SeenInputs:
    """What was multiplied with a matrix of ``n_inputs`` columns, row by row."""

    n_inputs: int
    n_rows: int = 0
    least: Floats = field(init=False)
    most: Floats = field(init=False)
    total: npt.NDArray[np.float64] = field(init=False)
    products: npt.NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.least = np.zeros(self.n_inputs, np.float32)
        self.most = np.zeros(self.n_inputs, np.float32)
        self.total = np.zeros(self.n_inputs)
        self.products = np.zeros((self.n_inputs, self.n_inputs))

    def see(self, rows: Floats) -> None:
        self.n_rows += len(rows)
        self.least = np.minimum(self.least, rows.min(axis=0))
        self.most = np.maximum(self.most, rows.max(axis=0))
        self.total += rows.sum(axis=0)
        self.products += rows.T @ rows


def round_matrix(weight: Floats, bias: Floats, seen: SeenInputs) -> RoundedMatrix:
    """``weight`` (outputs, inputs)."""
    largest = np.maximum(seen.most, -seen.least)
    divisors = np.maximum(largest, _LEAST_CHANNEL) ** _EVENED_BY
    most, least = float((seen.most / divisors).max()), float((seen.least / divisors).min())
    scale = (most - least) / _INPUT_MOST
    evened = weight * divisors
    scales = np.abs(evened).max(axis=1) / WEIGHT_MOST
    scales[scales == 0] = 1
    products = seen.products / seen.n_rows / np.outer(divisors, divisors)
    whole = _column_by_column(evened / scales[:, np.newaxis], products)
    lost = weight - whole * scales[:, np.newaxis] / divisors
    return RoundedMatrix(
        whole=whole.astype(np.int8),
        scales=scales.astype(np.float32),
        bias=(bias + lost @ (seen.total / seen.n_rows)).astype(np.float32),
        scale=scale,
        zero=round(-least / scale),
        multipliers=(1 / divisors).astype(np.float32),
    )


def multiplying(before: RoundedMatrix, multipliers: Floats) -> RoundedMatrix:
    """What multiplies its last outputs itself, so that the next matrix need not."""
    by = np.ones_like(before.scales)
    by[-len(multipliers) :] = multipliers
    return replace(before, scales=before.scales * by, bias=before.bias * by)


def _column_by_column(
    wanted: npt.NDArray[np.float64], products: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Whole numbers. The columns that inputs use most come first."""
    n_columns = len(products)
    damped = products + np.eye(n_columns) * _DAMPING * np.trace(products) / n_columns
    order = np.argsort(-damped.diagonal(), kind="stable")
    # Upper triangle: how an error of a column is made up for by those after it.
    makes_up = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    left = wanted[:, order].astype(np.float64)
    whole = np.empty_like(left)
    for column in range(n_columns):
        whole[:, column] = np.clip(np.rint(left[:, column]), -WEIGHT_MOST, WEIGHT_MOST)
        error = (left[:, column] - whole[:, column]) / makes_up[column, column]
        left[:, column:] -= np.outer(error, makes_up[column, column:])
    return whole[:, np.argsort(order)]
