"""What every record of a database must be, one check a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, Row, Select, Table, func, select

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.prediction import Analysis
from ml_service.storage.search_words import PREDICTION_COLUMNS, searchable
from ml_service.storage.serialisation import (
    ANALYSIS,
    INTERVIEW_REPORT,
    JOB_PAGE,
    LINES,
    POSTING,
    TRANSCRIPT,
    from_json,
)
from ml_service.storage.summaries import BRIEF, BRIEF_COLUMNS, brief_of
from ml_service.storage.tables import (
    interview_text,
    interviews,
    job_cache,
    postings,
    prediction_jobs,
    prediction_search,
    prediction_tags,
    prediction_text,
    predictions,
)

AnyRow = Row[Any]
Judge = Callable[[AnyRow], bool]


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """``statement`` gives the id first, a row for each of ``table``; one that does not pass
    ``judge`` is a problem.
    """

    name: str
    table: Table
    statement: Select[Any]
    judge: Judge


def _readable(
    name: str, adapter: TypeAdapter[Any], *, key: Column[Any], column: Column[Any]
) -> RecordCheck:
    """Each ``column`` holds what ``adapter`` reads."""

    def judge(row: AnyRow) -> bool:
        try:
            from_json(adapter, row._mapping[column])
        except StorageUnavailable:
            return False
        return True

    return RecordCheck(name, key.table, select(key, column), judge)


def _prediction_is_right(row: AnyRow) -> bool:
    """It can be read, and the columns that repeat a part of it say the same."""
    try:
        analysis = from_json(ANALYSIS, row.prediction_data)
    except StorageUnavailable:
        return False
    return _stated(analysis) == tuple(row[1:11])


def _stated(analysis: Analysis) -> tuple[object, ...]:
    best, model = analysis.career.career_paths[0], analysis.career.model
    return (
        analysis.resume_filename,
        analysis.document_sha256,
        best.title,
        best.soc_code,
        best.confidence,
        analysis.career.abstained,
        analysis.ats.ats_score,
        model.model_id,
        model.revision,
        model.arm,
    )


def _entry_is_right(row: AnyRow) -> bool:
    """There is one, and it shows the prediction as it is now."""
    if row.entry_id is None:
        return False
    texts = {
        "resume_filename": row.resume_filename,
        "career_path": row.career_path,
        "notes": row.notes or "",
    }
    shown = (row.entry_filename, row.entry_path, row.entry_notes)
    return shown == tuple(
        searchable(text, column=PREDICTION_COLUMNS[name]) for name, text in texts.items()
    )


def _summary_is_right(row: AnyRow) -> bool:
    """What is too long is not there. That its tags are the right ones is looked at tag by tag."""
    if row.summary_data is None:
        return True
    try:
        shown = from_json(BRIEF, row.summary_data)
    except StorageUnavailable:
        return False
    return shown == brief_of(row._mapping, tags=shown.tags) and len(shown.tags) == row.n_tags


def _tag_is_right(row: AnyRow) -> bool:
    return bool(row.tagged_at == row.recorded_at) and _is_shown(row)


def _is_shown(row: AnyRow) -> bool:
    try:
        shown = None if row.summary_data is None else from_json(BRIEF, row.summary_data).tags
    except StorageUnavailable:
        return True  # told where summaries are looked at
    return shown is None or shown[row.position : row.position + 1] == (row.tag,)


def _interview_is_right(row: AnyRow) -> bool:
    try:
        report = from_json(INTERVIEW_REPORT, row.report_data)
    except StorageUnavailable:
        return False
    return (report.rubric_version, report.overall) == (row.rubric_version, row.overall)


RECORDS = (
    RecordCheck(
        "predictions",
        predictions,
        select(
            predictions.c.id,
            predictions.c.resume_filename,
            predictions.c.document_sha256,
            predictions.c.career_path,
            predictions.c.soc_code,
            predictions.c.confidence,
            predictions.c.abstained,
            predictions.c.ats_score,
            predictions.c.model_id,
            predictions.c.model_revision,
            predictions.c.model_arm,
            predictions.c.prediction_data,
        ),
        _prediction_is_right,
    ),
    RecordCheck(
        "summaries of predictions",
        predictions,
        select(
            predictions.c.id,
            *BRIEF_COLUMNS,
            predictions.c.summary_data,
            select(func.count())
            .where(prediction_tags.c.prediction_id == predictions.c.id)
            .scalar_subquery()
            .label("n_tags"),
        ),
        _summary_is_right,
    ),
    RecordCheck(
        "search entries of predictions",
        predictions,
        select(
            predictions.c.id,
            predictions.c.resume_filename,
            predictions.c.career_path,
            predictions.c.notes,
            prediction_search.c.entry_id,
            prediction_search.c.resume_filename.label("entry_filename"),
            prediction_search.c.career_path.label("entry_path"),
            prediction_search.c.notes.label("entry_notes"),
        ).outerjoin_from(predictions, prediction_search),
        _entry_is_right,
    ),
    _readable(
        "jobs of predictions",
        POSTING,
        key=prediction_jobs.c.prediction_id,
        column=prediction_jobs.c.job_data,
    ),
    _readable(
        "texts of predictions",
        LINES,
        key=prediction_text.c.prediction_id,
        column=prediction_text.c.lines,
    ),
    RecordCheck(
        "tags of predictions",
        prediction_tags,
        select(
            prediction_tags.c.prediction_id,
            prediction_tags.c.tag,
            prediction_tags.c.position,
            prediction_tags.c.created_at.label("tagged_at"),
            predictions.c.created_at.label("recorded_at"),
            predictions.c.summary_data,
        ).join_from(prediction_tags, predictions),
        _tag_is_right,
    ),
    RecordCheck(
        "interviews",
        interviews,
        select(
            interviews.c.id,
            interviews.c.rubric_version,
            interviews.c.overall,
            interviews.c.report_data,
        ),
        _interview_is_right,
    ),
    _readable(
        "transcripts of interviews",
        TRANSCRIPT,
        key=interview_text.c.record_id,
        column=interview_text.c.transcript,
    ),
    _readable("postings", POSTING, key=postings.c.job_id, column=postings.c.posting_data),
    _readable(
        "kept answers of job boards",
        JOB_PAGE,
        key=job_cache.c.key,
        column=job_cache.c.page_data,
    ),
)
