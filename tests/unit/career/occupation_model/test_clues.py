import numpy as np
import pytest

from ml_service.career.occupation_model.clues import CLUES, clues_of
from ml_service.career.occupation_model.features import COLUMNS, FEATURES


def test_clues_are_of_the_first_answer() -> None:
    features = np.zeros((3, len(FEATURES)), dtype=np.float32)
    features[:, COLUMNS["exact_1"]] = [0, 0.5, 0]
    features[:, COLUMNS["alike_1"]] = [0.1, 0.9, 0.3]
    features[:, COLUMNS["said_1"]] = [-1, -3, -9]
    clues = dict(zip(CLUES, clues_of(np.array([0.2, 0.7, 0.1]), features), strict=True))
    assert clues["log_odds"] == pytest.approx(np.log(7 / 3))
    assert clues["lead"] == pytest.approx(np.log(7 / 2))
    assert clues["stated"] == 1
    assert clues["alike"] == pytest.approx(0.9)
    assert clues["said_behind_best"] == pytest.approx(-2)
    assert clues["headline_known"] == 0


def test_an_answer_that_is_certain_has_clues_that_are_numbers() -> None:
    features = np.zeros((2, len(FEATURES)), dtype=np.float32)
    assert np.isfinite(clues_of(np.array([1.0, 0.0]), features)).all()
