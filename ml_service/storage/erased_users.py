"""Users who were erased a moment ago, for all processes: an upload that was in work then must not
bring back what was erased. Nobody is named: a row holds the sha256 of his id, for an hour.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import UserErased
from ml_service.storage.tables import erased_users
from ml_service.storage.upserts import insert_into


async def note_erased(connection: AsyncConnection, user_id: str, *, at: datetime) -> None:
    """Waits for what is being saved for the user at this moment; later uploads see the note."""
    digest = _digest(user_id)
    await _alone(connection, digest, "pg_advisory_xact_lock")
    noted = insert_into(connection, erased_users).values(user_sha256=digest, erased_at=at)
    await connection.execute(
        noted.on_conflict_do_update(index_elements=["user_sha256"], set_={"erased_at": at})
    )


async def refuse_erased(connection: AsyncConnection, user_id: str, *, since: datetime) -> None:
    """Raises UserErased; else the user is not erased until the transaction ends."""
    digest = _digest(user_id)
    await _alone(connection, digest, "pg_advisory_xact_lock_shared")
    erased_at = await connection.scalar(
        select(erased_users.c.erased_at).where(erased_users.c.user_sha256 == digest)
    )
    if erased_at is not None and erased_at >= since:
        raise UserErased


async def forget_erased(connection: AsyncConnection, *, before: datetime) -> int:
    """Returns how many."""
    gone = await connection.execute(delete(erased_users).where(erased_users.c.erased_at < before))
    return gone.rowcount


async def _alone(connection: AsyncConnection, digest: str, lock: str) -> None:
    """SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)
        await connection.execute(text(f"SELECT {lock}(:key)"), {"key": key})


def _digest(user_id: str) -> str:
    return hashlib.sha256(user_id.encode()).hexdigest()
