"""Values of the domain as JSON text and back, exactly."""

from __future__ import annotations

import json
from datetime import date
from typing import TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from ml_service.domain.document import Line
from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.interview import InterviewReport
from ml_service.domain.interview_records import Said
from ml_service.domain.posting import JobPage, Posting
from ml_service.domain.prediction import Analysis

Value = TypeVar("Value")

ANALYSIS: TypeAdapter[Analysis] = TypeAdapter(Analysis)
LINES: TypeAdapter[tuple[Line, ...]] = TypeAdapter(tuple[Line, ...])
POSTING: TypeAdapter[Posting] = TypeAdapter(Posting)
JOB_PAGE: TypeAdapter[JobPage] = TypeAdapter(JobPage)
INTERVIEW_REPORT: TypeAdapter[InterviewReport] = TypeAdapter(InterviewReport)
TRANSCRIPT: TypeAdapter[Said] = TypeAdapter(Said)


def to_json(adapter: TypeAdapter[Value], value: Value) -> str:
    """A value of another type than declared is refused here, where reading would fail later.

    The plain encoder is used because pydantic's writes NaN as null and refuses text that holds
    half a surrogate pair; columns replace the latter.
    """
    plain = adapter.dump_python(value, warnings="error")
    return json.dumps(
        plain, default=_iso, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def from_json(adapter: TypeAdapter[Value], text: str) -> Value:
    """Fields that a newer version added take their defaults, those it dropped are ignored.

    Raises StorageUnavailable for a record that is not what it should be.
    """
    try:
        return adapter.validate_json(text)
    except ValidationError:
        message = "A stored record is damaged and cannot be read."
        raise StorageUnavailable(message) from None  # the cause quotes the resume


def _iso(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    message = f"{type(value).__name__} has no form in JSON"
    raise TypeError(message)
