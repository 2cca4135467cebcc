"""Which lines moved a prediction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from ml_service.domain.prediction import CareerPrediction


@dataclass(frozen=True, slots=True)
class LineContribution:
    """``text`` is the line as it was read, ``seen_as`` as the model saw it, without identity.

    ``left_out`` are the lines (``Line.order``) that were left out together to measure it: itself,
    and in a long resume its neighbours. A line that the model never saw has no ``seen_as``,
    nothing was left out for it, and what it contributed is exactly 0. ``contribution`` is in
    probability, ``log_odds`` tells lines apart where the probability is close to 1.
    """

    page: int
    order: int
    text: str
    seen_as: str | None
    contribution: float
    log_odds: float
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """``lines`` are all lines of the resume in reading order.

    ``probability`` is that of the first career path among all labels, before calibration:
    what the contributions are taken from.
    """

    prediction_id: UUID
    career: CareerPrediction
    probability: float
    lines: tuple[LineContribution, ...]
