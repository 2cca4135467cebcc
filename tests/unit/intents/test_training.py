from __future__ import annotations

import numpy as np

from ml_service.intents.measuring import figures, unseen_answers
from ml_service.intents.training import Fitted, fit_intents, fit_linear, n_fits
from tests.unit.intents.requests import INTENTS, examples_of, fitted_requests


def test_scores_of_texts_that_were_not_seen_are_good_and_no_better_than_seen(
    fitted: Fitted,
) -> None:
    examples = examples_of(*INTENTS, "out_of_scope")
    answers = unseen_answers(fitted.unseen, examples.labels, 3, examples.folds)
    table = figures(answers, (*INTENTS, "out_of_scope"))

    assert table["accuracy_in_scope"] > 0.9
    assert table["out_of_scope_f1"] > 0.5
    assert table["n_in_scope"] + table["n_out_of_scope"] == len(examples.labels)
    assert table["accuracy_in_scope_refused_is_wrong"] <= table["accuracy_in_scope"]


def test_labels_that_say_nothing_are_not_learned_by_heart() -> None:
    examples = examples_of(*INTENTS)
    shuffled = np.random.default_rng(0).permutation(examples.labels)
    answers_by_chance = fit_intents(
        type(examples)(examples.texts, examples.vectors, shuffled, examples.n_intents)
    ).unseen[0]

    assert (answers_by_chance.argmax(axis=1) == shuffled).mean() < 0.55


def test_the_same_examples_give_the_same_head(fitted: Fitted) -> None:
    again = fitted_requests()

    assert np.array_equal(again.head.words.weights, fitted.head.words.weights)
    assert again.head.judgement == fitted.head.judgement


def test_progress_is_told_with_each_fit() -> None:
    steps: list[None] = []
    fit_intents(examples_of(*INTENTS), advance=lambda: steps.append(None))

    assert len(steps) == n_fits(5)


def test_two_labels_have_a_column_each() -> None:
    inputs = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], dtype=np.float32)
    linear = fit_linear(inputs, np.array([0, 0, 1, 1]), 10.0)
    scores = inputs @ linear.weights + linear.bias

    assert linear.weights.shape == (2, 2)
    assert scores.argmax(axis=1).tolist() == [0, 0, 1, 1]
