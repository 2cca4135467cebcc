from __future__ import annotations

import numpy as np
import pytest

from ml_service.career.evaluation import calibration_error, macro_f1
from ml_service.career.evaluation_tables import (
    AnswerCount,
    AtThreshold,
    PredictionSets,
    answer_counts,
    by_class,
    by_confidence,
    by_threshold,
    prediction_sets,
    share_interval,
    told_labels,
)

PREDICTED = ["a", "b", "c", "a", ""]
RIGHT = [{"a"}, {"b", "a"}, {"b", "a"}, {"b"}, {"b"}]


def test_of_several_right_labels_the_answered_one_counts_else_the_first() -> None:
    assert told_labels(PREDICTED, RIGHT) == (
        ("a", "a"),
        ("b", "b"),
        ("a", "c"),
        ("b", "a"),
        ("b", ""),
    )


def test_figures_by_class_and_their_mean_is_macro_f1() -> None:
    first, second = by_class(told_labels(PREDICTED, RIGHT))

    assert (first.label, first.n, first.n_answered) == ("a", 2, 2)
    assert (first.precision, first.recall, first.f1) == (0.5, 0.5, 0.5)
    assert (second.label, second.n, second.precision) == ("b", 3, 1.0)
    assert second.recall == pytest.approx(1 / 3)
    assert (first.f1 + second.f1) / 2 == pytest.approx(macro_f1(PREDICTED, RIGHT))


def test_a_label_that_never_was_the_answer_has_no_precision() -> None:
    (figures,) = by_class([("a", "b")])

    assert (figures.precision, figures.recall, figures.f1) == (None, 0, 0)


def test_answers_are_counted_most_frequent_first() -> None:
    assert answer_counts([("b", "a"), ("a", "a"), ("b", "a"), ("a", "c")]) == (
        AnswerCount("b", "a", 2),
        AnswerCount("a", "a", 1),
        AnswerCount("a", "c", 1),
    )


def test_bins_hold_every_row_once_and_add_up_to_the_ece() -> None:
    chance = np.random.default_rng(3)
    confidences = np.append(chance.uniform(0, 1, 200), [0.0, 1.0])
    right = chance.random(202) < confidences

    bins = by_confidence(confidences, right)

    assert sum(row.n for row in bins) == 202
    assert all(row.low <= row.confidence <= row.high for row in bins)
    assert bins[-1].high == 1
    gaps = sum(row.n * abs(row.accuracy - row.confidence) for row in bins)
    assert gaps / 202 == pytest.approx(calibration_error(confidences, right).ece)


def test_a_higher_threshold_answers_less_and_what_is_held_back_never() -> None:
    rows = by_threshold(
        np.array([0.9, 0.6, 0.3, 0.8]),
        np.array([True, True, False, False]),
        np.array([False, False, False, True]),
        own=0.62,
    )
    found = {row.threshold: row for row in rows}

    assert found[0.0] == AtThreshold(0.0, 3, 0.75, 2 / 3)
    assert found[0.5] == AtThreshold(0.5, 2, 0.5, 1.0)
    assert found[0.62] == AtThreshold(0.62, 1, 0.25, 1.0)
    assert found[0.95] == AtThreshold(0.95, 0, 0.0, None)
    assert len(rows) == 21


def test_sets_are_measured_on_the_rows_that_reach_the_level() -> None:
    sets = prediction_sets(
        ranked=[["a", "b", "c"], ["a", "b", "c"], ["a", "b", "c"]],
        confidences=[[0.6, 0.3, 0.05], [0.95, 0.03, 0.02], [0.3, 0.2, 0.1]],
        right=[{"b"}, {"b"}, {"a"}],
    )
    by_level = {row.level: row for row in sets}

    assert by_level[0.5] == PredictionSets(0.5, 1.0, 4 / 3, 1 / 3)
    assert by_level[0.9] == PredictionSets(0.9, 2 / 3, 1.5, 0.5)


def test_a_level_that_no_row_reaches_has_no_figures() -> None:
    sets = prediction_sets([["a"]], [[0.4]], [{"a"}])

    assert {(row.reached, row.mean_size, row.covered) for row in sets} == {(0.0, None, None)}


def test_the_interval_of_a_share_at_its_edges_and_in_the_middle() -> None:
    assert share_interval(0, 10).low == 0
    assert share_interval(0, 10).high == pytest.approx(0.278, abs=0.001)
    assert share_interval(10, 10).high == pytest.approx(1)
    middle = share_interval(50, 100)
    assert (middle.low, middle.high) == pytest.approx((0.404, 0.596), abs=0.001)


def test_nothing_to_measure_is_an_error_not_a_zero() -> None:
    nothing = np.array([]), np.array([], dtype=bool), np.array([], dtype=bool)
    with pytest.raises(ValueError, match="no rows"):
        by_threshold(*nothing, own=0.5)
    with pytest.raises(ValueError, match="no rows"):
        prediction_sets([], [], [])
