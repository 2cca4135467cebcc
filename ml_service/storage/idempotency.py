"""Idempotency keys in a database, for all processes that share it; satisfies IdempotencyKeys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import KeyInUse, KeyReused
from ml_service.domain.ports import Claim, KeptAnswer
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.tables import idempotency_keys as keys
from ml_service.storage.tables import interviews, predictions
from ml_service.storage.upserts import insert_into

KEPT_FOR = timedelta(hours=24)
N_ATTEMPTS = 3


class SqlIdempotencyKeys:
    """Errors are those of the port, and StorageUnavailable from every method."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_its_end
    async def claim(
        self, key: str, *, fingerprint: str, now: datetime, held_until: datetime
    ) -> Claim | KeptAnswer:
        claim = Claim(key=key, owner=uuid4(), held_until=held_until)
        # Who holds the key may give it back between being in the way and being looked at.
        for _ in range(N_ATTEMPTS):
            async with self._database.writing() as connection:
                if await _claimed(connection, claim, fingerprint=fingerprint, now=now):
                    return claim
                kept = await _kept(connection, key, fingerprint=fingerprint)
                if kept is not None:
                    return kept
        raise KeyInUse

    @to_its_end
    async def renew(self, claim: Claim, *, held_until: datetime) -> Claim:
        async with self._database.writing() as connection:
            renewed = await connection.execute(
                update(keys).where(held_by(claim)).values(held_until=held_until)
            )
        if renewed.rowcount == 0:
            raise KeyInUse
        return replace(claim, held_until=held_until)

    @to_its_end
    async def keep(self, claim: Claim, *, record_id: UUID, body: str) -> None:
        """Nothing is kept of a record that was deleted meanwhile."""
        prediction, interview = (
            select(table.c.id).where(table.c.id == record_id).scalar_subquery()
            for table in (predictions, interviews)
        )
        ours = and_(keys.c.key == claim.key, keys.c.owner == claim.owner)
        there = func.coalesce(prediction, interview).is_not(None)
        made = {"prediction_id": prediction, "interview_record_id": interview}
        async with self._database.writing() as connection:
            await connection.execute(update(keys).where(ours, there).values(**made, answer=body))

    @to_its_end
    async def release(self, claim: Claim) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(keys).where(held_by(claim)))

    @to_its_end
    async def forget_expired(self, *, now: datetime) -> int:
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(keys).where(keys.c.expires_at <= now))
            return gone.rowcount


_MADE = func.coalesce(keys.c.prediction_id, keys.c.interview_record_id)
"""What came of a request: a prediction or an interview."""


def held_by(claim: Claim) -> ColumnElement[bool]:
    """Condition: the claim still stands, and nothing has come of it yet."""
    return and_(keys.c.key == claim.key, keys.c.owner == claim.owner, _MADE.is_(None))


async def _claimed(
    connection: AsyncConnection, claim: Claim, *, fingerprint: str, now: datetime
) -> bool:
    """One statement: of several processes that ask at once, one is given the key."""
    row = {
        "fingerprint": fingerprint,
        "owner": claim.owner,
        "held_until": claim.held_until,
        "expires_at": now + KEPT_FOR,
        "prediction_id": None,
        "interview_record_id": None,
        "answer": None,
    }
    ran_out = and_(_MADE.is_(None), keys.c.held_until <= now)
    free = or_(ran_out, keys.c.expires_at <= now)
    statement = (
        insert_into(connection, keys)
        .values({"key": claim.key, **row})
        .on_conflict_do_update(index_elements=["key"], set_=row, where=free)
    )
    return (await connection.scalar(statement.returning(keys.c.owner))) is not None


async def _kept(connection: AsyncConnection, key: str, *, fingerprint: str) -> KeptAnswer | None:
    """None when the key is free by now. Raises KeyReused or KeyInUse."""
    statement = select(keys.c.fingerprint, _MADE.label("made"), keys.c.answer)
    row = (await connection.execute(statement.where(keys.c.key == key))).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused
    if row.made is None:
        raise KeyInUse
    return KeptAnswer(record_id=row.made, body=row.answer)
