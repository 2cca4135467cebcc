"""The open database: who may write, who reads, and what its failures are called."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from filelock import Timeout
from sqlalchemy import Connection, select
from sqlalchemy import exc as sqlalchemy_errors
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.health import Part
from ml_service.storage.sqlite import SqliteBackend
from ml_service.storage.tables import predictions

Result = TypeVar("Result")
Owner = TypeVar("Owner", bound="OwnsDatabase")
Parameters = ParamSpec("Parameters")

BUSY_TIMEOUT_MS = 5_000
POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})


class Backend(Protocol):
    """What differs between the databases below SQLAlchemy."""

    dialect: str
    failures: tuple[type[Exception], ...]
    """What the driver raises by itself; its messages may quote rows."""

    def prepare(self) -> None:
        """What needs files, before the first connection."""
        ...

    def writer(self) -> AsyncEngine: ...

    def reader(self) -> AsyncEngine: ...

    async def check(self, connection: AsyncConnection) -> None:
        """Raises StorageUnavailable for a database that cannot serve."""
        ...

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time."""
        ...

    async def migrate(self, run: Callable[[Connection], Result]) -> Result: ...

    async def erase_log(self, writer: AsyncEngine) -> bool:
        """False where it could not be done at this moment."""
        ...

    async def vacuum(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Engines:
    writer: AsyncEngine
    reader: AsyncEngine

    async def dispose(self) -> None:
        """The writer goes last: it takes SQLite's log file with it."""
        await self.reader.dispose()
        await self.writer.dispose()


class Database:
    """One database behind ``url``, such as sqlite+aiosqlite:///data/runtime/predictions.db.

    A relative file is taken from the folder the process is in when this is built. Raises
    StorageUnavailable, here for a URL that cannot be served and later for every failure of the
    database: locked, full, read-only, damaged, gone.
    """

    def __init__(self, url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self._backend = _backend(_parsed(url), busy_timeout_ms=busy_timeout_ms)
        self._engines: _Engines | None = None
        self._under_way: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Connect; SQLite's file is made where there is none. Tables come from ``migrate``."""
        with self._translated():
            engines = await asyncio.to_thread(self._prepare)
            try:
                async with self._backend.lock(), engines.writer.connect() as connection:
                    await self._backend.check(connection)
            except BaseException:
                await engines.dispose()
                raise
            self._engines = engines

    def _prepare(self) -> _Engines:
        self._backend.prepare()
        return _Engines(self._backend.writer(), self._backend.reader())

    async def close(self) -> None:
        """Safe to call twice."""
        await asyncio.gather(*self._under_way, return_exceptions=True)
        engines, self._engines = self._engines, None
        if engines is None:
            return
        with self._translated():
            await engines.dispose()

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._backend.dialect

    async def ping(self) -> None:
        """Raises StorageUnavailable unless the tables are there and can be read."""
        await self.finish(self._look())

    async def part(self) -> Part:
        try:
            await self.ping()
        except StorageUnavailable:
            return Part("database", "not_ready", needed=True)
        return Part("database", "ready", needed=True)

    async def _look(self) -> None:
        async with self.reading() as connection:
            await connection.execute(select(predictions.c.id).limit(1))

    async def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Await ``work``, which goes on to its end when the caller is cancelled."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One snapshot: all that is read through this connection belongs together."""
        with self._translated():
            async with self._opened.reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: on disk when the block ends, undone when it raises."""
        with self._translated():
            async with self._opened.writer.begin() as connection:
                yield connection

    async def migrate(self, run: Callable[[Connection], Result]) -> Result:
        """``run`` in one transaction that may rebuild tables, away from the event loop.

        No other process is in here meanwhile.
        """
        with self._translated():
            async with self._backend.lock():
                return await self._backend.migrate(run)

    async def erase_log(self) -> bool:
        """Remove what the database's own log still holds of deleted rows.

        False while somebody who reads keeps that from being done.
        """
        with self._translated():
            return await self._backend.erase_log(self._opened.writer)

    async def vacuum(self) -> None:
        """Remove what pages and indexes of PostgreSQL still hold of deleted rows, at once."""
        with self._translated():
            await self._backend.vacuum()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Mistakes of ours (a wrong statement's type, a naive time) are not failures of storage."""
        failures = self._backend.failures
        try:
            yield
        except failures as error:
            raise StorageUnavailable from _unquoted(error)
        except sqlalchemy_errors.DBAPIError as error:
            quoted = isinstance(getattr(error.orig, "__cause__", None), failures)
            raise StorageUnavailable from (_unquoted(error.orig) if quoted else error)
        except (sqlalchemy_errors.TimeoutError, sqlite3.Error, OSError, Timeout) as error:
            raise StorageUnavailable from error

    @property
    def _opened(self) -> _Engines:
        if self._engines is None:
            message = "The database is not open."
            raise StorageUnavailable(message)
        return self._engines


class OwnsDatabase(Protocol):
    _database: Database


def to_its_end(
    method: Callable[Concatenate[Owner, Parameters], Coroutine[Any, Any, Result]],
) -> Callable[Concatenate[Owner, Parameters], Coroutine[Any, Any, Result]]:
    """For every method that uses a connection: a cancelled caller does not interrupt it.

    A statement that was interrupted is still carried out by the driver's thread, on a connection
    that nobody holds any more; its lock would keep every writer out.
    """

    @wraps(method)
    async def whole(owner: Owner, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        return await owner._database.finish(method(owner, *args, **kwargs))

    return whole


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except sqlalchemy_errors.ArgumentError:
        message = "DATABASE_URL is not a database URL: sqlite+aiosqlite:///FILE is one."
        raise StorageUnavailable(message) from None  # the cause quotes the URL, password and all


def _backend(url: URL, *, busy_timeout_ms: int) -> Backend:
    name = url.drivername.partition("+")[0]
    if name == "sqlite":
        return SqliteBackend(url, busy_timeout_ms=busy_timeout_ms)
    if name in POSTGRES_SCHEMES:
        from ml_service.storage.postgres import (  # noqa: PLC0415 - slow, and SQLite never needs it
            PostgresBackend,
        )

        return PostgresBackend(url, busy_timeout_ms=busy_timeout_ms)
    message = (
        "This kind of database is not supported. Use sqlite+aiosqlite:///FILE or "
        "postgresql://USER:PASSWORD@HOST/DATABASE."
    )
    raise StorageUnavailable(message)


class DatabaseFailure(Exception):
    """What a server said, without the rows and addresses that it quotes."""


def _unquoted(error: BaseException | None) -> DatabaseFailure:
    """PostgreSQL's errors show the row that failed; SQLite's do not."""
    named = getattr(error, "__cause__", None) or error
    return DatabaseFailure(f"{type(named).__name__}, SQLSTATE {getattr(named, 'sqlstate', None)}")
