"""All that is particular to SQLite: its file, its connections, its locks.

Sources: https://sqlite.org/wal.html, https://sqlite.org/pragma.html, and SQLAlchemy's page on
SQLite transactions for why the driver must not begin them itself.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import AsyncFileLock
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from ml_service.domain.errors import StorageUnavailable

Result = TypeVar("Result")

DRIVER = "sqlite+aiosqlite"
N_READERS = 4
LOCK_TIMEOUT_S = 120.0
ERASURE_WAIT_MS = 200


class SqliteBackend:
    """One database file: an engine that writes, one connection wide, and one that reads."""

    dialect = "sqlite"
    failures: tuple[type[Exception], ...] = ()  # SQLite's quote nothing

    def __init__(self, url: URL, *, busy_timeout_ms: int) -> None:
        self._path = _file_of(url)
        self._url = url.set(drivername=DRIVER, database=str(self._path))
        self._busy_timeout_ms = busy_timeout_ms

    def prepare(self) -> None:
        """Make the folder and the file, for their owner alone (SQLite's side files inherit it)."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        if self._path.stat().st_mode & 0o077:
            self._path.chmod(0o600)

    def writer(self) -> AsyncEngine:
        """Waits for its turn before the first statement, never in the middle of its work."""
        engine = create_async_engine(
            self._url, pool_size=1, max_overflow=0, pool_timeout=30, hide_parameters=True
        )
        self._configure(engine.sync_engine, begin="BEGIN IMMEDIATE")
        return engine

    def reader(self) -> AsyncEngine:
        engine = create_async_engine(
            self._url, pool_size=N_READERS, max_overflow=0, pool_timeout=30, hide_parameters=True
        )
        self._configure(engine.sync_engine, begin="BEGIN", query_only=True)
        return engine

    async def check(self, connection: AsyncConnection) -> None:
        """Connecting has shown all that can be wrong."""

    async def migrate(self, run: Callable[[Connection], Result]) -> Result:
        """In a thread, because Alembic reads its scripts from files.

        Foreign keys are off: rebuilding a table drops it, and that would empty its children.
        """
        return await asyncio.to_thread(self._migrate, run)

    def _migrate(self, run: Callable[[Connection], Result]) -> Result:
        url = self._url.set(drivername="sqlite")
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        self._configure(engine, begin="BEGIN IMMEDIATE", foreign_keys=False)
        with engine.begin() as connection:
            return run(connection)

    def _configure(
        self, engine: Engine, *, begin: str, foreign_keys: bool = True, query_only: bool = False
    ) -> None:
        pragmas = [
            f"PRAGMA busy_timeout = {self._busy_timeout_ms}",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            f"PRAGMA foreign_keys = {int(foreign_keys)}",
            "PRAGMA secure_delete = ON",
            f"PRAGMA query_only = {int(query_only)}",
        ]

        def connect(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's event signature
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in pragmas:
                cursor.execute(pragma)
            cursor.close()

        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(engine, "connect", connect)
        event.listen(engine, "begin", start)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Held by one process at a time, while a file is set up or migrated."""
        path = self._path.with_name(self._path.name + ".lock")
        async with AsyncFileLock(path, timeout=LOCK_TIMEOUT_S, mode=0o600):
            yield

    async def erase_log(self, writer: AsyncEngine) -> bool:
        """Empty the write-ahead log, where pages from before a deletion still stand.

        False while somebody reads: the log stays then.
        """
        async with writer.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is None:
                raise StorageUnavailable
            await raw.execute(f"PRAGMA busy_timeout = {ERASURE_WAIT_MS}")
            try:
                ((busy, _, _),) = await raw.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                await raw.execute(f"PRAGMA busy_timeout = {self._busy_timeout_ms}")
        return not busy

    async def vacuum(self) -> None:
        """Nothing to do: ``secure_delete`` overwrites what is deleted."""


def _file_of(url: URL) -> Path:
    name = url.database
    if not name or name == ":memory:" or name.startswith("file:"):
        message = "The database must be a file: sqlite+aiosqlite:///data/runtime/predictions.db"
        raise StorageUnavailable(message)
    return Path(name).absolute()
