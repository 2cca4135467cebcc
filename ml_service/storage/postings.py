"""Job adverts that the operator imported; satisfies the port PostingIndex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.ports import Clock
from ml_service.domain.posting import DatePosted, JobQuery, Posting
from ml_service.storage.cursors import RankedCursor, digest, ranked_cursor
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.posting_ranking import JobTerms, rank_by_bm25, rank_by_ts_rank
from ml_service.storage.search_words import POSTING_COLUMNS, searchable
from ml_service.storage.serialisation import POSTING, from_json, to_json
from ml_service.storage.tables import postings
from ml_service.storage.upserts import insert_into

N_POSTINGS_IN_ONE_TRANSACTION = 500

AGES: dict[DatePosted, timedelta] = {
    "today": timedelta(days=1),
    "3days": timedelta(days=3),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}

WORDS = {
    "title": "title_words",
    "employer_name": "employer_words",
    "place": "place_words",
    "description": "description_words",
}


class SqlPostingIndex:
    """Raises StorageUnavailable; a search also InvalidRequest, for its words or its cursor."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
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
                await _be_alone(connection)
                batch = unique[start : start + N_POSTINGS_IN_ONE_TRANSACTION]
                n_new += await _add(connection, batch)
        return n_new

    @to_its_end
    async def search(self, query: JobQuery) -> tuple[tuple[Posting, ...], str | None]:
        """Some of the words are enough, most relevant first, the title counting most."""
        async with self._database.reading() as connection:
            start = await _start(connection, query)
            dialect = connection.dialect.name
            statement = ranking_query(dialect, query, start=start, now=self._clock())
            rows = (await connection.scalars(statement)).all()
        found = tuple(from_json(POSTING, row) for row in rows[: query.limit])
        if len(rows) <= query.limit:
            return found, None
        return found, replace(start, n_seen=start.n_seen + query.limit).encode()


async def _be_alone(connection: AsyncConnection) -> None:
    """Two imports at once take turns, as SQLite's writers do; nobody else waits for them."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE postings IN SHARE ROW EXCLUSIVE MODE"))


async def _add(connection: AsyncConnection, batch: Sequence[Posting]) -> int:
    before = await connection.scalar(
        select(func.count())
        .select_from(postings)
        .where(postings.c.job_id.in_([posting.job_id for posting in batch]))
    )
    rows = [_row(posting) for posting in batch]
    statement = insert_into(connection, postings)
    fresh = {name: statement.excluded[name] for name in rows[0] if name != "job_id"}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["job_id"], set_=fresh), rows
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
        **folded_posting(posting),
    }


def folded_posting(posting: Posting) -> dict[str, str]:
    """Its words, by the columns of ``postings`` that keep them."""
    places = (posting.location, posting.city, posting.region, posting.country)
    texts = {
        "title": posting.title,
        "employer_name": posting.employer_name or "",
        "place": " ".join(place for place in places if place),
        "description": posting.description,
    }
    return {
        column: searchable(texts[name], column=POSTING_COLUMNS[name])
        for name, column in WORDS.items()
    }


async def _start(connection: AsyncConnection, query: JobQuery) -> RankedCursor:
    asked = digest("postings", astuple(replace(query, cursor=None, limit=0)))
    if query.cursor is not None:
        return ranked_cursor(query.cursor, question=asked)
    newest = await connection.scalar(select(func.max(postings.c.entry_id)))
    return RankedCursor(asked, newest or 0, 0)


def ranking_query(
    dialect: str, query: JobQuery, *, start: RankedCursor, now: datetime
) -> Select[Any]:
    rank = rank_by_bm25 if dialect == "sqlite" else rank_by_ts_rank
    wanted = JobTerms.of(query)
    ranked = (
        rank(wanted, where=_conditions(query, now=now), newest=start.newest_entry)
        .limit(query.limit + 1)
        .offset(start.n_seen)
        .subquery("ranked")
    )
    return (
        select(postings.c.posting_data)
        .join(ranked, ranked.c.entry_id == postings.c.entry_id)
        .order_by(ranked.c.rank.desc(), ranked.c.entry_id.desc())
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
