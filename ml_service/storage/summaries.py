"""What lists show of a prediction, in one column narrow enough to stand in an index.

The rows of one user lie far apart in a long history. With this column in the index of users, a
page of theirs is read from the index alone; so it has to be short. What is longer is not kept
here, and read from where it stands anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import ModelRef, PredictionSummary
from ml_service.storage.column_types import storable
from ml_service.storage.serialisation import from_json, to_json
from ml_service.storage.tables import prediction_tags, predictions

MAX_SUMMARY_BYTES = 1_000
"""PostgreSQL takes 2,704 bytes in an entry of an index; user ids may have 512 of them. As in the
migration that filled the column.
"""

SUMMARY_COLUMNS = (
    predictions.c.id,
    predictions.c.user_id,
    predictions.c.created_at,
    predictions.c.confidence,
    predictions.c.abstained,
    predictions.c.ats_score,
    predictions.c.jobs_status,
    predictions.c.summary_data,
)


@dataclass(frozen=True, slots=True)
class Brief:
    """Of a summary, the texts."""

    resume_filename: str
    career_path: str
    soc_code: str | None
    model: ModelRef
    tags: tuple[str, ...]


BRIEF: TypeAdapter[Brief] = TypeAdapter(Brief)

BRIEF_COLUMNS: tuple[ColumnElement[Any], ...] = (
    predictions.c.resume_filename,
    predictions.c.career_path,
    predictions.c.soc_code,
    predictions.c.model_id,
    predictions.c.model_revision,
    predictions.c.model_arm,
)


def brief_of(row: Mapping[str, Any] | RowMapping, *, tags: Sequence[str]) -> Brief:
    """``row`` holds ``BRIEF_COLUMNS``. A tag that is given twice is shown once."""
    return Brief(
        resume_filename=row["resume_filename"],
        career_path=row["career_path"],
        soc_code=row["soc_code"],
        model=ModelRef(row["model_id"], row["model_revision"], row["model_arm"]),
        tags=tuple(dict.fromkeys(tags)),
    )


def summary_data(brief: Brief) -> str | None:
    """None for one that is too long."""
    kept = replace(
        brief,
        resume_filename=storable(brief.resume_filename),
        career_path=storable(brief.career_path),
        tags=tuple(map(storable, brief.tags)),
    )
    text = storable(to_json(BRIEF, kept))
    return text if len(text.encode()) <= MAX_SUMMARY_BYTES else None


async def summaries_of(
    connection: AsyncConnection,
    rows: Sequence[RowMapping],
    *,
    snippets: Mapping[UUID, str] | None = None,
) -> tuple[PredictionSummary, ...]:
    """``rows`` hold ``SUMMARY_COLUMNS``; in their order."""
    snippets = snippets or {}
    long = [row["id"] for row in rows if row["summary_data"] is None]
    briefs = await _long_briefs(connection, long) if long else {}
    return tuple(
        _summary(
            row,
            brief=briefs.get(row["id"]) or from_json(BRIEF, row["summary_data"]),
            snippet=snippets.get(row["id"]),
        )
        for row in rows
    )


async def _long_briefs(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Brief]:
    statement = select(predictions.c.id, *BRIEF_COLUMNS).where(predictions.c.id.in_(ids))
    rows = (await connection.execute(statement)).mappings().all()
    tags = await _tags_of(connection, ids)
    return {row["id"]: brief_of(row, tags=tags[row["id"]]) for row in rows}


async def tags_of_row(connection: AsyncConnection, row: RowMapping) -> Sequence[str]:
    """``row`` is one of ``predictions``."""
    if row["summary_data"] is not None:
        return from_json(BRIEF, row["summary_data"]).tags
    return (await _tags_of(connection, [row["id"]]))[row["id"]]


async def _tags_of(connection: AsyncConnection, ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """An empty list for one without any."""
    tags: dict[UUID, list[str]] = defaultdict(list)
    rows = await connection.execute(
        select(prediction_tags.c.prediction_id, prediction_tags.c.tag)
        .where(prediction_tags.c.prediction_id.in_(ids))
        .order_by(prediction_tags.c.prediction_id, prediction_tags.c.position)
    )
    for prediction_id, tag in rows:
        tags[prediction_id].append(tag)
    return tags


def _summary(row: RowMapping, *, brief: Brief, snippet: str | None) -> PredictionSummary:
    return PredictionSummary(
        prediction_id=row["id"],
        user_id=row["user_id"],
        resume_filename=brief.resume_filename,
        created_at=row["created_at"],
        career_path=brief.career_path,
        soc_code=brief.soc_code,
        confidence=row["confidence"],
        abstained=row["abstained"],
        ats_score=row["ats_score"],
        jobs_status=row["jobs_status"],
        model=brief.model,
        tags=brief.tags,
        snippet=snippet,
    )
