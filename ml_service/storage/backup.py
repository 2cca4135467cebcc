"""All that is to last, into one file, as it stood at one moment. Nobody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.upkeep import Manifest, RowWatch
from ml_service.storage.backup_format import BackupWriter, Value
from ml_service.storage.database import Database
from ml_service.storage.schema import (
    EMPTY,
    all_revisions,
    lasting_columns,
    lasting_tables,
    revision_of,
)

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

BATCH = 200


async def back_up(
    database: Database,
    file: Path,
    *,
    service_version: str,
    created_at: datetime,
    watch: RowWatch,
) -> Manifest:
    """One snapshot: what was acknowledged before it began is in it, and nothing by halves.

    Raises StorageUnavailable, also for a database without tables or of a newer version.
    """
    scripts = await asyncio.to_thread(all_revisions)
    writer = await asyncio.to_thread(BackupWriter, file)
    try:
        async with database.reading() as connection:
            await without_time_limit(connection)
            revision, tables = await connection.run_sync(partial(_contents, scripts=scripts))
            watch.started(await count_rows(connection, tables))
            for table in tables:
                await _copy(connection, table, writer, watch)
        seal = partial(writer.seal, service_version=service_version, created_at=created_at)
        return await asyncio.to_thread(seal, revision=revision)
    finally:
        await asyncio.to_thread(writer.close)


def _contents(connection: Connection, *, scripts: ScriptDirectory) -> tuple[str, list[Table]]:
    revision = revision_of(connection, scripts)
    if revision is None:
        raise StorageUnavailable(EMPTY)
    return revision, lasting_tables(connection)


async def without_time_limit(connection: AsyncConnection) -> None:
    """For this transaction: what is read here is long, and nobody waits for it."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))


async def count_rows(connection: AsyncConnection, tables: Sequence[Table]) -> int:
    counts = [
        await connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
    ]
    return sum(counts)


async def _copy(
    connection: AsyncConnection, table: Table, writer: BackupWriter, watch: RowWatch
) -> None:
    columns = lasting_columns(table)
    await asyncio.to_thread(writer.begin, table.name, [column.name for column in columns])
    result = await connection.stream(select(*columns))
    async for batch in result.partitions(BATCH):
        await asyncio.to_thread(writer.write, [portable(row) for row in batch])
        watch.advanced(len(batch))
    await asyncio.to_thread(writer.end)


def portable(row: Sequence[object]) -> list[Value]:
    return [_portable(value) for value in row]


def _portable(value: object) -> Value:
    """Databases without time zones hold UTC."""
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    message = f"{type(value).__name__} has no form in a backup"
    raise TypeError(message)
