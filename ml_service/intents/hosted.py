"""A model of intents as the host of models holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml_service.domain.errors import ModelUnavailable, ServiceError
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.loaded import CANARY
from ml_service.intents.model import IntentModel

WHERE_TO_ASK = "POST /api/v1/intents/classify takes texts for it."


@dataclass(frozen=True, slots=True)
class HostedIntentModel:
    """``memory_bytes`` are those of its files; ``canary`` is the vector of ``CANARY``, shape
    (1, n_dims): what it has to answer before it answers anybody else.
    """

    model: IntentModel
    memory_bytes: int
    canary: Embeddings

    @property
    def ref(self) -> ModelRef:
        return self.model.ref

    def answer_canary(self) -> None:
        """Raises ModelUnavailable."""
        try:
            verdicts = self.model.verdicts([CANARY], self.canary)
        except ServiceError as error:
            raise ModelUnavailable(f"The model cannot answer: {error.message}") from error
        except (ValueError, IndexError) as error:
            raise ModelUnavailable("The model cannot answer: its parts do not fit.") from error
        if not np.isclose(verdicts.shares.sum(), 1.0):
            raise ModelUnavailable("The model's shares of its intents do not add up to 1.")
