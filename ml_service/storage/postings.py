"""Job adverts that the operator imported; satisfies the port PostingIndex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal_column, or_, select, table
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.ports import Clock
from ml_service.domain.posting import DatePosted, JobQuery, Posting
from ml_service.storage.cursors import RankedCursor, digest, ranked_cursor
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.full_text import POSTING_WEIGHTS, any_of, matches, relevance
from ml_service.storage.serialisation import POSTING, from_json, to_json
from ml_service.storage.tables import postings

INDEX = "posting_fts"
N_POSTINGS_IN_ONE_TRANSACTION = 500

AGES: dict[DatePosted, timedelta] = {
    "today": timedelta(days=1),
    "3days": timedelta(days=3),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}

_index = table(INDEX, column("rowid"))


def utc_now() -> datetime:
    return datetime.now(UTC)


class SqlPostingIndex:
    """Raises StorageUnavailable; a search also InvalidRequest, for its words or its cursor."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @to_its_end
    async def count(self) -> int:
        async with self._database.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(postings)) or 0

    @to_its_end
    async def add(self, postings: Sequence[Posting]) -> int:
        """Many are added in several transactions, so that others can write in between; after a
        failure, adding the same again completes it. Of two with one job_id the last counts.
        """
        unique = list({posting.job_id: posting for posting in postings}.values())
        n_new = 0
        for start in range(0, len(unique), N_POSTINGS_IN_ONE_TRANSACTION):
            async with self._database.writing() as connection:
                batch = unique[start : start + N_POSTINGS_IN_ONE_TRANSACTION]
                n_new += await _add(connection, batch)
        return n_new

    @to_its_end
    async def search(self, query: JobQuery) -> tuple[tuple[Posting, ...], str | None]:
        """Some of the words are enough, most relevant first, the title counting most."""
        question = any_of(query.query, place=query.location)
        async with self._database.reading() as connection:
            start = await _start(connection, query)
            statement = ranking_query(question, query, start=start, now=self._clock())
            rows = (await connection.scalars(statement)).all()
        found = tuple(from_json(POSTING, row) for row in rows[: query.limit])
        if len(rows) <= query.limit:
            return found, None
        return found, replace(start, n_seen=start.n_seen + query.limit).encode()


async def _add(connection: AsyncConnection, batch: Sequence[Posting]) -> int:
    before = await connection.scalar(
        select(func.count())
        .select_from(postings)
        .where(postings.c.job_id.in_([posting.job_id for posting in batch]))
    )
    statement = insert(postings)
    fresh = {
        name: statement.excluded[name]
        for name in ("country", "remote", "employment_types", "posted_at", "posting_data")
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["job_id"], set_=fresh),
        [_row(posting) for posting in batch],
    )
    return len(batch) - (before or 0)


def _row(posting: Posting) -> dict[str, Any]:
    return {
        "job_id": posting.job_id,
        "country": posting.country.lower() if posting.country else None,
        "remote": posting.remote,
        "employment_types": "".join(f"|{kind}|" for kind in posting.employment_types),
        "posted_at": posting.posted_at,
        "posting_data": to_json(POSTING, posting),
    }


async def _start(connection: AsyncConnection, query: JobQuery) -> RankedCursor:
    asked = digest(INDEX, astuple(replace(query, cursor=None, limit=0)))
    if query.cursor is not None:
        return ranked_cursor(query.cursor, question=asked)
    newest = await connection.scalar(select(func.max(postings.c.entry_id)))
    return RankedCursor(asked, newest or 0, 0)


def ranking_query(
    question: str, query: JobQuery, *, start: RankedCursor, now: datetime
) -> Select[Any]:
    rowid: ColumnElement[int] = literal_column(f"{INDEX}.rowid")
    ranked = (
        select(rowid.label("entry_id"), relevance(INDEX, POSTING_WEIGHTS).label("rank"))
        .select_from(_index)
        .join(postings, postings.c.entry_id == rowid)
        .where(matches(INDEX, question), rowid <= start.newest_entry, *_conditions(query, now=now))
        .order_by(literal_column("rank"), rowid.desc())
        .limit(query.limit + 1)
        .offset(start.n_seen)
        .subquery()
    )
    return (
        select(postings.c.posting_data)
        .join(ranked, ranked.c.entry_id == postings.c.entry_id)
        .order_by(ranked.c.rank, ranked.c.entry_id.desc())
    )


def _conditions(query: JobQuery, *, now: datetime) -> list[ColumnElement[bool]]:
    """A posting that names no country may be anywhere; one without a date is not called recent.

    One that does not say whether it is remote is not called remote: it counts as not remote.
    """
    wanted: list[ColumnElement[bool]] = []
    if query.country is not None:
        here = postings.c.country == query.country.lower()
        wanted.append(or_(here, postings.c.country.is_(None)))
    if query.remote is not None:
        stated = postings.c.remote.is_(True)
        wanted.append(stated if query.remote else postings.c.remote.is_not(True))
    if query.date_posted in AGES:
        wanted.append(postings.c.posted_at >= now - AGES[query.date_posted])
    if query.employment_types:
        kinds = [
            postings.c.employment_types.contains(f"|{kind}|") for kind in query.employment_types
        ]
        wanted.append(or_(*kinds))
    return wanted
