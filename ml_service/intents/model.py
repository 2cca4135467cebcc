"""A model of intents: texts with their vectors in, what their writers want out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml_service.domain.errors import EmbeddingSpaceMismatch
from ml_service.domain.intent import ClassifiedText, LikelyIntent
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import ModelRef
from ml_service.intents.head import Floats, IntentHead, Verdicts, judge
from ml_service.intents.word_marks import raw_marks, weighed

MOST_LIKELY = 5
WORTH_NAMING = 0.01
"""The likeliest is named anyway."""


@dataclass(frozen=True, slots=True)
class IntentModel:
    """``intents`` are in the order of the head's outputs. The encoder is the one it was trained
    with: its name and revision.
    """

    ref: ModelRef
    intents: tuple[str, ...]
    encoder_id: str
    encoder_revision: str
    head: IntentHead

    def classify(self, texts: Sequence[str], vectors: Embeddings) -> tuple[ClassifiedText, ...]:
        """In the order of ``texts``. Raises EmbeddingSpaceMismatch."""
        verdicts = self.verdicts(texts, vectors)
        confidences = verdicts.confidences(self.head.judgement)
        scope = self.head.judgement.out_of_scope
        return tuple(
            ClassifiedText(
                likely=self._likely(row),
                out_of_scope=bool(p_out_of_scope >= scope.threshold),
                p_out_of_scope=float(p_out_of_scope) if scope.weights else None,
            )
            for row, p_out_of_scope in zip(confidences, verdicts.p_out_of_scope, strict=True)
        )

    def verdicts(self, texts: Sequence[str], vectors: Embeddings) -> Verdicts:
        """Raises EmbeddingSpaceMismatch."""
        made_in = vectors.encoder.model_id, vectors.encoder.revision
        if made_in != (self.encoder_id, self.encoder_revision):
            raise EmbeddingSpaceMismatch
        marks = [weighed(raw_marks(text), self.head.telling) for text in texts]
        scores = self.head.scores(vectors.vectors, marks)
        return judge(scores, len(self.intents), self.head.judgement)

    def _likely(self, confidences: Floats) -> tuple[LikelyIntent, ...]:
        order = np.argsort(-confidences, kind="stable")[:MOST_LIKELY].tolist()
        named = order[:1] + [at for at in order[1:] if confidences[at] >= WORTH_NAMING]
        return tuple(LikelyIntent(self.intents[at], float(confidences[at])) for at in named)
