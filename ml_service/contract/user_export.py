"""All that is held of a user, as one document that is written piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from pydantic import BaseModel

from ml_service.contract.base import Out
from ml_service.contract.interviews import InterviewOut, TurnIn, interview_out
from ml_service.contract.prediction import PredictionOut, prediction_out
from ml_service.contract.text import LineOut, lines_out
from ml_service.domain.interview_records import InterviewRecord
from ml_service.domain.prediction import PredictionRecord


class AuditEventOut(Out):
    at: datetime
    actor: str
    action: str


class ExportedPrediction(BaseModel):
    """``lines`` is null where the text was not stored; ``audit_events`` in the order of time."""

    prediction: PredictionOut
    lines: list[LineOut] | None
    audit_events: list[AuditEventOut]


class ExportedInterview(BaseModel):
    """``transcript`` is null where it was not stored."""

    interview: InterviewOut
    transcript: list[TurnIn] | None
    audit_events: list[AuditEventOut]


class UserExport(BaseModel):
    """``predictions`` and ``interviews`` newest first, as of ``exported_at``; what is made later
    is not in it.
    """

    user_id: str
    exported_at: datetime
    predictions: list[ExportedPrediction]
    interviews: list[ExportedInterview]


async def user_export(
    user_id: str,
    exported_at: datetime,
    records: AsyncIterator[PredictionRecord],
    interviews: AsyncIterator[InterviewRecord],
) -> AsyncIterator[str]:
    """A ``UserExport`` in JSON, a record a piece; never more than one is held in memory."""
    whole = UserExport(user_id=user_id, exported_at=exported_at, predictions=[], interviews=[])
    lists = {"predictions", "interviews"}
    yield whole.model_dump_json(exclude=lists).removesuffix("}") + ',"predictions":['
    separator = ""
    async for record in records:
        yield separator + _exported(record).model_dump_json()
        separator = ",\n"
    yield '],"interviews":['
    separator = ""
    async for held in interviews:
        yield separator + _exported_interview(held).model_dump_json()
        separator = ",\n"
    yield "]}"


def _exported_interview(record: InterviewRecord) -> ExportedInterview:
    said = record.transcript
    return ExportedInterview(
        interview=interview_out(record.interview),
        transcript=None if said is None else [TurnIn(speaker=a, content=b) for a, b in said],
        audit_events=[AuditEventOut.model_validate(event) for event in record.events],
    )


def _exported(record: PredictionRecord) -> ExportedPrediction:
    return ExportedPrediction(
        prediction=prediction_out(record.prediction),
        lines=None if record.lines is None else lines_out(record.lines),
        audit_events=[AuditEventOut.model_validate(event) for event in record.events],
    )
