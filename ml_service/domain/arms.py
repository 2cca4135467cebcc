"""How the arms of one model's traffic do beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ml_service.domain.prediction import ModelRef


@dataclass(frozen=True, slots=True)
class ArmAnswer:
    """What one revision said of one recorded resume, and how long that took.

    ``agrees`` is there for a shadow: whether its first answer is the one that was given.
    """

    prediction_id: UUID
    model: ModelRef
    shadow: bool
    label: str
    confidence: float
    seconds: float
    agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """Of one revision under one arm (None: callers named the revision themselves).

    ``n_right`` and ``n_wrong`` are what people said of its answers. Seconds are those of the
    prediction alone; None where none was measured. ``n_agreed`` of ``n_shadowed`` first answers
    were those that were given.
    """

    arm: str | None
    revision: str
    n_answered: int = 0
    n_abstained: int = 0
    n_right: int = 0
    n_wrong: int = 0
    mean_confidence: float | None = None
    mean_s: float | None = None
    max_s: float | None = None
    n_shadowed: int = 0
    n_agreed: int = 0


class ArmLog(Protocol):
    """Raises StorageUnavailable."""

    async def note(self, answers: Sequence[ArmAnswer], *, at: datetime) -> None:
        """Nothing is kept of a prediction that is gone."""
        ...

    async def figures(self, model_id: str, *, since: datetime | None) -> tuple[ArmFigures, ...]:
        """By arm and revision, of predictions created ``since`` then."""
        ...
