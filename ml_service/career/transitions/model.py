"""The occupations people move to: learned from work histories, kept beside its sum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.transitions.features import (
    FEATURES,
    OccupationRelations,
    SeenMoves,
    TextMap,
    features_of,
    reached,
    smooth,
)
from ml_service.career.transitions.history import (
    History,
    HistoryReader,
    belief_in,
    history_of,
    with_present,
)
from ml_service.domain.errors import EmbeddingSpaceMismatch, WeightsMismatch
from ml_service.domain.occupation import Occupation
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import softmax
from ml_service.hosting.model_files import Arrays, Manifest, read_arrays, read_manifest, write_model

FOLDER = "next_steps"

_AS_MANY_AS_CAME_UP = 0.5
_NEIGHBOURS = 15


@dataclass(frozen=True, slots=True)
class TransitionWeights:
    """``counts`` of moves (n_codes, n_codes); weights of shape (len(FEATURES),) for a history and
    for a single occupation without one.
    """

    vectors: Float32Array
    counts: Float32Array
    text_map: TextMap
    of_history: Float32Array
    of_occupation: Float32Array


@dataclass(frozen=True, slots=True)
class Move:
    """``probability``: that the next change of occupation leads there, among all occupations but
    the present one, those that are not offered included. Fitted as such, not calibrated apart.
    """

    occupation: Occupation
    probability: float


class NextOccupations:
    def __init__(
        self, weights: TransitionWeights, manifest: Manifest, catalogue: Catalogue
    ) -> None:
        """Raises WeightsMismatch when the weights were fitted to other labels or features."""
        fitted_to = tuple(tuple(manifest.get(name, ())) for name in ("labels", "features"))
        if fitted_to != (catalogue.codes, FEATURES):
            raise WeightsMismatch("The next steps were made for another catalogue or version.")
        self.manifest = manifest
        self.relations = OccupationRelations(catalogue, weights.vectors)
        self.moves: SeenMoves = smooth(weights.counts, self.relations)
        self._weights = weights
        self._catalogue = catalogue
        self._reader = HistoryReader(catalogue)
        self._column = {code: at for at, code in enumerate(catalogue.codes)}

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue) -> NextOccupations:
        """Raises ModelUnavailable or WeightsMismatch."""
        manifest = read_manifest(folder)
        return cls(_weights_of(read_arrays(folder, manifest), len(catalogue)), manifest, catalogue)

    def __contains__(self, soc_code: object) -> bool:
        return soc_code in self._column

    def after_resume(
        self, soc_code: str, evidence: ResumeEvidence, *, limit: int
    ) -> tuple[Move, ...]:
        """By all jobs of the resume, best first; never ``soc_code``, the answer itself.

        The present occupation is what the title of the latest job says, where that is known, and
        ``soc_code`` otherwise or where the title allows it. Where no text stands under a job, as
        from the occupation alone. Raises EmbeddingSpaceMismatch.
        """
        self._check_space(evidence)
        column = self._column[soc_code]
        jobs = with_present(self._reader.jobs(evidence.profile), column)
        answer = belief_in((column,), n_codes=len(self._column))
        present = jobs[0].belief if jobs and jobs[0].known else answer
        history = history_of(jobs, evidence, present=present)
        if history is None:
            return self.from_occupation(soc_code, limit=limit)
        offered = may_be_offered(present, self.relations, self.moves.counts) & (answer == 0)
        return self._best(self.scores(history), offered, limit=limit)

    def from_occupation(self, soc_code: str, *, limit: int) -> tuple[Move, ...]:
        """Without a history; only what is related to the occupation, alike, or was reached from it,
        since a single occupation tells too little to look further.
        """
        column = self._column[soc_code]
        present = belief_in((column,), n_codes=len(self._column))
        history = occupation_alone(present, self.relations)
        scores = self.scores_of_occupation(history)
        return self._best(scores, self.offered(column) & self._near(column), limit=limit)

    def scores(self, history: History) -> Float32Array:
        """Logits (n_codes,); that of the present occupation is minus infinity."""
        return score(self._features(history), self._weights.of_history)

    def scores_of_occupation(self, history: History) -> Float32Array:
        return score(self._features(history), self._weights.of_occupation)

    def offered(self, column: int) -> npt.NDArray[np.bool_]:
        return may_be_offered(
            belief_in((column,), n_codes=len(self._column)), self.relations, self.moves.counts
        )

    def _features(self, history: History) -> Float32Array:
        return features_of(history, self.relations, self.moves, self._weights.text_map)

    def _near(self, column: int) -> npt.NDArray[np.bool_]:
        related = self.relations.related
        alike = self.relations.alike[column]
        enough = np.sort(alike)[-min(_NEIGHBOURS, len(alike))]
        reached = self.moves.counts[column] > 0
        near: npt.NDArray[np.bool_] = (
            (related[column] > 0) | (related[:, column] > 0) | (alike >= enough) | reached
        )
        return near

    def _best(
        self, scores: Float32Array, offered: npt.NDArray[np.bool_], *, limit: int
    ) -> tuple[Move, ...]:
        probabilities = softmax(scores.astype(np.float64))
        order = np.argsort(-probabilities, kind="stable")
        kept = order[offered[order]][:limit].tolist()
        codes = self._catalogue.codes
        return tuple(Move(self._catalogue.get(codes[at]), float(probabilities[at])) for at in kept)

    def _check_space(self, evidence: ResumeEvidence) -> None:
        encoder = evidence.vectors.encoder
        made_for = (self.manifest.get("encoder_id"), self.manifest.get("encoder_revision"))
        if (encoder.model_id, encoder.revision) != made_for:
            raise EmbeddingSpaceMismatch


def score(features: Float32Array, weights: Float32Array) -> Float32Array:
    """Logits (n_codes,); that of the present occupation is minus infinity."""
    present = features[:, FEATURES.index("present")] > 0
    logits: Float32Array = np.where(present, -np.inf, features @ weights).astype(np.float32)
    return logits


def occupation_alone(present: Float32Array, relations: OccupationRelations) -> History:
    """As if it were the only job, and its title all that is written there."""
    mean = present @ relations.vectors
    text = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
    return History(present=present, held=present, ever=present, newest=present, text=text)


def may_be_offered(
    present: Float32Array, relations: OccupationRelations, counts: Float32Array
) -> npt.NDArray[np.bool_]:
    """Not the present occupation, nothing without a job zone, and no step down but a small one
    that people make: by one zone, seen in a history, and at least half as often as the way back.
    """
    zone = relations.zone_of(present)
    below = zone - relations.zones if zone else np.zeros_like(relations.zones)
    went, came = reached(present, counts), counts @ present
    made = (went > 0) & (went >= _AS_MANY_AS_CAME_UP * came)
    no_fall = (below < 0.5) | ((below < 1.5) & made)
    offered: npt.NDArray[np.bool_] = no_fall & (relations.zones > 0) & (present == 0)
    return offered


def save_transitions(weights: TransitionWeights, manifest: Manifest, folder: Path) -> Manifest:
    """Write both files; vectors and maps in float16, counts as the moves that were seen."""
    from_column, to_column = np.nonzero(weights.counts)
    arrays: Arrays = {
        "vectors": weights.vectors.astype(np.float16),
        "text_weights": weights.text_map.weights.astype(np.float16),
        "text_bias": weights.text_map.bias,
        "moves_from": from_column.astype(np.int16),
        "moves_to": to_column.astype(np.int16),
        "moves": weights.counts[from_column, to_column],
        "of_history": weights.of_history,
        "of_occupation": weights.of_occupation,
    }
    return write_model(folder, arrays, manifest)


def _weights_of(arrays: Arrays, n_codes: int) -> TransitionWeights:
    counts = np.zeros((n_codes, n_codes), dtype=np.float32)
    try:
        counts[arrays["moves_from"], arrays["moves_to"]] = arrays["moves"]
        text_map = TextMap(arrays["text_weights"].astype(np.float32), arrays["text_bias"])
        return TransitionWeights(
            vectors=arrays["vectors"].astype(np.float32),
            counts=counts,
            text_map=text_map,
            of_history=arrays["of_history"],
            of_occupation=arrays["of_occupation"],
        )
    except (KeyError, IndexError) as error:
        raise WeightsMismatch("The next steps were made for another catalogue.") from error
