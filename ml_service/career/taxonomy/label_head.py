"""The learned part of a model of own labels: plain arrays beside a manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.taxonomy.label_mentions import PassageMentions, gather
from ml_service.career.taxonomy.passage_words import PassageWords
from ml_service.career.taxonomy.vocabulary import Vocabulary
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax

WORD_VIEWS = ("body", "title", "positions")
VECTOR_VIEWS = ("mean", "opening")
VIEWS = (*WORD_VIEWS, *VECTOR_VIEWS)

View = str
N_CLUES = 2
MIN_LABELS = 2

_Rows = tuple[int, ...]


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
    return ResumeViews(head, resume).scores(tuple(range(len(resume))))


class ResumeViews:
    """What a view does not look at changes nothing: its scores are measured once for all choices
    of passages that leave it the same.
    """

    def __init__(self, head: LabelHead, resume: Sequence[PassageWords]) -> None:
        self._head = head
        self._resume = resume
        self._body = _Counts(head.vocabularies["body"], [entry.body for entry in resume])
        self._known: dict[tuple[View, _Rows], Float32Array] = {}

    def scores(self, kept: _Rows) -> Float32Array:
        """As ``view_scores`` of the passages at the places ``kept``, at least one, ascending."""
        first, others = kept[:1], kept[1:]
        positions = (*first, *(at for at in others if self._resume[at].positions))
        looks_at = {"title": first, "opening": first, "positions": positions}
        return np.stack([self._of(view, looks_at.get(view, kept)) for view in VIEWS])

    def _of(self, view: View, rows: _Rows) -> Float32Array:
        if (view, rows) not in self._known:
            self._known[view, rows] = self._measured(view, rows)
        return self._known[view, rows]

    def _measured(self, view: View, rows: _Rows) -> Float32Array:
        linear, resume = self._head.maps[view], [self._resume[at] for at in rows]
        if view in VECTOR_VIEWS:
            return log_softmax(vector_of(view, resume) @ linear.weights + linear.bias)
        columns, weights = (
            self._body.weigh(rows)
            if view == "body"
            else self._head.vocabularies[view].weigh(words_in(view, resume))
        )
        return log_softmax(weights @ linear.weights[columns] + linear.bias)


class _Counts:
    """How often each word stands in each passage, so that none has to be counted twice."""

    def __init__(self, vocabulary: Vocabulary, texts: Sequence[Sequence[str]]) -> None:
        counted = [vocabulary.count(text) for text in texts]
        self._vocabulary = vocabulary
        self._columns = np.array(sorted({at for counts in counted for at in counts}), dtype=np.intp)
        self._times = np.zeros((len(texts), len(self._columns)), dtype=np.float32)
        for row, counts in zip(self._times, counted, strict=True):
            row[np.searchsorted(self._columns, list(counts))] = list(counts.values())

    def weigh(self, rows: _Rows) -> tuple[npt.NDArray[np.intp], Float32Array]:
        """As ``Vocabulary.weigh`` of the texts at ``rows`` together."""
        times = self._times[[*rows]].sum(axis=0)
        seen = np.flatnonzero(times)
        columns = self._columns[seen]
        return columns, self._vocabulary.weights(columns, times[seen])


def features_of(
    scores: Float32Array,
    mentions: Sequence[PassageMentions],
    *,
    odds: Float32Array,
    prior: Float32Array,
) -> Float32Array:
    """Shape (n_labels, n_features): what the views say, the prior, and mentions of the label."""
    told = ResumeMentions(mentions, odds).of(tuple(range(len(mentions))))
    return features_from(scores, told, prior)


def features_from(scores: Float32Array, told: Float32Array, prior: Float32Array) -> Float32Array:
    """``told`` is what ``ResumeMentions`` tell."""
    return np.concatenate([scores.T, prior[:, None], told], axis=1)


class ResumeMentions:
    """Mentions of the labels; passages without one change nothing but which passage is first."""

    def __init__(self, mentions: Sequence[PassageMentions], odds: Float32Array) -> None:
        self._mentions = mentions
        self._odds = odds
        self._known: dict[_Rows, Float32Array] = {}

    def of(self, kept: _Rows) -> Float32Array:
        """By the passages at the places ``kept``, at least one: (n_labels, n_counts + n_kinds)."""
        telling = (*kept[:1], *(at for at in kept[1:] if self._mentions[at].tells))
        if telling not in self._known:
            kinds, counts = gather([self._mentions[at] for at in telling])
            self._known[telling] = np.concatenate([counts, odds_of(kinds, self._odds)], axis=1)
        return self._known[telling]


def odds_of(kinds: npt.NDArray[np.bool_], odds: Float32Array) -> Float32Array:
    """Of each kind of mention, there or not: shape (n_labels, n_kinds)."""
    told: Float32Array = np.where(kinds, odds[1], odds[0])
    return told


def clues_of(probabilities: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Log odds of the first answer and its lead before the second."""
    second, first = np.sort(np.clip(probabilities, 1e-6, 1 - 1e-6))[-2:]
    return float(np.log(first / (1 - first))), float(np.log(first / second))
