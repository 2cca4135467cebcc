"""Predictions in a database; satisfies the port PredictionStore."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.document import Line
from ml_service.domain.errors import PredictionNotFound, TextNotStored
from ml_service.domain.ports import Clock
from ml_service.domain.posting import JobsOutcome, Posting
from ml_service.domain.prediction import (
    Page,
    Prediction,
    PredictionChange,
    PredictionFilter,
    Unchanged,
)
from ml_service.storage.audit import record_event
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.full_text import erase_at_once, erase_remains
from ml_service.storage.history import history_page, tags_of
from ml_service.storage.prediction_rows import (
    Row,
    job_rows,
    jobs_columns,
    prediction_row,
    search_row,
    searchable,
    tag_rows,
    text_of,
    to_prediction,
)
from ml_service.storage.search import search_page
from ml_service.storage.serialisation import LINES, from_json, to_json
from ml_service.storage.tables import (
    prediction_jobs,
    prediction_search,
    prediction_tags,
    prediction_text,
    predictions,
)


def utc_now() -> datetime:
    return datetime.now(UTC)


def the_service() -> str:
    return "service"


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
        actor: Callable[[], str] = the_service,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._store_text = store_text
        self._actor = actor
        self._clock = clock

    @to_its_end
    async def add(self, prediction: Prediction, *, lines: Sequence[Line]) -> None:
        kept = tuple(lines) if self._store_text else ()
        plain, identity = text_of(kept), prediction.prediction_id
        row, entry = prediction_row(prediction, text=plain), search_row(prediction, text=plain)
        tags = tag_rows(identity, prediction.annotations.tags, created_at=prediction.created_at)
        async with self._database.writing() as connection:
            await connection.execute(insert(predictions), row)
            await _add_jobs(
                connection, identity, prediction.jobs.postings, at=prediction.updated_at
            )
            if tags:
                await connection.execute(insert(prediction_tags), tags)
            if self._store_text:
                stored = {"prediction_id": identity, "lines": to_json(LINES, kept)}
                await connection.execute(insert(prediction_text), stored)
            await connection.execute(insert(prediction_search), entry)
            await record_event(
                connection, "created", identity, actor=self._actor(), at=self._clock()
            )

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
            statement = (
                select(predictions.c.id, prediction_text.c.lines)
                .outerjoin(prediction_text)
                .where(predictions.c.id == prediction_id)
            )
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise PredictionNotFound
        if row.lines is None:
            raise TextNotStored
        return from_json(LINES, row.lines)

    @to_its_end
    async def page(self, where: PredictionFilter, *, limit: int, cursor: str | None) -> Page:
        async with self._database.reading() as connection:
            return await history_page(connection, where, limit=limit, cursor=cursor)

    @to_its_end
    async def search(
        self, words: str, *, where: PredictionFilter, limit: int, cursor: str | None
    ) -> Page:
        async with self._database.reading() as connection:
            return await search_page(connection, words, where, limit=limit, cursor=cursor)

    @to_its_end
    async def change(
        self, prediction_id: UUID, change: PredictionChange, *, at: datetime
    ) -> Prediction:
        async with self._database.writing() as connection:
            await _update(connection, prediction_id, {**_changed(change), "updated_at": at})
            if not isinstance(change.tags, Unchanged):
                await _replace_tags(connection, prediction_id, change.tags)
            if not isinstance(change.notes, Unchanged):
                await erase_at_once(connection)
                await connection.execute(
                    update(prediction_search)
                    .where(prediction_search.c.prediction_id == prediction_id)
                    .values(notes=searchable(change.notes or ""))
                )
            await record_event(connection, "changed", prediction_id, actor=self._actor(), at=at)
            return await _get(connection, prediction_id)

    @to_its_end
    async def record_jobs(self, prediction_id: UUID, jobs: JobsOutcome, *, at: datetime) -> None:
        async with self._database.writing() as connection:
            await _update(connection, prediction_id, {**jobs_columns(jobs), "updated_at": at})
            await connection.execute(
                delete(prediction_jobs).where(prediction_jobs.c.prediction_id == prediction_id)
            )
            await _add_jobs(connection, prediction_id, jobs.postings, at=at)
            await record_event(
                connection, "jobs_recorded", prediction_id, actor=self._actor(), at=at
            )

    @to_its_end
    async def delete(self, prediction_id: UUID) -> None:
        """The other tables follow by their foreign keys, the full-text index by its triggers."""
        async with self._database.writing() as connection:
            await erase_at_once(connection)
            gone = await connection.execute(
                delete(predictions).where(predictions.c.id == prediction_id)
            )
            if gone.rowcount == 0:
                raise PredictionNotFound
            await erase_remains(connection)
            await record_event(
                connection, "deleted", prediction_id, actor=self._actor(), at=self._clock()
            )
        await self._database.erase_log()

    @to_its_end
    async def end_pending_jobs(self, *, at: datetime) -> int:
        async with self._database.writing() as connection:
            ended = await connection.execute(
                update(predictions)
                .where(text("jobs_status = 'pending'"))
                .values(jobs_status="unavailable", updated_at=at)
            )
            return ended.rowcount


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
    tags = await tags_of(connection, [row["id"]])
    return to_prediction(row, jobs=jobs.all(), tags=tags.get(row["id"], []))


async def _add_jobs(
    connection: AsyncConnection, prediction_id: UUID, postings: Sequence[Posting], *, at: datetime
) -> None:
    rows = job_rows(prediction_id, postings, at=at)
    if rows:
        await connection.execute(insert(prediction_jobs), rows)


async def _update(connection: AsyncConnection, prediction_id: UUID, values: Row) -> None:
    statement = update(predictions).where(predictions.c.id == prediction_id).values(**values)
    if (await connection.execute(statement)).rowcount == 0:
        raise PredictionNotFound


def _changed(change: PredictionChange) -> Row:
    values = {
        "user_id": change.user_id,
        "notes": change.notes,
        "feedback": change.feedback,
        "corrected_soc_code": change.corrected_soc_code,
    }
    return {name: value for name, value in values.items() if not isinstance(value, Unchanged)}


async def _replace_tags(
    connection: AsyncConnection, prediction_id: UUID, tags: Sequence[str]
) -> None:
    await connection.execute(
        delete(prediction_tags).where(prediction_tags.c.prediction_id == prediction_id)
    )
    if not tags:
        return
    created_at = await connection.scalar(
        select(predictions.c.created_at).where(predictions.c.id == prediction_id)
    )
    if created_at is None:
        raise PredictionNotFound
    rows = tag_rows(prediction_id, tags, created_at=created_at)
    await connection.execute(insert(prediction_tags), rows)
