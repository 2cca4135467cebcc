"""An interview as a row, and a row as an interview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping

from ml_service.domain.interview import InterviewReport, StoredInterview
from ml_service.domain.interview_records import KeptInterview
from ml_service.storage.serialisation import INTERVIEW_REPORT, from_json, to_json

Row = dict[str, Any]


def interview_row(kept: KeptInterview) -> Row:
    interview = kept.interview
    return {
        "id": kept.record_id,
        "interview_id": interview.interview_id,
        "user_id": interview.user_id,
        "transcript_sha256": interview.transcript_sha256,
        "fingerprint": kept.fingerprint,
        "created_at": interview.created_at,
        **report_columns(interview.report),
    }


def report_columns(report: InterviewReport) -> Row:
    """Columns that repeat a part of the report are written with it and never alone."""
    return {
        "rubric_version": report.rubric_version,
        "overall": report.overall,
        "report_data": to_json(INTERVIEW_REPORT, report),
    }


def to_kept(row: RowMapping) -> KeptInterview:
    """Raises StorageUnavailable if damaged."""
    return KeptInterview(
        record_id=row["id"],
        fingerprint=row["fingerprint"],
        interview=StoredInterview(
            interview_id=row["interview_id"],
            user_id=row["user_id"],
            transcript_sha256=row["transcript_sha256"],
            created_at=row["created_at"],
            report=from_json(INTERVIEW_REPORT, row["report_data"]),
        ),
    )


def unquoted(kept: KeptInterview) -> KeptInterview:
    """Without a word of the transcript: turns stay, what was said there does not."""
    report = kept.interview.report
    criteria = tuple(
        replace(one, evidence=tuple(replace(said, text="") for said in one.evidence))
        for one in report.criteria
    )
    interview = replace(kept.interview, report=replace(report, criteria=criteria))
    return replace(kept, interview=interview)
