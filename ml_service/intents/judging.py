"""How far words and meaning are believed, and when a text is out of scope; from scores of texts
that the maps had not seen.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from ml_service.domain.shares import log_softmax
from ml_service.intents.head import (
    Floats,
    Judgement,
    OutOfScope,
    join,
    judge,
    scope_clues,
)

Bools = npt.NDArray[np.bool_]
Scores = tuple[Floats, Floats]

OUT_OF_SCOPE_SHARE = 2 / 11
"""Of requests, as ``p_out_of_scope`` and the threshold expect it, whatever share of the examples
they are: those are collected apart, so that their number says nothing. 1,000 to 4,500."""

WORD_SHARES = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0)
"""Tried side by side: meaning alone, words alone, and both."""

KEPT_IN_SCOPE = 0.97
"""Of the examples, where none out of scope is there to learn a threshold from."""

LEAST_DOUBT = 0.1
"""Of a text out of scope, there: clean answers on all examples say nothing about other texts."""

_STRENGTH = 0.1
_LOG_TEMPERATURES = (-1.5, 3.0)
_N_RESAMPLES = 200


def fit_judgement(scores: Scores, labels: npt.NDArray[np.intp], n_intents: int) -> Judgement:
    """``labels`` as in ``Examples``."""
    in_scope = labels < n_intents
    share, temperature = _best_way(
        (scores[0][in_scope], scores[1][in_scope]), labels[in_scope], n_intents
    )
    if in_scope.all():
        return _without_examples(scores, n_intents, share, temperature)
    clues = scope_clues(scores, join(scores, share), n_intents)
    weights, intercept = _fit_scope(clues, ~in_scope)
    unset = Judgement(share, temperature, OutOfScope(weights, intercept, 0.5))
    chances = judge(scores, n_intents, unset).p_out_of_scope
    threshold = choose_threshold(chances, ~in_scope)
    return Judgement(share, temperature, OutOfScope(weights, intercept, threshold))


def losses_by_way(
    scores: Scores, labels: npt.NDArray[np.intp], n_intents: int
) -> dict[float, tuple[float, float]]:
    """For each share of the words the mean log loss among the intents, and its temperature."""
    found = {}
    for share in WORD_SHARES:
        intents = join(scores, share)[:, :n_intents]

        def loss(log_temperature: float, intents: Floats = intents) -> float:
            likely = log_softmax(intents / np.exp(log_temperature))
            return -float(likely[np.arange(len(labels)), labels].mean())

        best = minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded")
        found[share] = float(best.fun), float(np.exp(best.x))
    return found


def _best_way(scores: Scores, labels: npt.NDArray[np.intp], n_intents: int) -> tuple[float, float]:
    """Share of the words and temperature."""
    ways = losses_by_way(scores, labels, n_intents)
    share = min(ways, key=lambda share: ways[share][0])
    return share, ways[share][1]


def _without_examples(
    scores: Scores, n_intents: int, share: float, temperature: float
) -> Judgement:
    unset = Judgement(share, temperature, OutOfScope((), 0.0, 1.0))
    doubts = judge(scores, n_intents, unset).p_out_of_scope
    threshold = max(float(np.quantile(doubts, KEPT_IN_SCOPE)), LEAST_DOUBT)
    return Judgement(share, temperature, OutOfScope((), 0.0, threshold))


def _fit_scope(clues: Floats, out_of_scope: Bools) -> tuple[tuple[float, ...], float]:
    """Few examples decide: the penalty holds the weights of the standardised clues small."""
    mean, scale = clues.mean(axis=0), clues.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=_STRENGTH, max_iter=1_000)
    fitted.fit((clues - mean) / scale, out_of_scope, sample_weight=request_weights(out_of_scope))
    weights = fitted.coef_[0] / scale
    return tuple(weights.tolist()), float(fitted.intercept_[0] - weights @ mean)


def request_weights(out_of_scope: Bools) -> Floats:
    """Of examples, so that those out of scope are ``OUT_OF_SCOPE_SHARE`` of all; mean 1."""
    share = out_of_scope.mean()
    weights: Floats = np.where(
        out_of_scope, OUT_OF_SCOPE_SHARE / share, (1 - OUT_OF_SCOPE_SHARE) / (1 - share)
    )
    return weights


def choose_threshold(chances: Floats, out_of_scope: Bools, *, seed: int = 0) -> float:
    """The ``p_out_of_scope`` from which a text counts as such, for the best F1 at
    ``OUT_OF_SCOPE_SHARE``: the median over resamples, since one best threshold is luck.
    """
    chance = np.random.default_rng(seed)
    inside, outside = chances[~out_of_scope], chances[out_of_scope]
    found = []
    for _ in range(_N_RESAMPLES):
        drawn = chance.choice(inside, len(inside)), chance.choice(outside, len(outside))
        truth = np.repeat([False, True], [len(inside), len(outside)])
        found.append(_best_threshold(np.concatenate(drawn), truth))
    return float(np.median(found))


def _best_threshold(chances: Floats, out_of_scope: Bools) -> float:
    order = np.argsort(-chances, kind="stable")
    weights = request_weights(out_of_scope)[order]
    hits = np.cumsum(np.where(out_of_scope[order], weights, 0.0))
    asked = np.cumsum(weights)
    return float(chances[order][np.argmax(2 * hits / (asked + hits[-1]))])


def scope_f1(said: Bools, out_of_scope: Bools, weights: Floats) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was said to be out of scope."""
    hits = float(weights[said & out_of_scope].sum())
    precision = hits / max(float(weights[said].sum()), 1e-12)
    recall = hits / max(float(weights[out_of_scope].sum()), 1e-12)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)
