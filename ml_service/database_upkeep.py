"""Settings -> copies and checks of the database; what bootstrap is for the service.

Nothing is migrated here: a copy is made of what is there, and a check says how it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from ml_service import __version__
from ml_service.domain.upkeep import Finding, Manifest, RowWatch
from ml_service.settings import Settings
from ml_service.storage.backup import back_up
from ml_service.storage.backup_format import verified
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.restore import restore
from ml_service.storage.schema import refuse_missing_file


async def back_up_database(settings: Settings, file: Path, *, watch: RowWatch) -> Manifest:
    """One snapshot into ``file``, while the service runs. Raises StorageUnavailable."""
    async with _database_as_it_is(settings, must_exist=True) as database:
        return await back_up(
            database, file, service_version=__version__, created_at=datetime.now(UTC), watch=watch
        )


def verify_backup(file: Path) -> Manifest:
    """Read it all and compare every sum. Raises InvalidRequest naming what is wrong."""
    return verified(file)


async def restore_database(
    settings: Settings, file: Path, manifest: Manifest, *, replace_rows: bool, watch: RowWatch
) -> None:
    """A verified backup, all or nothing. Raises InvalidRequest, StorageUnavailable."""
    async with _database_as_it_is(settings, must_exist=False) as database:
        await restore(database, file, manifest, replace=replace_rows, watch=watch)


async def check_database(settings: Settings, *, watch: RowWatch) -> tuple[Finding, ...]:
    """Whether it is whole; nothing is repaired. Raises StorageUnavailable."""
    async with _database_as_it_is(settings, must_exist=True) as database:
        return await check(database, watch=watch)


@asynccontextmanager
async def _database_as_it_is(settings: Settings, *, must_exist: bool) -> AsyncIterator[Database]:
    """Not migrated. Raises StorageUnavailable, also where there is none although one must be."""
    url = settings.resolved_database_url
    if must_exist:
        await asyncio.to_thread(refuse_missing_file, url)
    database = Database(url)
    try:
        await database.open()
        yield database
    finally:
        await database.close()
