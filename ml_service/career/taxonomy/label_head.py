"""The learned part of a model of own labels: plain arrays beside a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import log_softmax
from ml_service.career.taxonomy.label_mentions import PassageMentions, gather
from ml_service.career.taxonomy.passage_words import PassageWords
from ml_service.career.taxonomy.vocabulary import Vocabulary
from ml_service.domain.ports import Float32Array

WORD_VIEWS = ("body", "title", "positions")
VECTOR_VIEWS = ("mean", "opening")
VIEWS = (*WORD_VIEWS, *VECTOR_VIEWS)

View = str
N_CLUES = 2
MIN_LABELS = 2


@dataclass(frozen=True, slots=True)
class LinearMap:
    """``weights`` (n_inputs, n_labels) and ``bias`` (n_labels,); scores are log odds."""

    weights: Float32Array
    bias: Float32Array


@dataclass(frozen=True, slots=True)
class LabelHead:
    """Five views of a resume, each with a linear map; the odds of mentions; and how much each of
    ``features`` counts in the end, the same for every label.
    """

    vocabularies: Mapping[View, Vocabulary]
    maps: Mapping[View, LinearMap]
    odds: Float32Array
    prior: Float32Array
    ranking: Float32Array


def words_in(view: View, resume: Sequence[PassageWords]) -> list[str]:
    """The words that a view sees. The first passage opens with the title line."""
    if view == "body":
        return [word for entry in resume for word in entry.body]
    title = list(resume[0].opening) if resume else []
    if view == "title":
        return title
    return title + [term for entry in resume for term in entry.positions]


def vector_of(view: View, resume: Sequence[PassageWords]) -> Float32Array:
    """Shape (n_dims,). The resume has a passage at least."""
    if view == "opening":
        return resume[0].vector
    mean: Float32Array = np.mean([entry.vector for entry in resume], axis=0)
    return mean


def view_scores(head: LabelHead, resume: Sequence[PassageWords]) -> Float32Array:
    """Log probabilities of the shape (n_views, n_labels)."""
    return np.stack([_scores(head, view, resume) for view in VIEWS])


def _scores(head: LabelHead, view: View, resume: Sequence[PassageWords]) -> Float32Array:
    linear = head.maps[view]
    if view in VECTOR_VIEWS:
        return log_softmax(vector_of(view, resume) @ linear.weights + linear.bias)
    columns, weights = head.vocabularies[view].weigh(words_in(view, resume))
    return log_softmax(weights @ linear.weights[columns] + linear.bias)


def features_of(
    scores: Float32Array,
    mentions: Sequence[PassageMentions],
    *,
    odds: Float32Array,
    prior: Float32Array,
) -> Float32Array:
    """Shape (n_labels, n_features): what the views say, the prior, and mentions of the label."""
    kinds, counts = gather(mentions)
    return np.concatenate([scores.T, prior[:, None], counts, odds_of(kinds, odds)], axis=1)


def odds_of(kinds: npt.NDArray[np.bool_], odds: Float32Array) -> Float32Array:
    """Of each kind of mention, there or not: shape (n_labels, n_kinds)."""
    told: Float32Array = np.where(kinds, odds[1], odds[0])
    return told


def clues_of(probabilities: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Log odds of the first answer and its lead before the second."""
    second, first = np.sort(np.clip(probabilities, 1e-6, 1 - 1e-6))[-2:]
    return float(np.log(first / (1 - first))), float(np.log(first / second))
