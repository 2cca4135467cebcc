"""Bring a database to the tables that this code needs."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.schema import (
    all_revisions,
    is_at,
    newest,
    newest_by_name,
    revision_of,
    upgrade_to,
)

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

BROKEN_REFERENCES = "The migrated database lost rows that others refer to; it was left as it was."


async def migrate(database: Database) -> str:
    """Upgrade to the newest revision, all or nothing, one process at a time; returns it.

    Raises StorageUnavailable for a database newer than this code or of another program.
    """
    head = await asyncio.to_thread(newest_by_name)
    if await database.migrate(partial(is_at, revision=head)):
        return head
    scripts = await asyncio.to_thread(all_revisions)
    return await database.migrate(partial(_upgrade, scripts=scripts))


def _upgrade(connection: Connection, *, scripts: ScriptDirectory) -> str:
    head = newest(scripts)
    if revision_of(connection, scripts) != head:
        upgrade_to(connection, scripts, head)
        _check_references(connection)
    return head


def _check_references(connection: Connection) -> None:
    """Foreign keys are off while SQLite rebuilds tables, so they are looked at afterwards."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageUnavailable(BROKEN_REFERENCES)
