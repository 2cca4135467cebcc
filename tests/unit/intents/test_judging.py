from __future__ import annotations

import numpy as np

from ml_service.domain.shares import calibration_gap
from ml_service.intents.head import judge
from ml_service.intents.judging import (
    OUT_OF_SCOPE_SHARE,
    choose_threshold,
    fit_judgement,
    request_weights,
    scope_f1,
)
from ml_service.intents.measuring import answers_of, class_figures, confusions
from ml_service.intents.training import Fitted
from tests.unit.intents.requests import INTENTS, examples_of


def test_examples_out_of_scope_weigh_as_requests_do() -> None:
    weights = request_weights(np.array([True] + [False] * 99))

    assert np.isclose(weights[0] / weights.sum(), OUT_OF_SCOPE_SHARE)
    assert np.isclose(weights.mean(), 1)


def test_the_threshold_lies_between_what_is_apart() -> None:
    chances = np.array([0.1, 0.2, 0.3, 0.8, 0.9])
    outside = np.array([False, False, False, True, True])

    threshold = choose_threshold(chances, outside)

    assert 0.3 < threshold <= 0.9
    assert scope_f1(chances >= 0.8, outside, np.ones(5)) == (1, 1, 1)
    assert scope_f1(chances >= 0.95, outside, np.ones(5))[2] == 0


def test_words_alone_are_believed_where_vectors_say_nothing() -> None:
    labels = np.arange(200) % 3
    told = np.eye(3)[labels] * 4
    nothing = np.random.default_rng(0).normal(size=(200, 3))

    assert fit_judgement((nothing, told), labels, 3).words_share >= 0.7
    assert fit_judgement((told, nothing), labels, 3).words_share <= 0.3


def test_overconfident_scores_are_cooled() -> None:
    labels = np.arange(300) % 3
    said = np.where(np.arange(300) % 4 == 0, (labels + 1) % 3, labels)  # a quarter is wrong
    scores = np.eye(3)[said] * 12

    judgement = fit_judgement((scores, scores), labels, 3)
    shares = judge((scores, scores), 3, judgement).shares.max(axis=1)

    assert 0.7 < shares.mean() < 0.8
    assert calibration_gap(shares, said == labels, np.ones(300)) < 0.02


def test_without_examples_out_of_scope_nearly_all_in_scope_pass() -> None:
    chance = np.random.default_rng(0)
    labels = np.arange(400) % 3
    scores = np.eye(3)[labels] * 3 + chance.normal(size=(400, 3))

    judgement = fit_judgement((scores, scores), labels, 3)
    refused = answers_of((scores, scores), labels, 3, judgement).refused

    assert judgement.out_of_scope.weights == ()
    assert 0.02 <= refused.mean() <= 0.04


def test_answers_are_counted_by_label(fitted: Fitted) -> None:
    examples = examples_of(*INTENTS, "out_of_scope")
    answers = answers_of(fitted.unseen, examples.labels, 3, fitted.head.judgement)
    classes = class_figures(answers, (*INTENTS, "out_of_scope"))

    assert sum(confusions(answers).values()) == len(examples.labels)
    assert {name: row["n"] for name, row in classes.items()} == {
        "book_table": 32, "order_pizza": 32, "play_music": 32, "out_of_scope": 48,
    }  # fmt: skip
    assert sum(row["n_answered"] for row in classes.values()) == len(examples.labels)
