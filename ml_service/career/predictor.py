"""What every career model can do, whichever labels it knows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.model_card import ModelCard
from ml_service.career.passages import Passage
from ml_service.domain.prediction import CareerPath, CareerPrediction, EncoderRef, ModelRef


class PassageSignal(Protocol):
    """What one passage says; what else it holds is the model's own affair."""

    @property
    def passage(self) -> Passage: ...


S = TypeVar("S", bound=PassageSignal)

KnownSignals = dict[Hashable, S]
"""What was read already, by whatever its model tells passages apart with."""


class RankedLabels(Protocol):
    """Arrays of the shape (n_labels,). ``probabilities`` sum to 1 and are not calibrated; ``order``
    is best first.
    """

    @property
    def scores(self) -> npt.NDArray[np.float64]: ...

    @property
    def probabilities(self) -> npt.NDArray[np.float64]: ...

    @property
    def order(self) -> npt.NDArray[np.int64]: ...


class Predictor(Protocol[S]):
    """``signals`` and ``rank`` are what ``predict`` is made of; explanations leave passages out
    between the two.
    """

    @property
    def ref(self) -> ModelRef: ...

    @property
    def card(self) -> ModelCard: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    def predict(
        self, evidence: ResumeEvidence, *, known: KnownSignals[S] | None = None
    ) -> CareerPrediction:
        """``known`` as in ``signals``. Raises EmbeddingSpaceMismatch."""
        ...

    def signals(
        self, evidence: ResumeEvidence, *, known: KnownSignals[S] | None = None
    ) -> tuple[S, ...]:
        """One a passage, in reading order; what is not ``known`` yet is read and added to it.

        Raises EmbeddingSpaceMismatch.
        """
        ...

    def rank(self, signals: Sequence[S]) -> RankedLabels:
        """All labels; of no passage at all as well."""
        ...

    def probabilities(
        self, signals: Sequence[S], choices: Iterable[Sequence[int]]
    ) -> npt.NDArray[np.float64]:
        """Those of ``rank`` for the signals at the places of each choice, which ascend, alone:
        shape (n_choices, n_labels). Far quicker than as many rankings.
        """
        ...


AnyPredictor = Predictor[Any]
AnySignals = KnownSignals[Any]


def label_of(path: CareerPath) -> str:
    """What a model calls it: the code of an occupation, else the title, which is the label."""
    return path.soc_code or path.title


def made_in(encoder: EncoderRef) -> tuple[str, str]:
    """The space of vectors: those of another encoder or revision are never compared."""
    return encoder.model_id, encoder.revision
