"""Interviews in a database; satisfies the port InterviewStore."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import InterviewNotFound, KeyInUse
from ml_service.domain.interview import InterviewReport, StoredInterview
from ml_service.domain.interview_records import (
    InterviewPage,
    InterviewRecord,
    InterviewSummary,
    KeptInterview,
    Said,
)
from ml_service.domain.ports import Claim, Clock
from ml_service.storage.audit import Action, events_of, record_events
from ml_service.storage.cursors import ListCursor, list_cursor
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.erased_users import refuse_erased
from ml_service.storage.forgetting import clear_log, note_deleted
from ml_service.storage.idempotency import held_by
from ml_service.storage.interview_rows import interview_row, report_columns, to_kept, unquoted
from ml_service.storage.serialisation import TRANSCRIPT, from_json, to_json
from ml_service.storage.tables import idempotency_keys, interview_text, interviews
from ml_service.storage.upserts import insert_into

ERASED_AT_ONCE = 200


class SqlInterviewStore:
    """``actor`` names who acts, for the audit events. Without ``store_text`` neither transcripts
    nor words of them are kept.
    """

    def __init__(
        self, database: Database, *, store_text: bool, actor: Callable[[], str], clock: Clock
    ) -> None:
        self._database = database
        self._store_text = store_text
        self._actor = actor
        self._clock = clock

    @to_its_end
    async def add(
        self,
        kept: KeptInterview,
        *,
        transcript: Said,
        claim: Claim | None = None,
        begun_at: datetime,
    ) -> KeptInterview:
        kept = self._as_kept(kept)
        interview = kept.interview
        async with self._database.writing() as connection:
            if interview.user_id is not None:
                await refuse_erased(connection, interview.user_id, since=begun_at)
            if not await _inserted(connection, kept):
                return await _get(connection, interviews.c.interview_id == interview.interview_id)
            if self._store_text:
                text = {"record_id": kept.record_id, "transcript": to_json(TRANSCRIPT, transcript)}
                await connection.execute(insert(interview_text), text)
            if claim is not None:
                await _note_claim(connection, claim, kept.record_id)
            await self._note(connection, "created", kept.record_id)
        return kept

    @to_its_end
    async def renew(self, kept: KeptInterview, report: InterviewReport) -> KeptInterview:
        renewed = self._as_kept(replace(kept, interview=replace(kept.interview, report=report)))
        async with self._database.writing() as connection:
            changed = await connection.execute(
                update(interviews)
                .where(interviews.c.id == kept.record_id)
                .values(**report_columns(renewed.interview.report))
            )
            if changed.rowcount == 0:
                raise InterviewNotFound
            await note_deleted(connection)
            await self._note(connection, "rescored", kept.record_id)
        await clear_log(self._database)
        return renewed

    @to_its_end
    async def find(self, interview_id: str) -> KeptInterview | None:
        async with self._database.reading() as connection:
            row = await _row(connection, interviews.c.interview_id == interview_id)
        return None if row is None else to_kept(row)

    @to_its_end
    async def get(self, interview_id: str) -> StoredInterview:
        async with self._database.reading() as connection:
            found = await _get(connection, interviews.c.interview_id == interview_id)
        return found.interview

    @to_its_end
    async def by_record(self, record_id: UUID) -> StoredInterview:
        async with self._database.reading() as connection:
            return (await _get(connection, interviews.c.id == record_id)).interview

    @to_its_end
    async def record(self, interview_id: str) -> InterviewRecord:
        async with self._database.reading() as connection:
            found = await _get(connection, interviews.c.interview_id == interview_id)
            of_it = interview_text.c.record_id == found.record_id
            text = await connection.scalar(select(interview_text.c.transcript).where(of_it))
            return InterviewRecord(
                interview=found.interview,
                transcript=None if text is None else from_json(TRANSCRIPT, text),
                events=await events_of(connection, found.record_id),
            )

    @to_its_end
    async def page(self, user_id: str, *, limit: int, cursor: str | None) -> InterviewPage:
        after = None if cursor is None else list_cursor(cursor)
        async with self._database.reading() as connection:
            return await _page(connection, user_id, limit=limit, after=after)

    @to_its_end
    async def delete(self, interview_id: str) -> None:
        one = select(interviews.c.id).where(interviews.c.interview_id == interview_id)
        if not await self._erase(one.with_for_update(), "deleted"):
            raise InterviewNotFound

    @to_its_end
    async def erase_user(self, user_id: str) -> int:
        some = select(interviews.c.id).where(interviews.c.user_id == user_id).limit(ERASED_AT_ONCE)
        n_gone = 0
        while gone := await self._erase(some.with_for_update(), "erased"):
            n_gone += gone
            await asyncio.sleep(0)  # whoever waits to write gets his turn
        return n_gone

    @to_its_end
    async def erase_created_before(self, moment: datetime, *, limit: int) -> int:
        oldest = (
            select(interviews.c.id)
            .where(interviews.c.created_at < moment)
            .order_by(interviews.c.created_at, interviews.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)  # those that another process deletes are its own
        )
        return await self._erase(oldest, "expired")

    def _as_kept(self, kept: KeptInterview) -> KeptInterview:
        return kept if self._store_text else unquoted(kept)

    async def _erase(self, chosen: Select[Any], action: Action) -> int:
        """Transcripts and answers to keys follow by their foreign keys."""
        async with self._database.writing() as connection:
            ids = (await connection.scalars(chosen)).all()
            if ids:
                await connection.execute(delete(interviews).where(interviews.c.id.in_(ids)))
                await note_deleted(connection)
                await self._note(connection, action, *ids)
        if ids:
            await clear_log(self._database)
        return len(ids)

    async def _note(self, connection: AsyncConnection, action: Action, *subjects: UUID) -> None:
        await record_events(connection, action, subjects, actor=self._actor(), at=self._clock())


async def _inserted(connection: AsyncConnection, kept: KeptInterview) -> bool:
    """False where the id is taken: the same request may come twice at once."""
    statement = (
        insert_into(connection, interviews)
        .values(interview_row(kept))
        .on_conflict_do_nothing(index_elements=["interview_id"])
    )
    return (await connection.scalar(statement.returning(interviews.c.id))) is not None


async def _note_claim(connection: AsyncConnection, claim: Claim, record_id: UUID) -> None:
    noted = await connection.execute(
        update(idempotency_keys).where(held_by(claim)).values(interview_record_id=record_id)
    )
    if noted.rowcount == 0:
        raise KeyInUse


async def _row(connection: AsyncConnection, where: ColumnElement[bool]) -> RowMapping | None:
    return (await connection.execute(select(interviews).where(where))).mappings().one_or_none()


async def _get(connection: AsyncConnection, where: ColumnElement[bool]) -> KeptInterview:
    row = await _row(connection, where)
    if row is None:
        raise InterviewNotFound
    return to_kept(row)


async def _page(
    connection: AsyncConnection, user_id: str, *, limit: int, after: ListCursor | None
) -> InterviewPage:
    columns = interviews.c
    place: tuple[ColumnElement[Any], ColumnElement[Any]] = (columns.created_at, columns.id)
    shown = (columns.interview_id, columns.user_id, columns.rubric_version, columns.overall)
    statement = select(*place, *shown).where(columns.user_id == user_id)
    if after is not None:
        last = tuple_(after.created_at, after.record_id, types=[c.type for c in place])
        statement = statement.where(tuple_(*place) < last)
    ordered = statement.order_by(*(column.desc() for column in place)).limit(limit + 1)
    rows = (await connection.execute(ordered)).all()
    summaries = tuple(
        InterviewSummary(
            row.interview_id, row.user_id, row.created_at, row.rubric_version, row.overall
        )
        for row in rows[:limit]
    )
    more = len(rows) > limit
    last_row = rows[:limit][-1] if more else None
    return InterviewPage(
        summaries,
        None if last_row is None else ListCursor(last_row.created_at, last_row.id).encode(),
    )
