"""Predictions in a database; satisfies the port PredictionStore."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.document import Line
from ml_service.domain.errors import PredictionNotFound, TextNotStored
from ml_service.domain.ports import Claim, Clock
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import (
    Page,
    Prediction,
    PredictionChange,
    PredictionFilter,
    PredictionRecord,
    Renewal,
)
from ml_service.storage.audit import Action, events_of, record_events
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.erased_users import forget_erased, note_erased, refuse_erased
from ml_service.storage.erasure import batch_of_user, erase, oldest_before
from ml_service.storage.forgetting import clear_log
from ml_service.storage.history import history_page
from ml_service.storage.prediction_changes import (
    add_jobs,
    apply_change,
    changes_nothing,
    end_pending,
    hold,
    moved_on,
    note_claim,
    replace_jobs,
)
from ml_service.storage.prediction_rows import (
    prediction_row,
    search_row,
    tag_rows,
    text_of,
    to_prediction,
)
from ml_service.storage.renewals import apply_renewal
from ml_service.storage.search import search_page
from ml_service.storage.search_blocks import SIZES, SearchSizes
from ml_service.storage.serialisation import LINES, from_json, to_json
from ml_service.storage.summaries import tags_of_row
from ml_service.storage.tables import (
    prediction_jobs,
    prediction_search,
    prediction_tags,
    prediction_text,
    predictions,
)


class SqlPredictionStore:
    """Errors are those of the port, and StorageUnavailable from every method.

    Without ``store_text`` neither lines nor the first characters are kept, and a search does not
    see them; the analysis is kept all the same. ``actor`` names who acts, for the audit events.
    """

    def __init__(
        self,
        database: Database,
        *,
        store_text: bool,
        actor: Callable[[], str],
        clock: Clock,
        search_sizes: SearchSizes = SIZES,
    ) -> None:
        self._database = database
        self._store_text = store_text
        self._actor = actor
        self._clock = clock
        self._search_sizes = search_sizes

    @to_its_end
    async def add(
        self,
        prediction: Prediction,
        *,
        lines: Sequence[Line],
        claim: Claim | None = None,
        begun_at: datetime | None = None,
    ) -> None:
        kept = tuple(lines) if self._store_text else ()
        plain, identity = text_of(kept), prediction.prediction_id
        row, entry = prediction_row(prediction, text=plain), search_row(prediction, text=plain)
        tags = tag_rows(identity, prediction.annotations.tags, created_at=prediction.created_at)
        async with self._database.writing() as connection:
            if prediction.user_id is not None and begun_at is not None:
                await refuse_erased(connection, prediction.user_id, since=begun_at)
            await connection.execute(insert(predictions), row)
            await add_jobs(connection, identity, prediction.jobs.postings, at=prediction.updated_at)
            if tags:
                await connection.execute(insert(prediction_tags), tags)
            if self._store_text:
                stored = {"prediction_id": identity, "lines": to_json(LINES, kept)}
                await connection.execute(insert(prediction_text), stored)
            await connection.execute(insert(prediction_search), entry)
            if claim is not None:
                await note_claim(connection, claim, identity)
            await self._note(connection, "created", identity, at=self._clock())

    @to_its_end
    async def get(self, prediction_id: UUID) -> Prediction:
        async with self._database.reading() as connection:
            return await _get(connection, prediction_id)

    @to_its_end
    async def find_same(self, fingerprint: str) -> Prediction | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(same_query(fingerprint))).mappings().first()
            return None if row is None else await _whole(connection, row)

    @to_its_end
    async def lines(self, prediction_id: UUID) -> tuple[Line, ...]:
        async with self._database.reading() as connection:
            lines = await _lines(connection, prediction_id)
        if lines is None:
            raise TextNotStored
        return lines

    @to_its_end
    async def record(self, prediction_id: UUID) -> PredictionRecord:
        async with self._database.reading() as connection:
            return PredictionRecord(
                prediction=await _get(connection, prediction_id),
                lines=await _lines(connection, prediction_id),
                events=await events_of(connection, prediction_id),
            )

    @to_its_end
    async def page(self, where: PredictionFilter, *, limit: int, cursor: str | None) -> Page:
        async with self._database.reading() as connection:
            return await history_page(connection, where, limit=limit, cursor=cursor)

    @to_its_end
    async def search(
        self, words: str, *, where: PredictionFilter, limit: int, cursor: str | None
    ) -> Page:
        async with self._database.reading() as connection:
            return await search_page(
                connection, words, where, limit=limit, cursor=cursor, sizes=self._search_sizes
            )

    @to_its_end
    async def change(
        self,
        prediction_id: UUID,
        change: PredictionChange,
        *,
        at: datetime,
        expected: Collection[datetime] | None = None,
    ) -> Prediction:
        """A change of nothing is looked at, and not recorded."""
        async with self._database.writing() as connection:
            held = await hold(connection, prediction_id, expected=expected)
            if not changes_nothing(change):
                after = moved_on(held.updated_at, at=at)
                await apply_change(connection, held, change, at=after)
                await self._note(connection, "changed", prediction_id, at=at)
            return await _get(connection, prediction_id)

    @to_its_end
    async def renew(
        self,
        prediction_id: UUID,
        renewal: Renewal,
        *,
        at: datetime,
        expected: Collection[datetime] | None = None,
        claim: Claim | None = None,
    ) -> Prediction:
        async with self._database.writing() as connection:
            held = await hold(connection, prediction_id, expected=expected)
            after = moved_on(held.updated_at, at=at)
            await apply_renewal(connection, held, renewal, at=after, store_text=self._store_text)
            if claim is not None:
                await note_claim(connection, claim, prediction_id)
            await self._note(connection, "rescored", prediction_id, at=at)
            renewed = await _get(connection, prediction_id)
        await clear_log(self._database)
        return renewed

    @to_its_end
    async def record_jobs(self, prediction_id: UUID, jobs: JobsOutcome, *, at: datetime) -> None:
        async with self._database.writing() as connection:
            held = await hold(connection, prediction_id, expected=None)
            await replace_jobs(connection, held, jobs, at=moved_on(held.updated_at, at=at))
            await self._note(connection, "jobs_recorded", prediction_id, at=at)

    @to_its_end
    async def delete(
        self, prediction_id: UUID, *, expected: Collection[datetime] | None = None
    ) -> None:
        async with self._database.writing() as connection:
            await hold(connection, prediction_id, expected=expected)
            await erase(connection, predictions.c.id == prediction_id)
            await self._note(connection, "deleted", prediction_id, at=self._clock())
        await clear_log(self._database)

    @to_its_end
    async def erase_user(self, user_id: str) -> int:
        async with self._database.writing() as connection:
            await note_erased(connection, user_id, at=self._clock())
        n_gone, more = 0, True
        while more:
            async with self._database.writing() as connection:
                batch, more = await batch_of_user(connection, user_id)
                n_gone += await self._erase(connection, batch, "erased")
            await asyncio.sleep(0)  # whoever waits to write gets his turn
        return await self._forget(n_gone)

    @to_its_end
    async def erase_created_before(self, moment: datetime, *, limit: int) -> int:
        async with self._database.writing() as connection:
            oldest = await oldest_before(connection, moment, limit=limit)
            gone = await self._erase(connection, oldest, "expired")
        return await self._forget(gone)

    @to_its_end
    async def forget_erasures(self, *, before: datetime) -> int:
        async with self._database.writing() as connection:
            return await forget_erased(connection, before=before)

    @to_its_end
    async def end_pending_jobs(self, *, created_before: datetime, at: datetime) -> int:
        async with self._database.writing() as connection:
            ended = await end_pending(connection, created_before=created_before, at=at)
            await self._note(connection, "jobs_ended", *ended, at=at)
            return len(ended)

    async def _erase(
        self, connection: AsyncConnection, where: ColumnElement[bool], action: Action
    ) -> int:
        gone = await erase(connection, where)
        await self._note(connection, action, *gone, at=self._clock())
        return len(gone)

    async def _forget(self, n_gone: int) -> int:
        if n_gone:
            await clear_log(self._database)
        return n_gone

    async def _note(
        self, connection: AsyncConnection, action: Action, *subjects: UUID, at: datetime
    ) -> None:
        await record_events(connection, action, subjects, actor=self._actor(), at=at)


def same_query(fingerprint: str) -> Select[Any]:
    return (
        select(predictions)
        .where(predictions.c.fingerprint == fingerprint)
        .order_by(predictions.c.created_at.desc(), predictions.c.id.desc())
        .limit(1)
    )


async def _get(connection: AsyncConnection, prediction_id: UUID) -> Prediction:
    statement = select(predictions).where(predictions.c.id == prediction_id)
    row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise PredictionNotFound
    return await _whole(connection, row)


async def _whole(connection: AsyncConnection, row: RowMapping) -> Prediction:
    jobs = await connection.scalars(
        select(prediction_jobs.c.job_data)
        .where(prediction_jobs.c.prediction_id == row["id"])
        .order_by(prediction_jobs.c.position)
    )
    return to_prediction(row, jobs=jobs.all(), tags=await tags_of_row(connection, row))


async def _lines(connection: AsyncConnection, prediction_id: UUID) -> tuple[Line, ...] | None:
    """None where the text was not stored. Raises PredictionNotFound."""
    statement = (
        select(predictions.c.id, prediction_text.c.lines)
        .outerjoin(prediction_text)
        .where(predictions.c.id == prediction_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise PredictionNotFound
    return None if row.lines is None else from_json(LINES, row.lines)
