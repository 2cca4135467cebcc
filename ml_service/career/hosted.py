"""A career model as the host of models holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import Passage
from ml_service.career.predictor import AnyPredictor
from ml_service.domain.errors import ModelUnavailable, ServiceError
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import ModelRef
from ml_service.domain.resume import Contact, RedactedLine, RedactedText, ResumeProfile
from ml_service.hosting.loaded import CANARY


@dataclass(frozen=True, slots=True)
class HostedCareerModel:
    """``memory_bytes`` are those of its files; ``canary`` is what it has to answer before it
    answers anybody else.
    """

    predictor: AnyPredictor
    memory_bytes: int
    canary: ResumeEvidence

    @property
    def ref(self) -> ModelRef:
        return self.predictor.ref

    def answer_canary(self) -> None:
        """Raises ModelUnavailable."""
        try:
            ranked = self.predictor.rank(self.predictor.signals(self.canary))
        except ServiceError as error:
            raise ModelUnavailable(f"The model cannot answer: {error.message}") from error
        except (ValueError, IndexError, KeyError) as error:
            raise ModelUnavailable("The model cannot answer: its parts do not fit.") from error
        shares = ranked.probabilities
        if shares.shape != (len(self.predictor.labels),) or not np.isclose(shares.sum(), 1.0):
            raise ModelUnavailable("The model's shares of its labels do not add up to 1.")


def canary_evidence(vectors: Embeddings) -> ResumeEvidence:
    """``vectors`` is the one of ``CANARY``, shape (1, n_dims)."""
    line = RedactedLine(CANARY, page=1, order=0)
    return ResumeEvidence(
        passages=(Passage(CANARY, page=1, lines=(0,)),),
        vectors=vectors,
        redacted=RedactedText((line,)),
        profile=_PROFILE,
    )


_PROFILE = ResumeProfile(
    language="en",
    contact=Contact(),
    summary=CANARY,
    sections=(),
    work=(),
    education=(),
    skills=(),
    certificates=(),
    languages=(),
    years_experience=None,
)
