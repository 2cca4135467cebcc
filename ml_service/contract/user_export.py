"""All that is held of a user, as one document that is written piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from pydantic import BaseModel

from ml_service.contract.base import Out
from ml_service.contract.prediction import PredictionOut, prediction_out
from ml_service.contract.text import LineOut, lines_out
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


class UserExport(BaseModel):
    """``predictions`` newest first, as of ``exported_at``; what is made later is not in it."""

    user_id: str
    exported_at: datetime
    predictions: list[ExportedPrediction]


async def user_export(
    user_id: str, exported_at: datetime, records: AsyncIterator[PredictionRecord]
) -> AsyncIterator[str]:
    """A ``UserExport`` in JSON, a prediction a piece; never more than one is held in memory."""
    whole = UserExport(user_id=user_id, exported_at=exported_at, predictions=[])
    yield whole.model_dump_json(exclude={"predictions"}).removesuffix("}") + ',"predictions":['
    separator = ""
    async for record in records:
        yield separator + _exported(record).model_dump_json()
        separator = ",\n"
    yield "]}"


def _exported(record: PredictionRecord) -> ExportedPrediction:
    return ExportedPrediction(
        prediction=prediction_out(record.prediction),
        lines=None if record.lines is None else lines_out(record.lines),
        audit_events=[AuditEventOut.model_validate(event) for event in record.events],
    )
