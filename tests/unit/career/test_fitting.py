import numpy as np
import pytest

from ml_service.career.fitting import (
    LabelledVectors,
    fit_calibration,
    fit_choice_weights,
    fit_projection,
)


def test_a_projection_learns_which_vectors_belong_to_which_class() -> None:
    vectors = np.eye(3, dtype=np.float32).repeat(20, axis=0)
    classes = np.repeat(np.array([[2, -1], [0, -1], [1, 0]], dtype=np.int32), 20, axis=0)
    start = (np.zeros((3, 3), dtype=np.float32), np.zeros(3, dtype=np.float32))
    weights, bias = fit_projection(
        LabelledVectors(vectors, classes, np.ones(60, dtype=np.float32)),
        start=start,
        epochs=60,
        learning_rate=0.1,
        decay=1e-4,
        seed=3,
    )
    best = (np.eye(3, dtype=np.float32) @ weights + bias).argmax(axis=1)
    assert best[0] == 2
    assert best[1] == 0
    assert best[2] in {0, 1}


def test_the_same_seed_gives_the_same_projection() -> None:
    chance = np.random.default_rng(1)
    examples = LabelledVectors(
        chance.normal(size=(50, 4)).astype(np.float32),
        chance.integers(0, 3, (50, 1)).astype(np.int32),
        np.ones(50, dtype=np.float32),
    )
    start = (np.zeros((4, 3), dtype=np.float32), np.zeros(3, dtype=np.float32))
    first, second = (
        fit_projection(examples, start=start, epochs=2, learning_rate=0.1, decay=0.0, seed=9)[0]
        for _ in range(2)
    )
    assert np.array_equal(first, second)


def test_choice_weights_favour_the_feature_that_tells_the_right_code() -> None:
    chance = np.random.default_rng(2)
    right = np.eye(5, dtype=bool)[chance.integers(0, 5, 80)]
    noise = chance.normal(size=(80, 5))
    features = np.stack([right + 0.1 * noise, chance.normal(size=(80, 5))], axis=2)
    weights = fit_choice_weights(features.astype(np.float32), right)
    assert weights[0] > 10 * abs(weights[1])


def test_calibration_follows_the_share_that_was_right() -> None:
    clues = np.repeat([[0.0], [1.0]], 200, axis=0)
    right = np.array([True] * 60 + [False] * 140 + [True] * 180 + [False] * 20)
    weights, intercept = fit_calibration(clues, right)
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(0.3, abs=0.03)
    assert 1 / (1 + np.exp(-intercept - weights[0])) == pytest.approx(0.9, abs=0.03)
