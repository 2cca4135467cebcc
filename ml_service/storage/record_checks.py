"""What every record of a database must be, one check a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, Table, select

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.prediction import Analysis
from ml_service.storage.search_words import PREDICTION_COLUMNS, searchable
from ml_service.storage.serialisation import ANALYSIS, JOB_PAGE, LINES, POSTING, from_json
from ml_service.storage.tables import (
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


def _readable(adapter: TypeAdapter[Any], column: str) -> Judge:
    def judge(row: AnyRow) -> bool:
        try:
            from_json(adapter, row._mapping[column])
        except StorageUnavailable:
            return False
        return True

    return judge


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


def _same_moment(row: AnyRow) -> bool:
    return bool(row.tagged_at == row.recorded_at)


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
    RecordCheck(
        "jobs of predictions",
        prediction_jobs,
        select(prediction_jobs.c.prediction_id, prediction_jobs.c.job_data),
        _readable(POSTING, "job_data"),
    ),
    RecordCheck(
        "texts of predictions",
        prediction_text,
        select(prediction_text.c.prediction_id, prediction_text.c.lines),
        _readable(LINES, "lines"),
    ),
    RecordCheck(
        "tags of predictions",
        prediction_tags,
        select(
            prediction_tags.c.prediction_id,
            prediction_tags.c.created_at.label("tagged_at"),
            predictions.c.created_at.label("recorded_at"),
        ).join_from(prediction_tags, predictions),
        _same_moment,
    ),
    RecordCheck(
        "postings",
        postings,
        select(postings.c.job_id, postings.c.posting_data),
        _readable(POSTING, "posting_data"),
    ),
    RecordCheck(
        "kept answers of job boards",
        job_cache,
        select(job_cache.c.key, job_cache.c.page_data),
        _readable(JOB_PAGE, "page_data"),
    ),
)
