"""What else is held of a prediction, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from backend_client.types.ats import CheckStatus
from backend_client.types.base import Answer, Tagged, Value
from backend_client.types.career import EncoderRef, ModelRef
from backend_client.types.interviews import Interview, InterviewTurn
from backend_client.types.jobs import JobsStatus
from backend_client.types.prediction import Prediction


class Line(Value):
    """``box`` is [x0, top, x1, bottom] in points from the page's upper left corner, None where
    the format has no geometry. ``page`` counts from 1, ``column`` and ``order`` from 0.
    """

    page: int
    box: tuple[float, float, float, float] | None = None
    text: str
    column: int
    order: int


class ResumeText(Answer):
    """``lines`` in the order in which a person reads them."""

    prediction_id: UUID
    lines: list[Line]


class LineContribution(Value):
    page: int
    order: int
    text: str
    seen_as: str | None = None
    contribution: float
    log_odds: float
    left_out: list[int]


class Explanation(Answer):
    prediction_id: UUID
    career_path: str
    soc_code: str | None = None
    confidence: float
    probability: float
    model: ModelRef
    encoder: EncoderRef
    measure: str
    lines: list[LineContribution]


class CheckPoints(Value):
    id: str
    title: str
    status: CheckStatus
    weight: float
    earned: float


class ChangedCheck(Value):
    """``old`` or ``new`` is None where only one of the rubrics has the check."""

    id: str
    old: CheckPoints | None = None
    new: CheckPoints | None = None


class Standing(Value):
    document_sha256: str
    ats_score: float
    rubric_version: str
    parser_version: str
    career_path: str
    soc_code: str | None = None
    confidence: float
    abstained: bool
    model: ModelRef
    encoder: EncoderRef


class WhatChanged(Value):
    resume: bool
    rubric: bool
    parser: bool
    model: bool


class Rescored(Tagged):
    prediction_id: UUID
    updated_at: datetime
    old: Standing
    new: Standing
    changed: WhatChanged
    checks: list[ChangedCheck]
    jobs: Literal["kept", "matched_again"] | str
    jobs_status: JobsStatus
    caveats: list[str]


class AuditEvent(Value):
    at: datetime
    actor: str
    action: str


class ExportedPrediction(Value):
    """``lines`` is None where the text was not stored; ``audit_events`` in the order of time."""

    prediction: Prediction
    lines: list[Line] | None = None
    audit_events: list[AuditEvent]


class ExportedInterview(Value):
    """``transcript`` is None where it was not stored."""

    interview: Interview
    transcript: list[InterviewTurn] | None = None
    audit_events: list[AuditEvent]


class UserExport(Answer):
    """``predictions`` and ``interviews`` newest first, as of ``exported_at``. Older services know
    no interviews.
    """

    user_id: str
    exported_at: datetime
    predictions: list[ExportedPrediction]
    interviews: list[ExportedInterview] = Field(default_factory=list)
