"""A rounded matrix gives nearly what the matrix gave, for inputs like those it was fitted to."""

from __future__ import annotations

import numpy as np
import pytest
from encoder_rounding import (
    WEIGHT_MOST,
    Floats,
    RoundedMatrix,
    SeenInputs,
    multiplying,
    round_matrix,
)

N_INPUTS, N_OUTPUTS = 48, 20


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def weight(chance: np.random.Generator) -> Floats:
    return chance.normal(size=(N_OUTPUTS, N_INPUTS)).astype(np.float32)


@pytest.fixture
def bias(chance: np.random.Generator) -> Floats:
    return chance.normal(size=N_OUTPUTS).astype(np.float32)


@pytest.fixture
def rows(chance: np.random.Generator) -> Floats:
    """Channels that hang together; one is thirty times as large as the others."""
    mixed = chance.normal(size=(600, N_INPUTS)) @ chance.normal(size=(N_INPUTS, N_INPUTS))
    mixed[:, 7] *= 30
    return mixed.astype(np.float32)


def rounded(weight: Floats, bias: Floats, rows: Floats) -> RoundedMatrix:
    seen = SeenInputs(N_INPUTS)
    seen.see(rows[:300])
    seen.see(rows[300:])
    return round_matrix(weight, bias, seen)


def product(rows: Floats, matrix: RoundedMatrix) -> Floats:
    """As the graph's operators multiply."""
    given = rows if matrix.multipliers is None else rows * matrix.multipliers
    whole = np.clip(np.rint(given / matrix.scale) + matrix.zero, 0, 255) - matrix.zero
    found: Floats = (whole * matrix.scale) @ matrix.whole.T.astype(np.float32) * matrix.scales
    return found + matrix.bias


def mean_error(found: Floats, wanted: Floats) -> float:
    return float(np.sqrt(np.mean((found - wanted) ** 2)) / wanted.std())


def test_products_stay_near(weight: Floats, bias: Floats, rows: Floats) -> None:
    matrix = rounded(weight, bias, rows)

    assert matrix.whole.shape == weight.shape
    assert np.abs(matrix.whole.astype(int)).max() <= WEIGHT_MOST
    assert mean_error(product(rows, matrix), rows @ weight.T + bias) < 0.02


def test_columns_make_up_for_each_other(weight: Floats, bias: Floats, rows: Floats) -> None:
    matrix = rounded(weight, bias, rows)
    assert matrix.multipliers is not None
    multipliers, per_output = matrix.multipliers, matrix.scales[:, np.newaxis]
    plain = np.rint(weight / multipliers / per_output)

    def lost(whole: Floats) -> float:
        """By rounding the matrix alone."""
        difference = weight - whole * per_output * multipliers
        return float(np.mean((rows @ difference.T) ** 2))

    assert lost(matrix.whole.astype(np.float32)) < 0.5 * lost(plain)


def test_what_was_seen_is_not_cut_off(weight: Floats, bias: Floats, rows: Floats) -> None:
    matrix = rounded(weight, bias, rows)
    assert matrix.multipliers is not None

    given = rows * matrix.multipliers / matrix.scale + matrix.zero

    assert given.min() >= -0.5 - 1e-3
    assert given.max() <= 255.5 + 1e-3
    assert given.max() - given.min() > 254


def test_last_outputs_may_come_multiplied(weight: Floats, bias: Floats, rows: Floats) -> None:
    matrix = rounded(weight, bias, rows)
    multipliers = np.array([2.0, 0.5, 3.0], np.float32)

    found = product(rows, multiplying(matrix, multipliers))

    wanted = product(rows, matrix)
    np.testing.assert_allclose(found[:, :-3], wanted[:, :-3], rtol=1e-5)
    np.testing.assert_allclose(found[:, -3:], wanted[:, -3:] * multipliers, rtol=1e-4, atol=1e-4)


def test_a_channel_that_nothing_used_and_an_output_of_nothing_are_no_division_by_zero(
    weight: Floats, bias: Floats, rows: Floats
) -> None:
    weight[3], rows[:, 11] = 0, 0

    matrix = rounded(weight, bias, rows)

    np.testing.assert_array_equal(matrix.whole[3], 0)
    assert np.isfinite(product(rows, matrix)).all()
