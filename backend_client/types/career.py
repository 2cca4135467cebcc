"""What a resume is predicted as, and by what."""

from __future__ import annotations

from typing import Literal

from backend_client.types.base import Value

AbstainReason = Literal["low_confidence", "language", "short_text"] | str


class CareerPath(Value):
    """``soc_code`` is None for a custom taxonomy; ``confidence`` is in [0, 1]."""

    title: str
    soc_code: str | None = None
    confidence: float


class Contribution(Value):
    """A passage of the resume and what it moved; signed."""

    text: str
    page: int
    contribution: float


class NextStep(Value):
    """``median_wage`` in US dollars a year; ``score`` orders the steps and is in [0, 1]."""

    title: str
    soc_code: str
    job_zone: int | None = None
    median_wage: int | None = None
    missing_skills: list[str]
    score: float


class ModelRef(Value):
    model_id: str
    revision: str
    arm: str | None = None


class EncoderRef(Value):
    model_id: str
    revision: str
    precision: str
    engine: str
