"""Lists of predictions, newest first, a page at a time."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import ModelRef, Page, PredictionFilter, PredictionSummary
from ml_service.storage.cursors import ListCursor, list_cursor
from ml_service.storage.tables import prediction_tags, predictions

Comparison = Callable[[Any, Any], ColumnElement[bool]]

SUMMARY_COLUMNS = (
    predictions.c.id,
    predictions.c.user_id,
    predictions.c.resume_filename,
    predictions.c.created_at,
    predictions.c.career_path,
    predictions.c.soc_code,
    predictions.c.confidence,
    predictions.c.abstained,
    predictions.c.ats_score,
    predictions.c.jobs_status,
    predictions.c.model_id,
    predictions.c.model_revision,
    predictions.c.model_arm,
)


async def history_page(
    connection: AsyncConnection, where: PredictionFilter, *, limit: int, cursor: str | None
) -> Page:
    """Raises InvalidRequest for a cursor that is not of a list."""
    after = None if cursor is None else list_cursor(cursor)
    statement = history_query(where, after=after, limit=limit + 1)
    rows = (await connection.execute(statement)).mappings().all()
    summaries = await summaries_of(connection, rows[:limit])
    return Page(summaries, _next_cursor(summaries) if len(rows) > limit else None)


def history_query(where: PredictionFilter, *, after: ListCursor | None, limit: int) -> Select[Any]:
    """One range of one index, whatever the page: with a tag the order is read from its index."""
    statement = select(*SUMMARY_COLUMNS).where(*conditions(where), *in_order_of_time(where))
    place: tuple[ColumnElement[Any], ColumnElement[Any]]
    place = (predictions.c.created_at, predictions.c.id)
    if where.tag is not None:
        place = (prediction_tags.c.created_at, prediction_tags.c.prediction_id)
        statement = statement.join(
            prediction_tags, prediction_tags.c.prediction_id == predictions.c.id
        ).where(prediction_tags.c.tag == where.tag)
    if after is not None:
        last = tuple_(after.created_at, after.prediction_id, types=[c.type for c in place])
        statement = statement.where(tuple_(*place) < last)
    return statement.order_by(*(column.desc() for column in place)).limit(limit)


def in_order_of_time(where: PredictionFilter) -> list[ColumnElement[bool]]:
    """What lets PostgreSQL read the index of ``created_at`` alone; every row satisfies it.

    A list of one user, path or model shall read that one's own index. PostgreSQL would rather go
    back through all that is newer, as if each had its share of every day.
    """
    of_one = (where.user_id, where.career_path, where.soc_code, where.model_id, where.tag)
    return [predictions.c.id > ""] if of_one == (None,) * len(of_one) else []


def conditions(where: PredictionFilter) -> list[ColumnElement[bool]]:
    """All but the tag. ``created_after`` is part of the span, ``created_before`` is not, so
    spans that follow each other miss nothing and share nothing.
    """
    columns = predictions.c
    wanted: list[tuple[ColumnElement[Any], Comparison, object]] = [
        (columns.user_id, operator.eq, where.user_id),
        (columns.career_path, operator.eq, where.career_path),
        (columns.soc_code, operator.eq, where.soc_code),
        (columns.model_id, operator.eq, where.model_id),
        (columns.confidence, operator.ge, where.min_confidence),
        (columns.ats_score, operator.ge, where.min_ats_score),
        (columns.created_at, operator.ge, where.created_after),
        (columns.created_at, operator.lt, where.created_before),
    ]
    return [compare(column, value) for column, compare, value in wanted if value is not None]


async def summaries_of(
    connection: AsyncConnection,
    rows: Sequence[RowMapping],
    *,
    snippets: Mapping[UUID, str] | None = None,
) -> tuple[PredictionSummary, ...]:
    tags = await tags_of(connection, [row["id"] for row in rows])
    snippets = snippets or {}
    return tuple(
        _summary(row, tags=tags[row["id"]], snippet=snippets.get(row["id"])) for row in rows
    )


async def tags_of(connection: AsyncConnection, ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    tags: dict[UUID, list[str]] = defaultdict(list)
    rows = await connection.execute(
        select(prediction_tags.c.prediction_id, prediction_tags.c.tag)
        .where(prediction_tags.c.prediction_id.in_(ids))
        .order_by(prediction_tags.c.prediction_id, prediction_tags.c.position)
    )
    for prediction_id, tag in rows:
        tags[prediction_id].append(tag)
    return tags


def _summary(row: RowMapping, *, tags: list[str], snippet: str | None) -> PredictionSummary:
    return PredictionSummary(
        prediction_id=row["id"],
        user_id=row["user_id"],
        resume_filename=row["resume_filename"],
        created_at=row["created_at"],
        career_path=row["career_path"],
        soc_code=row["soc_code"],
        confidence=row["confidence"],
        abstained=row["abstained"],
        ats_score=row["ats_score"],
        jobs_status=row["jobs_status"],
        model=ModelRef(row["model_id"], row["model_revision"], row["model_arm"]),
        tags=tuple(tags),
        snippet=snippet,
    )


def _next_cursor(summaries: tuple[PredictionSummary, ...]) -> str:
    return ListCursor(summaries[-1].created_at, summaries[-1].prediction_id).encode()
