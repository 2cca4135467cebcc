"""The career model: evidence in, ranked occupations with calibrated confidence out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml_service.career.abstention import abstain_reason, held_back
from ml_service.career.calibration import spread
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.model_card import ModelCard, card_of
from ml_service.career.occupation_model.clues import clues_of
from ml_service.career.occupation_model.experts import Expert
from ml_service.career.occupation_model.features import FEATURES, Pooling, choose_expert, pool
from ml_service.career.occupation_model.head import Head, OccupationManifest, load_head
from ml_service.career.occupation_model.reranking import Shortlist, shortlist
from ml_service.career.occupation_model.signals import KnownSignals, PassageSignals, SignalReader
from ml_service.domain.errors import EmbeddingSpaceMismatch, WeightsMismatch
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import (
    CareerPath,
    CareerPrediction,
    EncoderRef,
    ModelRef,
)
from ml_service.domain.shares import softmax

N_CAREER_PATHS = 5
RELATED_BONUS = 2.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """``probabilities`` (n_codes,) sum to 1 and are not calibrated; ``order`` is best first."""

    expert: Expert
    scores: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]
    features: Float32Array
    order: npt.NDArray[np.int64]


class OccupationModel:
    def __init__(self, head: Head, manifest: OccupationManifest, catalogue: Catalogue) -> None:
        """Raises WeightsMismatch when the weights were fitted to other labels or features."""
        if manifest.labels != catalogue.codes or manifest.features != FEATURES:
            raise WeightsMismatch("The model was made for another catalogue or another version.")
        self._head = head
        self._catalogue = catalogue
        self._reader = SignalReader(catalogue, head.projections, head.words)
        self._related = _related_bonus(catalogue)
        self.manifest = manifest

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue) -> OccupationModel:
        """Raises ModelUnavailable or WeightsMismatch."""
        head, manifest = load_head(folder)
        return cls(head, manifest, catalogue)

    @property
    def ref(self) -> ModelRef:
        return ModelRef(model_id=self.manifest.model_id, revision=self.manifest.revision)

    @property
    def labels(self) -> tuple[str, ...]:
        return self.manifest.labels

    @property
    def card(self) -> ModelCard:
        return card_of(asdict(self.manifest))

    def predict(
        self, evidence: ResumeEvidence, *, known: KnownSignals | None = None
    ) -> CareerPrediction:
        """Five career paths, also where the model abstains. Raises EmbeddingSpaceMismatch."""
        ranking = self.rank(self.signals(evidence, known=known))
        confidence = self.confidence(ranking)
        reason = abstain_reason(
            evidence,
            confidence,
            languages=self.manifest.languages,
            threshold=self.manifest.abstains_below,
        )
        paths = self._career_paths(ranking, held_back(confidence, reason))
        return CareerPrediction(
            career_paths=paths,
            career_field=self._catalogue.major_group(paths[0].soc_code or ""),
            abstained=reason is not None,
            abstain_reason=reason,
            model=self.ref,
            encoder=evidence.vectors.encoder,
        )

    def signals(
        self, evidence: ResumeEvidence, *, known: KnownSignals | None = None
    ) -> tuple[PassageSignals, ...]:
        """What each passage says alone; ``known`` spares reading a passage again.

        Raises EmbeddingSpaceMismatch.
        """
        self._check_space(evidence.vectors.encoder)
        return self._reader.read(evidence, known=known)

    def rank(self, signals: Sequence[PassageSignals]) -> Ranking:
        """All occupations; equal scores in the order of their codes."""
        features = pool(signals, prior=self._head.prior)
        expert = choose_expert(features)
        shortlisted = self._shortlist(features, expert)
        scores = self._head.reranker.rerank_each([shortlisted])[0].astype(np.float64)
        probabilities = softmax(scores)
        order = np.argsort(-probabilities, kind="stable")
        return Ranking(expert, scores, probabilities, features, order)

    def probabilities(
        self, signals: Sequence[PassageSignals], choices: Iterable[Sequence[int]]
    ) -> npt.NDArray[np.float64]:
        pooling = Pooling(signals, prior=self._head.prior)
        telling = [pooling.telling(kept) for kept in choices]
        place = {kept: at for at, kept in enumerate(dict.fromkeys(telling))}
        features = pooling.of_each(place)
        lists = [self._shortlist(each, choose_expert(each)) for each in features]
        scores = self._head.reranker.rerank_each(lists).astype(np.float64)
        return softmax(scores)[[place[kept] for kept in telling]]

    def _shortlist(self, features: Float32Array, expert: Expert) -> Shortlist:
        return shortlist(features @ self._head.weights[expert], features, expert)

    def confidence(self, ranking: Ranking) -> float:
        """Calibrated probability that the first answer is right."""
        clues = clues_of(ranking.probabilities, ranking.features)
        return self.manifest.calibration[ranking.expert].confidence(clues)

    def _career_paths(self, ranking: Ranking, confidence: float) -> tuple[CareerPath, ...]:
        shares = self._runners_up(ranking, confidence)
        others = np.argsort(-shares, kind="stable")[: N_CAREER_PATHS - 1]
        order = [int(ranking.order[0]), *(int(at) for at in others)]
        confidences = spread(shares, order=order, confidence=confidence)
        occupations = (self._catalogue.get(self._catalogue.codes[at]) for at in order)
        return tuple(
            CareerPath(title=entry.title, soc_code=entry.soc_code, confidence=confidence)
            for entry, confidence in zip(occupations, confidences, strict=True)
        )

    def _runners_up(self, ranking: Ranking, confidence: float) -> npt.NDArray[np.float64]:
        """Shares of the occupations behind the first, summing to 1; the first itself has 0.

        The surer the first is, the more what O*NET relates to it gains on what the resume says
        besides (decision 14).
        """
        first = int(ranking.order[0])
        scores = ranking.scores.copy()
        for at, bonus in self._related[first].items():
            scores[at] += confidence * bonus
        scores[first] = -np.inf
        return softmax(scores)

    def _check_space(self, encoder: EncoderRef) -> None:
        made_for = (self.manifest.encoder_id, self.manifest.encoder_revision)
        if (encoder.model_id, encoder.revision) != made_for:
            raise EmbeddingSpaceMismatch


def _related_bonus(catalogue: Catalogue) -> tuple[dict[int, float], ...]:
    """By position of the code: positions of related codes, and what being related adds in logits.

    The closest gets the whole bonus, the last of the list almost none.
    """
    position = {code: at for at, code in enumerate(catalogue.codes)}
    return tuple(
        {
            position[code]: RELATED_BONUS * (1 - rank / len(entry.related))
            for rank, code in enumerate(entry.related)
            if code in position
        }
        for entry in catalogue
    )
