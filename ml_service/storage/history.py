"""Lists of predictions, newest first, a page at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import Page, PredictionFilter, PredictionSummary
from ml_service.storage.cursors import ListCursor, list_cursor
from ml_service.storage.summaries import SUMMARY_COLUMNS, summaries_of
from ml_service.storage.tables import prediction_tags, predictions

Comparison = Callable[[Any, Any], ColumnElement[bool]]


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
        last = tuple_(after.created_at, after.record_id, types=[c.type for c in place])
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


def _next_cursor(summaries: tuple[PredictionSummary, ...]) -> str:
    return ListCursor(summaries[-1].created_at, summaries[-1].prediction_id).encode()
