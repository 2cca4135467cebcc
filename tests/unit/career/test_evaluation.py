import numpy as np
import pytest

from ml_service.career.evaluation import (
    accuracy_at_coverage,
    calibration_error,
    macro_f1,
    top_k_accuracy,
)

RANKED = [["a", "b", "c"], ["b", "a", "c"], ["c", "b", "a"]]


def test_any_right_code_among_the_first_k_counts() -> None:
    right = [{"a"}, {"a", "x"}, {"a"}]
    assert top_k_accuracy(RANKED, right, k=1) == pytest.approx(1 / 3)
    assert top_k_accuracy(RANKED, right, k=2) == pytest.approx(2 / 3)
    assert top_k_accuracy(RANKED, right, k=3) == 1


def test_ece_of_a_known_case() -> None:
    error = calibration_error(np.full(10, 0.9), np.array([True] * 6 + [False] * 4))
    assert error.ece == pytest.approx(0.3)
    assert error.low <= 0.3 <= error.high


def test_the_floor_is_what_chance_alone_would_show() -> None:
    chance = np.random.default_rng(5)
    confidences = chance.uniform(0, 1, 400)
    error = calibration_error(confidences, chance.random(400) < confidences)
    assert 0 < error.floor < 0.1
    assert error.ece == pytest.approx(error.floor, abs=0.05)


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert calibration_error(np.ones(4), np.ones(4, dtype=bool)).ece == 0


def test_coverage_keeps_the_surest() -> None:
    table = accuracy_at_coverage(
        np.array([0.1, 0.9, 0.8, 0.2]), np.array([False, True, True, False])
    )
    assert table == {0.25: 1.0, 0.5: 1.0, 0.75: pytest.approx(2 / 3), 1.0: 0.5}


def test_macro_f1_weighs_every_label_alike() -> None:
    assert macro_f1(["a", "a", "b"], [{"a"}, {"a"}, {"b"}]) == 1
    assert macro_f1(["a", "a", "a"], [{"a"}, {"a"}, {"b"}]) == pytest.approx(0.4)


def test_nothing_to_measure_is_an_error_not_a_zero() -> None:
    with pytest.raises(ValueError, match="no rows"):
        top_k_accuracy([], [], k=1)
    with pytest.raises(ValueError, match="no rows"):
        calibration_error(np.array([]), np.array([], dtype=bool))
    with pytest.raises(ValueError, match="no rows"):
        accuracy_at_coverage(np.array([]), np.array([], dtype=bool))
    with pytest.raises(ValueError, match="no rows"):
        macro_f1([], [])
