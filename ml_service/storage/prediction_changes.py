"""What changes in a recorded prediction, statement by statement, within a transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import KeyInUse, PreconditionFailed, PredictionNotFound
from ml_service.domain.ports import Claim
from ml_service.domain.posting import JobsOutcome, Posting
from ml_service.domain.prediction import PredictionChange, Unchanged
from ml_service.storage.forgetting import erase_at_once
from ml_service.storage.idempotency import held_by
from ml_service.storage.prediction_rows import (
    Row,
    job_rows,
    jobs_columns,
    tag_rows,
)
from ml_service.storage.search_words import PREDICTION_COLUMNS, searchable
from ml_service.storage.summaries import BRIEF_COLUMNS, brief_of, summary_data
from ml_service.storage.tables import (
    idempotency_keys,
    prediction_jobs,
    prediction_search,
    prediction_tags,
    predictions,
)

_SHORTEST = timedelta(microseconds=1)
"""The finest that both databases keep."""

MOST_ENDED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A prediction that nobody else changes until the transaction ends."""

    prediction_id: UUID
    created_at: datetime
    updated_at: datetime


def changes_nothing(change: PredictionChange) -> bool:
    return all(isinstance(getattr(change, field.name), Unchanged) for field in fields(change))


async def hold(
    connection: AsyncConnection, prediction_id: UUID, *, expected: Collection[datetime] | None
) -> Held:
    """Keep all others from changing the row.

    Raises PredictionNotFound or PreconditionFailed. SQLite has one writer and locks no rows.
    """
    statement = (
        select(predictions.c.id, predictions.c.created_at, predictions.c.updated_at)
        .where(predictions.c.id == prediction_id)
        .with_for_update()
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise PredictionNotFound
    if expected is not None and row.updated_at not in expected:
        raise PreconditionFailed
    return Held(*row)


def moved_on(before: datetime, *, at: datetime) -> datetime:
    """``at``, or the next moment after ``before`` where a clock stands still or goes back."""
    return max(at, before + _SHORTEST)


async def apply_change(
    connection: AsyncConnection, held: Held, change: PredictionChange, *, at: datetime
) -> None:
    await update_row(connection, held.prediction_id, {**_columns(change), "updated_at": at})
    if not isinstance(change.tags, Unchanged):
        await _replace_tags(connection, held, change.tags)
    if not isinstance(change.user_id, Unchanged):
        # The kept answer names the former user; without it, one is made of what is stored.
        await connection.execute(
            update(idempotency_keys)
            .where(idempotency_keys.c.prediction_id == held.prediction_id)
            .values(answer=None)
        )
    if not isinstance(change.notes, Unchanged):
        await erase_at_once(connection)
        await connection.execute(
            update(prediction_search)
            .where(prediction_search.c.prediction_id == held.prediction_id)
            .values(notes=searchable(change.notes or "", column=PREDICTION_COLUMNS["notes"]))
        )


async def replace_jobs(
    connection: AsyncConnection, held: Held, jobs: JobsOutcome, *, at: datetime
) -> None:
    await update_row(connection, held.prediction_id, {**jobs_columns(jobs), "updated_at": at})
    await connection.execute(
        delete(prediction_jobs).where(prediction_jobs.c.prediction_id == held.prediction_id)
    )
    await add_jobs(connection, held.prediction_id, jobs.postings, at=at)


async def add_jobs(
    connection: AsyncConnection, prediction_id: UUID, postings: Sequence[Posting], *, at: datetime
) -> None:
    rows = job_rows(prediction_id, postings, at=at)
    if rows:
        await connection.execute(insert(prediction_jobs), rows)


async def end_pending(
    connection: AsyncConnection, *, created_before: datetime, at: datetime
) -> list[UUID]:
    """A bounded number, in no order; rows that somebody else changes now are left out."""
    statement = (
        select(predictions.c.id, predictions.c.updated_at)
        .where(text("jobs_status = 'pending'"), predictions.c.created_at < created_before)
        .limit(MOST_ENDED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    pending = (await connection.execute(statement)).all()
    if pending:
        ended = (
            update(predictions)
            .where(predictions.c.id == bindparam("ended_id"))
            .values(jobs_status="unavailable", updated_at=bindparam("moved_to"))
        )
        rows = [
            {"ended_id": row.id, "moved_to": moved_on(row.updated_at, at=at)} for row in pending
        ]
        await connection.execute(ended, rows)
    return [row.id for row in pending]


async def note_claim(connection: AsyncConnection, claim: Claim, prediction_id: UUID) -> None:
    """Raises KeyInUse when the claim was lost to somebody else."""
    noted = await connection.execute(
        update(idempotency_keys).where(held_by(claim)).values(prediction_id=prediction_id)
    )
    if noted.rowcount == 0:
        raise KeyInUse


async def update_row(connection: AsyncConnection, prediction_id: UUID, values: Row) -> None:
    await connection.execute(
        update(predictions).where(predictions.c.id == prediction_id).values(**values)
    )


def _columns(change: PredictionChange) -> Row:
    values = {
        "user_id": change.user_id,
        "notes": change.notes,
        "feedback": change.feedback,
        "corrected_soc_code": change.corrected_soc_code,
    }
    return {name: value for name, value in values.items() if not isinstance(value, Unchanged)}


async def _replace_tags(connection: AsyncConnection, held: Held, tags: Sequence[str]) -> None:
    await connection.execute(
        delete(prediction_tags).where(prediction_tags.c.prediction_id == held.prediction_id)
    )
    rows = tag_rows(held.prediction_id, tags, created_at=held.created_at)
    if rows:
        await connection.execute(insert(prediction_tags), rows)
    columns = select(*BRIEF_COLUMNS).where(predictions.c.id == held.prediction_id)
    brief = brief_of((await connection.execute(columns)).mappings().one(), tags=tags)
    await update_row(connection, held.prediction_id, {"summary_data": summary_data(brief)})
