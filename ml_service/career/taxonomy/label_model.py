"""A career model over own labels: evidence in, ranked labels with calibrated confidence out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.abstention import abstain_reason, held_back
from ml_service.career.calibration import Calibration, spread
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.model_card import ModelCard
from ml_service.career.passages import Passage
from ml_service.career.predictor import KnownSignals, made_in
from ml_service.career.taxonomy.label_head import (
    LabelHead,
    ResumeMentions,
    ResumeViews,
    clues_of,
    features_from,
)
from ml_service.career.taxonomy.label_mentions import LabelNames, PassageMentions
from ml_service.career.taxonomy.passage_words import PassageWords, words_of_passage
from ml_service.domain.errors import EmbeddingSpaceMismatch
from ml_service.domain.prediction import CareerPath, CareerPrediction, ModelRef
from ml_service.domain.shares import softmax

N_CAREER_PATHS = 5


@dataclass(frozen=True, slots=True)
class LabelSignals:
    words: PassageWords
    mentions: PassageMentions

    @property
    def passage(self) -> Passage:
        return self.words.passage


@dataclass(frozen=True, slots=True)
class LabelRanking:
    scores: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float64]
    order: npt.NDArray[np.int64]


class LabelModel:
    """Satisfies ``Predictor``."""

    def __init__(self, head: LabelHead, calibration: Calibration, card: ModelCard) -> None:
        self._head = head
        self._calibration = calibration
        self._names = LabelNames(card.labels)
        self.card = card

    @property
    def ref(self) -> ModelRef:
        return ModelRef(model_id=self.card.model_id, revision=self.card.revision)

    @property
    def labels(self) -> tuple[str, ...]:
        return self.card.labels

    def predict(
        self, evidence: ResumeEvidence, *, known: KnownSignals[LabelSignals] | None = None
    ) -> CareerPrediction:
        """As many career paths as there are labels, five at most."""
        ranking = self.rank(self.signals(evidence, known=known))
        confidence = self._calibration.confidence(clues_of(ranking.probabilities))
        reason = abstain_reason(
            evidence,
            confidence,
            languages=self.card.languages,
            threshold=self.card.abstains_below,
        )
        return CareerPrediction(
            career_paths=self._career_paths(ranking, held_back(confidence, reason)),
            career_field=None,
            abstained=reason is not None,
            abstain_reason=reason,
            model=self.ref,
            encoder=evidence.vectors.encoder,
        )

    def signals(
        self, evidence: ResumeEvidence, *, known: KnownSignals[LabelSignals] | None = None
    ) -> tuple[LabelSignals, ...]:
        if made_in(evidence.vectors.encoder) != (self.card.encoder_id, self.card.encoder_revision):
            raise EmbeddingSpaceMismatch
        known = {} if known is None else known
        for passage, vector in zip(evidence.passages, evidence.vectors.vectors, strict=True):
            if passage not in known:
                words = words_of_passage(passage, vector)
                known[passage] = LabelSignals(words, self._names.find(words))
        return tuple(known[passage] for passage in evidence.passages)

    def rank(self, signals: Sequence[LabelSignals]) -> LabelRanking:
        """Equal scores in the order of the labels. Where nothing is left, the prior decides."""
        scores = self._scores(signals, [range(len(signals))])[0]
        probabilities = softmax(scores)
        return LabelRanking(scores, probabilities, np.argsort(-probabilities, kind="stable"))

    def probabilities(
        self, signals: Sequence[LabelSignals], choices: Iterable[Sequence[int]]
    ) -> npt.NDArray[np.float64]:
        return softmax(self._scores(signals, choices))

    def _scores(
        self, signals: Sequence[LabelSignals], choices: Iterable[Sequence[int]]
    ) -> npt.NDArray[np.float64]:
        """Of the signals at the places of each choice alone: shape (n_choices, n_labels)."""
        head = self._head
        views = ResumeViews(head, [entry.words for entry in signals])
        mentions = ResumeMentions([entry.mentions for entry in signals], head.odds)
        return np.array(
            [
                features_from(views.scores(tuple(kept)), mentions.of(tuple(kept)), head.prior)
                @ head.ranking
                if len(kept)
                else head.prior
                for kept in choices
            ],
            dtype=np.float64,
        )

    def _career_paths(self, ranking: LabelRanking, confidence: float) -> tuple[CareerPath, ...]:
        order = ranking.order[:N_CAREER_PATHS].tolist()
        others = ranking.probabilities.copy()
        others[order[0]] = 0.0
        shares = others / (others.sum() or 1.0)
        confidences = spread(shares, order=order, confidence=confidence)
        return tuple(
            CareerPath(title=self.labels[at], soc_code=None, confidence=confidence)
            for at, confidence in zip(order, confidences, strict=True)
        )
