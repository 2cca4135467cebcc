"""A backup into a database, of whichever kind: all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, DateTime, Table, delete, func, insert, select, text
from sqlalchemy.util import await_only

from ml_service.domain.errors import InvalidRequest, StorageUnavailable
from ml_service.domain.upkeep import Manifest, RowWatch, TableCopy
from ml_service.storage.backup import BATCH, portable
from ml_service.storage.backup_format import (
    BackupReader,
    RowsDigest,
    Value,
    encoded,
)
from ml_service.storage.database import Database
from ml_service.storage.schema import (
    all_revisions,
    full_text_tables,
    lasting_tables,
    newest,
    revision_of,
    upgrade_to,
)

Result = TypeVar("Result")

NOT_EMPTY = (
    "The database already holds {rows:,} rows. Set DATABASE_URL to a new database, or give "
    "--replace to delete what is there."
)
NEWER_SCHEMA = (
    "This backup is of a newer version of this service ({version}). "
    "Restore it with that version or a later one."
)
OLDER_SCHEMA = (
    "This backup is of an older version of this service ({version}). It is restored into a "
    "database without tables and brought up to date there: set DATABASE_URL to a new one."
)
DIFFERENT = "The restored rows of {table} are not those of the backup; the database was left alone."


async def restore(
    database: Database, file: Path, manifest: Manifest, *, replace: bool, watch: RowWatch
) -> None:
    """``file`` was verified, ``manifest`` is what it says. ``watch`` is told of rows twice: when
    they are written, and when they are read back and compared.

    Raises InvalidRequest for a database that is not empty, or a backup of another version, and
    StorageUnavailable; the database is then as it was.
    """
    scripts = await asyncio.to_thread(all_revisions)
    work = partial(
        _restore, scripts=scripts, file=file, manifest=manifest, replace=replace, watch=watch
    )
    await database.migrate(work)
    await database.erase_log()


def _restore(
    connection: Connection,
    *,
    scripts: ScriptDirectory,
    file: Path,
    manifest: Manifest,
    replace: bool,
    watch: RowWatch,
) -> None:
    _prepare(connection, scripts, manifest, replace=replace)
    watch.started(2 * manifest.n_rows)
    tables = {table.name: table for table in lasting_tables(connection)}
    rows = _off_loop(connection, partial(BackupReader, file))
    try:
        for copy in manifest.tables:
            _fill(connection, tables[copy.name], copy, rows, watch)
    finally:
        rows.close()
    for copy in manifest.tables:
        _compare(connection, tables[copy.name], copy, watch)
        _continue_numbers(connection, tables[copy.name])
    _leave_tables(connection)
    upgrade_to(connection, scripts, newest(scripts))
    _check_references(connection)


def _prepare(
    connection: Connection, scripts: ScriptDirectory, manifest: Manifest, *, replace: bool
) -> None:
    """Empty tables of the backup's own revision."""
    if manifest.revision not in {script.revision for script in scripts.walk_revisions()}:
        message = NEWER_SCHEMA.format(version=manifest.service_version)
        raise InvalidRequest(message, field="file")
    current = revision_of(connection, scripts)
    if current is not None:
        _make_room(connection, replace=replace)
        if manifest.revision != newest(scripts):
            message = OLDER_SCHEMA.format(version=manifest.service_version)
            raise InvalidRequest(message, field="file")
    upgrade_to(connection, scripts, manifest.revision)


def _make_room(connection: Connection, *, replace: bool) -> None:
    tables = lasting_tables(connection)
    if connection.dialect.name == "postgresql":
        names = ", ".join(connection.dialect.identifier_preparer.format_table(t) for t in tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    n_rows = sum(_count(connection, table) for table in tables)
    if not n_rows:
        return
    if not replace:
        raise InvalidRequest(NOT_EMPTY.format(rows=n_rows), field="replace")
    for table in reversed(tables):
        connection.execute(delete(table))
    if connection.dialect.name == "sqlite":
        # The words of deleted entries leave its pages with this.
        for index in full_text_tables(connection):
            connection.exec_driver_sql(f"INSERT INTO {index}({index}) VALUES ('delete-all')")  # noqa: S608 - names of tables


def _off_loop(connection: Connection, work: Callable[[], Result]) -> Result:
    """PostgreSQL's driver runs this in an event loop, which shall not wait for a file."""
    if connection.dialect.is_async:
        return await_only(asyncio.to_thread(work))
    return work()


def _fill(
    connection: Connection, table: Table, copy: TableCopy, rows: BackupReader, watch: RowWatch
) -> None:
    columns = [table.columns[name] for name in copy.columns]
    batches = rows.batches(copy, size=BATCH)
    while batch := _off_loop(connection, partial(next, batches, [])):
        connection.execute(insert(table), [_stored(row, columns) for row in batch])
        watch.advanced(len(batch))


def _stored(row: Sequence[Value], columns: Sequence[Column[object]]) -> dict[str, object]:
    return {
        column.name: _moment(value) if isinstance(column.type, DateTime) else value
        for column, value in zip(columns, row, strict=True)
    }


def _moment(value: Value) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value)).astimezone(UTC)


def _compare(connection: Connection, table: Table, copy: TableCopy, watch: RowWatch) -> None:
    """What the database holds now, against what the backup says."""
    digest = RowsDigest()
    columns = [table.columns[name] for name in copy.columns]
    found = connection.execute(select(*columns).execution_options(yield_per=BATCH))
    for batch in found.partitions():
        for row in batch:
            digest.add(encoded(portable(row)))
        watch.advanced(len(batch))
    if (digest.rows, digest.content) != (copy.rows, copy.content):
        raise StorageUnavailable(DIFFERENT.format(table=table.name))


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL counts new rows by itself; SQLite goes on from the highest."""
    key = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(key) != 1:
        return
    highest = connection.scalar(select(func.max(key[0])))
    if isinstance(highest, int):
        sequence = func.pg_get_serial_sequence(table.name, key[0].name)
        connection.execute(select(func.setval(sequence, highest)))


def _leave_tables(connection: Connection) -> None:
    """PostgreSQL's driver leaves each cursor open that it read by, and no such table is altered."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("CLOSE ALL")


def _check_references(connection: Connection) -> None:
    """Foreign keys are off while SQLite's tables are filled."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageUnavailable(DIFFERENT.format(table=broken[0]))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
