"""How a head over own labels is learned from resumes, with folds so that nothing judges itself."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from ml_service.career.calibration import Calibration
from ml_service.career.fitting import fit_choice_weights
from ml_service.career.taxonomy.label_calibration import fit_label_calibration
from ml_service.career.taxonomy.label_head import (
    VIEWS,
    WORD_VIEWS,
    LabelHead,
    LinearMap,
    View,
    clues_of,
    features_of,
    vector_of,
    words_in,
)
from ml_service.career.taxonomy.label_mentions import PassageMentions, gather, learn_odds
from ml_service.career.taxonomy.passage_words import PassageWords
from ml_service.career.taxonomy.vocabulary import Vocabulary
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax, softmax

Rows = npt.NDArray[np.intp]
Advance = Callable[[], None]

STRENGTH = {"body": 40.0, "title": 10.0, "positions": 10.0, "mean": 250.0, "opening": 50.0}
"""Inverse of the L2 penalty of each view's map."""
RANKING_PENALTY = 3e-3
_FLOOR = -14.0
_MAX_ITERATIONS = 300


@dataclass(frozen=True, slots=True)
class LabelledResume:
    """``label`` is the position of its label among all."""

    name: str
    words: tuple[PassageWords, ...]
    mentions: tuple[PassageMentions, ...]
    label: int
    language: str


@dataclass(frozen=True, slots=True)
class Fitted:
    head: LabelHead
    calibration: Calibration


def fit_labels(
    resumes: Sequence[LabelledResume],
    folds: Sequence[int],
    *,
    n_labels: int,
    advance: Advance = lambda: None,
) -> Fitted:
    """``folds`` says for each resume in which part it is judged by what the others taught.

    The features that the ranking learns from, and the answers that the calibration learns from,
    are of resumes whose part that fit had not seen. ``advance`` is called after each fit of a
    view: (number of folds + 1) x 5 times.
    """
    with threadpool_limits(1):  # the matrices are small: threads would wait for each other
        parts = np.array(folds)
        learner = _Learner(resumes, n_labels, advance)
        features = learner.unseen(parts)
        right = np.eye(n_labels, dtype=bool)[learner.labels]
        ranking = fit_choice_weights(features, right, penalty=RANKING_PENALTY)
        return Fitted(learner.head(ranking), _calibration(features, right, parts))


def unseen_features(
    resumes: Sequence[LabelledResume], folds: Sequence[int], *, n_labels: int
) -> Float32Array:
    """What ``fit_labels`` learns its ranking from, of the shape (n_resumes, n_labels, n_features):
    a resume's labels, and those of all its part, say nothing about it.
    """
    with threadpool_limits(1):
        return _Learner(resumes, n_labels, lambda: None).unseen(np.array(folds))


class _Learner:
    """All views and the labels' names, fitted on some resumes and asked about others."""

    def __init__(self, resumes: Sequence[LabelledResume], n_labels: int, advance: Advance) -> None:
        self.labels: Rows = np.array([resume.label for resume in resumes])
        self._resumes, self._advance = resumes, advance
        self._views = [_View(view, resumes, self.labels, n_labels) for view in VIEWS]
        self._names = _Names(resumes, self.labels, n_labels)

    def unseen(self, parts: npt.NDArray[np.intp]) -> Float32Array:
        scores = [_out_of_fold(view, parts, self._advance) for view in self._views]
        return _features(self._resumes, np.stack(scores, axis=1), self._names, parts)

    def head(self, ranking: Float32Array) -> LabelHead:
        """Of all resumes."""
        everyone = np.arange(len(self.labels))
        odds, prior = self._names.fit(everyone)
        learned = {view.name: view.fit(everyone, self._advance) for view in self._views}
        return LabelHead(
            vocabularies={name: known for name, (known, _) in learned.items() if known},
            maps={name: linear for name, (_, linear) in learned.items()},
            odds=odds,
            prior=prior,
            ranking=ranking,
        )


class _View:
    """One view of all resumes, fitted on some of them and asked about others."""

    def __init__(
        self, name: View, resumes: Sequence[LabelledResume], labels: Rows, n_labels: int
    ) -> None:
        self.name, self._labels, self._n_labels = name, labels, n_labels
        self._texts: list[list[str]] = []
        self._vectors: Float32Array | None = None
        if name in WORD_VIEWS:
            self._texts = [words_in(name, resume.words) for resume in resumes]
        else:
            self._vectors = np.stack([vector_of(name, resume.words) for resume in resumes])

    def fit(self, rows: Rows, advance: Advance) -> tuple[Vocabulary | None, LinearMap]:
        known = None if self._vectors is not None else Vocabulary.of(self._chosen(rows))
        inputs = self._inputs(rows, known)
        linear = _logistic(inputs, self._labels[rows], self._n_labels, STRENGTH[self.name])
        advance()
        return known, linear

    def ask(self, rows: Rows, learned: tuple[Vocabulary | None, LinearMap]) -> Float32Array:
        known, linear = learned
        scores: Float32Array = self._inputs(rows, known) @ linear.weights + linear.bias
        return log_softmax(scores)

    def _inputs(self, rows: Rows, known: Vocabulary | None) -> Any:  # dense or sparse
        if self._vectors is not None:
            return self._vectors[rows]
        return (known or Vocabulary.of([])).matrix(self._chosen(rows))

    def _chosen(self, rows: Rows) -> list[list[str]]:
        return [self._texts[at] for at in rows]


def _out_of_fold(view: _View, parts: npt.NDArray[np.intp], advance: Advance) -> Float32Array:
    """What the view says of each resume when fitted on those of other parts."""
    answers: dict[int, Float32Array] = {}
    for part in np.unique(parts):
        held = np.flatnonzero(parts == part)
        said = view.ask(held, view.fit(np.flatnonzero(parts != part), advance))
        answers.update(zip(held.tolist(), said, strict=True))
    return np.stack([answers[at] for at in range(len(parts))])


def _logistic(inputs: Any, labels: Rows, n_labels: int, strength: float) -> LinearMap:
    """A label that is not among ``labels`` gets a score that it never wins with."""
    seen = np.unique(labels)
    weights = np.zeros((inputs.shape[1], n_labels), dtype=np.float32)
    bias = np.full(n_labels, _FLOOR, dtype=np.float32)
    if len(seen) == 1 or inputs.shape[1] == 0:
        counts = np.bincount(labels, minlength=n_labels)
        bias[seen] = np.log(counts[seen] / counts.sum())
        return LinearMap(weights, bias)
    with warnings.catch_warnings():
        # So many steps are enough, and labels of two resumes each are labels nevertheless.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "The number of unique classes is greater than 50%")
        fitted = LogisticRegression(C=strength, max_iter=_MAX_ITERATIONS).fit(inputs, labels)
    if len(seen) == 2:  # one row of log odds of the second against the first
        weights[:, seen[1]], bias[seen] = fitted.coef_[0], (0.0, fitted.intercept_[0])
    else:
        weights[:, seen], bias[seen] = fitted.coef_.T, fitted.intercept_
    return LinearMap(weights, bias)


def _features(
    resumes: Sequence[LabelledResume],
    unseen: Float32Array,
    names: _Names,
    parts: npt.NDArray[np.intp],
) -> Float32Array:
    """Of each resume with the odds and the prior that other parts taught."""
    rows: dict[int, Float32Array] = {}
    for part in np.unique(parts):
        odds, prior = names.fit(np.flatnonzero(parts != part))
        for at in np.flatnonzero(parts == part).tolist():
            rows[at] = features_of(unseen[at], resumes[at].mentions, odds=odds, prior=prior)
    return np.stack([rows[at] for at in range(len(resumes))])


class _Names:
    """What mentions of the labels' names, and how common the labels are, say of some resumes."""

    def __init__(self, resumes: Sequence[LabelledResume], labels: Rows, n_labels: int) -> None:
        self._kinds = np.stack([gather(resume.mentions)[0] for resume in resumes])
        self._labels, self._n_labels = labels, n_labels

    def fit(self, rows: Rows) -> tuple[Float32Array, Float32Array]:
        """Odds and prior."""
        labels = self._labels[rows]
        return learn_odds(self._kinds[rows], labels), _prior(labels, self._n_labels)


def _prior(labels: Rows, n_labels: int) -> Float32Array:
    counts = np.bincount(labels, minlength=n_labels) + 1
    prior: Float32Array = np.log(counts / counts.sum()).astype(np.float32)
    return prior


def _calibration(
    features: Float32Array, right: npt.NDArray[np.bool_], parts: npt.NDArray[np.intp]
) -> Calibration:
    """Of answers by a ranking that other parts taught."""
    clues, hits = [], []
    for part in np.unique(parts):
        ranking = fit_choice_weights(
            features[parts != part], right[parts != part], penalty=RANKING_PENALTY
        )
        for said, truth in zip(features[parts == part], right[parts == part], strict=True):
            probabilities = softmax(said @ ranking)
            clues.append(clues_of(probabilities))
            hits.append(bool(truth[probabilities.argmax()]))
    return fit_label_calibration(np.array(clues), np.array(hits))
