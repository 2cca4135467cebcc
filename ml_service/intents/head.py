"""The learned part of a model of intents: two linear maps, and how far each is believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax, softmax
from ml_service.intents.word_marks import Marks

Floats = npt.NDArray[np.float64]
N_CLUES = 4


@dataclass(frozen=True, slots=True)
class LinearMap:
    """``weights`` (n_inputs, n_outputs) and ``bias`` (n_outputs,); scores are log odds."""

    weights: Float32Array
    bias: Float32Array


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """A logistic regression over ``scope_clues``; ``weights`` are empty where no example of it was
    given: then a text is out of scope that fits no intent well.
    """

    weights: tuple[float, ...]
    intercept: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """``words_share`` is how much the words count beside the meaning, 0 to 1; ``temperature``
    makes the shares of the intents as sure as they are right.
    """

    words_share: float
    temperature: float
    out_of_scope: OutOfScope


@dataclass(frozen=True, slots=True)
class IntentHead:
    """``meaning`` reads a vector, ``words`` reads ``Marks`` weighed with ``telling``. Both give a
    score for each intent, in one order, and with examples out of scope one more, the last.
    """

    meaning: LinearMap
    words: LinearMap
    telling: Float32Array
    judgement: Judgement

    def scores(self, vectors: Float32Array, marks: Sequence[Marks]) -> tuple[Floats, Floats]:
        """By meaning and by words: each of the shape (n_texts, n_outputs)."""
        by_meaning = vectors @ self.meaning.weights + self.meaning.bias
        by_words = [
            values @ self.words.weights[places] + self.words.bias for places, values in marks
        ]
        return by_meaning.astype(np.float64), np.array(by_words, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """``shares`` (n_texts, n_intents) of each text sum to 1, as if it were in scope;
    ``p_out_of_scope`` (n_texts,).
    """

    shares: Floats
    p_out_of_scope: Floats

    def confidences(self, judgement: Judgement) -> Floats:
        """Shape (n_texts, n_intents): that a text is in scope and wants just this."""
        if not judgement.out_of_scope.weights:
            return self.shares
        return self.shares * (1 - self.p_out_of_scope)[:, None]


def judge(scores: tuple[Floats, Floats], n_intents: int, judgement: Judgement) -> Verdicts:
    joined = join(scores, judgement.words_share)
    shares = softmax(joined[:, :n_intents] / judgement.temperature)
    scope = judgement.out_of_scope
    if not scope.weights:
        return Verdicts(shares, 1 - shares.max(axis=1))
    logit = scope_clues(scores, joined, n_intents) @ np.array(scope.weights) + scope.intercept
    return Verdicts(shares, np.exp(-np.logaddexp(0, -logit)))


def join(scores: tuple[Floats, Floats], words_share: float) -> Floats:
    """A weighted mean of what meaning and words say, in logarithms."""
    by_meaning, by_words = map(log_softmax, scores)
    return (1 - words_share) * by_meaning + words_share * by_words


def scope_clues(scores: tuple[Floats, Floats], joined: Floats, n_intents: int) -> Floats:
    """Shape (n_texts, N_CLUES): how much the last output beats all intents, and the best; how
    little evidence for any intent there is by meaning and by words.

    Source of the last two: Liu and others, Energy-based Out-of-distribution Detection, 2020.
    """
    intents = joined[:, :n_intents]
    return np.stack(
        [
            joined[:, n_intents] - log_sum(intents),
            joined[:, n_intents] - intents.max(axis=1),
            *(-log_sum(said[:, :n_intents]) for said in scores),
        ],
        axis=1,
    )


def log_sum(scores: Floats) -> Floats:
    """The logarithm of the sum of exponentials over the last axis."""
    most = scores.max(axis=-1)
    total: Floats = most + np.log(np.exp(scores - most[..., None]).sum(axis=-1))
    return total
