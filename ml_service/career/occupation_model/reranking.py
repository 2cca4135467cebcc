"""The first forty of a ranking ordered anew by how their features stand to each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import log_softmax
from ml_service.career.occupation_model.experts import EXPERTS, Expert
from ml_service.career.occupation_model.features import COLUMNS, FEATURES
from ml_service.domain.ports import Float32Array

N_CANDIDATES = 40
_COMPARED = ("alike_1", "said_1", "headline_said", "text_1", "text_of_work", "headline_alike")
_COMPARED_COLUMNS = [COLUMNS[name] for name in _COMPARED]
N_INPUTS = 1 + 2 * len(FEATURES) + len(_COMPARED) + len(EXPERTS)
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
        before = log_softmax(scores)
        candidates = best_candidates(before)
        inputs = candidate_inputs(before, features, expert, candidates)
        changed = before[candidates] + self.changes(inputs)
        after = before.copy()
        after[candidates] = changed + _total(before[candidates]) - _total(changed)
        return after

    def changes(self, inputs: Float32Array) -> Float32Array:
        """What is added to each candidate's score; ``inputs`` end in (n_candidates, n_inputs)."""
        hidden = standardised(inputs, self.mean, self.scale) @ self.hidden_weights
        change: Float32Array = np.maximum(hidden + self.hidden_bias, 0) @ self.output_weights
        return change


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
    shared = [*best[_COMPARED_COLUMNS], *(float(expert == other) for other in EXPERTS)]
    rows = np.broadcast_to(np.array(shared, dtype=np.float32), (len(own), len(shared)))
    inputs = np.concatenate([scores[candidates, None], own, own - best, rows], axis=1)
    return inputs.astype(np.float32)


def standardised(inputs: Float32Array, mean: Float32Array, scale: Float32Array) -> Float32Array:
    """Within five standard deviations, so that nothing never seen decides alone."""
    clipped: Float32Array = np.clip((inputs - mean) / scale, -_MOST, _MOST)
    return clipped


def _total(scores: Float32Array) -> np.float32:
    total: np.float32 = np.logaddexp.reduce(scores)
    return total
