"""The first forty of a ranking ordered anew by how their features stand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.occupation_model.experts import EXPERTS, Expert
from ml_service.career.occupation_model.features import COLUMNS, FEATURES
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax

N_CANDIDATES = 40
_COMPARED = ("alike_1", "said_1", "headline_said", "text_1", "text_of_work", "headline_alike")
_COMPARED_COLUMNS = [COLUMNS[name] for name in _COMPARED]
_OWN = slice(1, 1 + len(FEATURES))
_BEHIND = slice(_OWN.stop, _OWN.stop + len(FEATURES))
_COMPARED_BEST = slice(_BEHIND.stop, _BEHIND.stop + len(_COMPARED))
_EXPERT = slice(_COMPARED_BEST.stop, _COMPARED_BEST.stop + len(EXPERTS))
_IS_EXPERT = dict(zip(EXPERTS, np.eye(len(EXPERTS), dtype=np.float32), strict=True))
N_INPUTS = _EXPERT.stop
_MOST = 5.0


@dataclass(frozen=True, slots=True)
class Reranker:
    """One hidden layer. ``mean`` and ``scale`` (n_inputs,) standardise what it is given;
    ``hidden_weights`` (n_inputs, n_hidden), ``hidden_bias`` and ``output_weights`` (n_hidden,).
    """

    mean: Float32Array
    scale: Float32Array
    hidden_weights: Float32Array
    hidden_bias: Float32Array
    output_weights: Float32Array

    def rerank(self, scores: Float32Array, features: Float32Array, expert: Expert) -> Float32Array:
        """Log probabilities of all codes: what the first forty share is theirs as before."""
        after: Float32Array = self.rerank_each([shortlist(scores, features, expert)])[0]
        return after

    def rerank_each(self, lists: Sequence[Shortlist]) -> Float32Array:
        """As ``rerank`` of at least one list: shape (n_lists, n_codes)."""
        after = np.array([each.before for each in lists], dtype=np.float32)
        candidates = np.array([each.candidates for each in lists])
        before = np.take_along_axis(after, candidates, axis=1)
        changed = before + self.changes(np.array([each.inputs for each in lists]))
        shares: Float32Array = changed + _total(before) - _total(changed)
        np.put_along_axis(after, candidates, shares, axis=1)
        return after

    def changes(self, inputs: Float32Array) -> Float32Array:
        """What is added to each candidate's score; ``inputs`` end in (n_candidates, n_inputs)."""
        hidden = standardised(inputs, self.mean, self.scale) @ self.hidden_weights
        change: Float32Array = np.maximum(hidden + self.hidden_bias, 0) @ self.output_weights
        return change


@dataclass(frozen=True, slots=True)
class Shortlist:
    """``before`` (n_codes,) are log probabilities, ``candidates`` (n,) the places of the best in
    it, ``inputs`` (n, N_INPUTS) what they are ordered anew by.
    """

    before: Float32Array
    candidates: npt.NDArray[np.int64]
    inputs: Float32Array


def shortlist(scores: Float32Array, features: Float32Array, expert: Expert) -> Shortlist:
    before = log_softmax(scores)
    candidates = best_candidates(before)
    return Shortlist(before, candidates, candidate_inputs(before, features, expert, candidates))


def best_candidates(scores: Float32Array) -> npt.NDArray[np.int64]:
    """Positions of the best forty, best first; ties in the order of codes."""
    count = min(N_CANDIDATES, len(scores))
    least = np.partition(scores, -count)[-count]
    enough = np.flatnonzero(scores >= least)
    return enough[np.argsort(-scores[enough], kind="stable")][:count]


def candidate_inputs(
    scores: Float32Array,
    features: Float32Array,
    expert: Expert,
    candidates: npt.NDArray[np.int64],
) -> Float32Array:
    """Shape (n_candidates, N_INPUTS): score, features, how far each is below the best candidate's,
    the best of some, and the expert.
    """
    own = features[candidates]
    best = own.max(axis=0)
    inputs = np.empty((len(own), N_INPUTS), dtype=np.float32)
    inputs[:, 0] = scores[candidates]
    inputs[:, _OWN] = own
    inputs[:, _BEHIND] = own - best
    inputs[:, _COMPARED_BEST] = best[_COMPARED_COLUMNS]
    inputs[:, _EXPERT] = _IS_EXPERT[expert]
    return inputs


def standardised(inputs: Float32Array, mean: Float32Array, scale: Float32Array) -> Float32Array:
    """Within five standard deviations, so that nothing never seen decides alone."""
    clipped: Float32Array = np.clip((inputs - mean) / scale, -_MOST, _MOST)
    return clipped


def _total(scores: Float32Array) -> Float32Array:
    """Over the last axis, which is kept."""
    total: Float32Array = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return total
