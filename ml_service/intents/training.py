"""How a head over intents is learned, with parts left out so that nothing judges itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ml_service.domain.ports import Float32Array
from ml_service.intents.folds import assign_folds
from ml_service.intents.head import Floats, IntentHead, LinearMap
from ml_service.intents.judging import fit_judgement
from ml_service.intents.word_marks import N_PLACES, Marks, raw_marks, telling, weighed

Rows = npt.NDArray[np.intp]
Advance = Callable[[], None]
Scores = tuple[Floats, Floats]

STRENGTH = {"meaning": 10.0, "words": 10.0}
"""Inverse of the L2 penalty of each map."""

_MAX_ITERATIONS = 200


@dataclass(frozen=True)
class Examples:
    """``labels`` are places among the intents; a text out of scope has ``n_intents``."""

    texts: tuple[str, ...]
    vectors: Float32Array
    labels: Rows
    n_intents: int

    @property
    def n_outputs(self) -> int:
        return self.n_intents + bool((self.labels == self.n_intents).any())

    @cached_property
    def raw(self) -> list[dict[int, float]]:
        return [raw_marks(text) for text in self.texts]

    @cached_property
    def folds(self) -> Rows:
        return assign_folds(self.texts, self.vectors, self.labels)


@dataclass(frozen=True, slots=True)
class Fitted:
    """``unseen`` are the scores of each example by maps that never saw its part."""

    head: IntentHead
    unseen: Scores


def n_fits(n_folds: int) -> int:
    """How often ``fit_intents`` calls ``advance``."""
    return 2 * (n_folds + 1)


def fit_intents(examples: Examples, *, advance: Advance = lambda: None) -> Fitted:
    with threadpool_limits(2):  # the matrices are small: more threads would wait for each other
        unseen = unseen_scores(examples, advance=advance)
        judgement = fit_judgement(unseen, examples.labels, examples.n_intents)
        everything = np.arange(len(examples.labels))
        meaning, words, weights = _fit_maps(examples, everything, advance)
    return Fitted(IntentHead(meaning, words, weights, judgement), unseen)


def unseen_scores(examples: Examples, *, advance: Advance = lambda: None) -> Scores:
    shape = len(examples.labels), examples.n_outputs
    by_meaning, by_words = np.zeros(shape), np.zeros(shape)
    for fold in np.unique(examples.folds):
        held = np.flatnonzero(examples.folds == fold)
        meaning, words, weights = _fit_maps(
            examples, np.flatnonzero(examples.folds != fold), advance
        )
        by_meaning[held] = examples.vectors[held] @ meaning.weights + meaning.bias
        marks = marks_matrix([weighed(examples.raw[at], weights) for at in held])
        by_words[held] = marks @ words.weights + words.bias
    return by_meaning, by_words


def _fit_maps(
    examples: Examples, rows: Rows, advance: Advance
) -> tuple[LinearMap, LinearMap, Float32Array]:
    """By meaning and by words, and how telling the words' places are."""
    labels = examples.labels[rows]
    meaning = fit_linear(examples.vectors[rows], labels, STRENGTH["meaning"])
    advance()
    raw = [examples.raw[at] for at in rows]
    weights = telling(raw)
    marks = marks_matrix([weighed(text, weights) for text in raw])
    words = fit_linear(marks, labels, STRENGTH["words"])
    advance()
    return meaning, words, weights


def fit_linear(inputs: Any, labels: Rows, strength: float) -> LinearMap:
    """A multinomial logistic regression; ``inputs`` are dense or sparse. Every label is there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # so many steps are enough
        fitted = LogisticRegression(C=strength, max_iter=_MAX_ITERATIONS).fit(inputs, labels)
    weights, bias = fitted.coef_.T, fitted.intercept_
    if len(fitted.classes_) == 2:  # one column of log odds of the second against the first
        weights, bias = np.hstack([-weights / 2, weights / 2]), np.array([-bias[0], bias[0]]) / 2
    return LinearMap(weights.astype(np.float32), bias.astype(np.float32))


def marks_matrix(marks: Sequence[Marks]) -> csr_matrix[Any]:
    """Shape (n_texts, N_PLACES)."""

    ends = np.cumsum([0, *(len(places) for places, _ in marks)])
    places = np.concatenate([places for places, _ in marks])
    values = np.concatenate([values for _, values in marks])
    return csr_matrix((values, places, ends), shape=(len(marks), N_PLACES))
