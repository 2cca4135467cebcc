"""Full-text search of predictions: best match first, then newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.prediction import Page, PredictionFilter
from ml_service.storage.cursors import RankedCursor, digest, ranked_cursor
from ml_service.storage.full_text import PREDICTION_WEIGHTS, all_of, matches, relevance
from ml_service.storage.history import SUMMARY_COLUMNS, conditions, summaries_of
from ml_service.storage.tables import prediction_search, prediction_tags, predictions

INDEX = "prediction_fts"
N_SNIPPET_TOKENS = 24

MARK_START, MARK_END = "«", "»"
_START, _END = "\x02", "\x03"

_index = table(INDEX, column("rowid"))


async def search_page(
    connection: AsyncConnection,
    words: str,
    where: PredictionFilter,
    *,
    limit: int,
    cursor: str | None,
) -> Page:
    """Raises InvalidRequest for a cursor of another search or nothing to search for.

    A snippet is plain text in which « and » mark what matched and stand for nothing else; show
    it as text, never as markup.
    """
    question = all_of(words)
    start = await _start(connection, question=question, where=where, cursor=cursor)
    statement = ranking_query(question, where, start=start, limit=limit + 1)
    entries = list((await connection.execute(statement)).scalars())
    found = entries[:limit]
    rows = await _rows(connection, found)
    snippets = await _snippets(connection, question, found)
    summaries = await summaries_of(connection, rows, snippets=snippets)
    more = len(entries) > limit
    onward = RankedCursor(start.question, start.newest_entry, start.n_seen + limit)
    return Page(summaries, onward.encode() if more else None)


async def _start(
    connection: AsyncConnection, *, question: str, where: PredictionFilter, cursor: str | None
) -> RankedCursor:
    asked = digest(INDEX, question, astuple(where))
    if cursor is not None:
        return ranked_cursor(cursor, question=asked)
    newest = await connection.scalar(select(func.max(prediction_search.c.entry_id)))
    return RankedCursor(asked, newest or 0, 0)


def ranking_query(
    question: str, where: PredictionFilter, *, start: RankedCursor, limit: int
) -> Select[Any]:
    """Entry ids only: all that matches is weighed, so nothing wide is read on the way."""
    rowid: ColumnElement[int] = literal_column(f"{INDEX}.rowid")
    statement = (
        select(rowid)
        .select_from(_index)
        .where(matches(INDEX, question), rowid <= start.newest_entry)
        .order_by(relevance(INDEX, PREDICTION_WEIGHTS), rowid.desc())
        .limit(limit)
        .offset(start.n_seen)
    )
    if where == PredictionFilter():
        return statement
    return (
        statement.join(prediction_search, prediction_search.c.entry_id == rowid)
        .join(predictions, predictions.c.id == prediction_search.c.prediction_id)
        .where(*conditions(where), *_tagged(where.tag))
    )


def _tagged(tag: str | None) -> list[Any]:
    if tag is None:
        return []
    tagged = select(prediction_tags.c.prediction_id).where(prediction_tags.c.tag == tag)
    return [predictions.c.id.in_(tagged)]


async def _rows(connection: AsyncConnection, entries: Sequence[int]) -> list[Any]:
    result = await connection.execute(
        select(prediction_search.c.entry_id, *SUMMARY_COLUMNS)
        .join(predictions, predictions.c.id == prediction_search.c.prediction_id)
        .where(prediction_search.c.entry_id.in_(entries))
    )
    return sorted(result.mappings(), key=lambda row: entries.index(row["entry_id"]))


async def _snippets(
    connection: AsyncConnection, question: str, entries: Sequence[int]
) -> dict[UUID, str]:
    rowid: ColumnElement[int] = literal_column(f"{INDEX}.rowid")
    cut = func.snippet(literal_column(INDEX), -1, _START, _END, "…", N_SNIPPET_TOKENS)
    rows = await connection.execute(
        select(prediction_search.c.prediction_id, cut)
        .select_from(_index)
        .join(prediction_search, prediction_search.c.entry_id == rowid)
        .where(matches(INDEX, question), rowid.in_(entries))
    )
    return {prediction_id: _plain(snippet) for prediction_id, snippet in rows}


def _plain(snippet: str) -> str:
    """One line without control characters, in which only a match stands between the marks."""
    quiet = snippet.replace(MARK_START, '"').replace(MARK_END, '"')
    marked = quiet.replace(_START, MARK_START).replace(_END, MARK_END)
    return " ".join("".join(c if c.isprintable() else " " for c in marked).split())
