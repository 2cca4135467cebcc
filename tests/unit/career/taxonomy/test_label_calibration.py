from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from ml_service.career.taxonomy.label_calibration import fit_label_calibration

Floats = npt.NDArray[np.float64]


def clues_of_log_odds(log_odds: Floats) -> Floats:
    return np.column_stack([log_odds, np.abs(log_odds)])


def test_where_all_was_right_two_labels_that_fit_alike_still_leave_it_unsure() -> None:
    clues = clues_of_log_odds(np.linspace(3, 9, 60))

    calibration = fit_label_calibration(clues, np.ones(60, dtype=bool))

    assert calibration.confidence((8, 8)) > 0.95
    assert calibration.confidence((0, 0)) < 0.75
    told = [calibration.confidence((clue, clue)) for clue in (0, 1, 2, 4, 8)]
    assert told == sorted(told)


def test_many_answers_count_for_more_than_the_start() -> None:
    chance = np.random.default_rng(3)
    log_odds = chance.normal(1, 2, 4_000)
    right = chance.random(4_000) < 1 / (1 + np.exp(-0.4 * log_odds))  # the model is too sure

    calibration = fit_label_calibration(clues_of_log_odds(log_odds), right)

    for clue in (0.5, 2.0, 4.0):
        expected = 1 / (1 + np.exp(-0.4 * clue))
        assert calibration.confidence((clue, clue)) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("right", [True, False])
def test_a_handful_of_answers_gives_no_certainty(right: bool) -> None:
    clues = clues_of_log_odds(np.array([5.0, 6.0, 7.0]))

    calibration = fit_label_calibration(clues, np.array([right] * 3))

    assert 0.05 < calibration.confidence((6, 6)) < 0.95
