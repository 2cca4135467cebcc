"""All that is particular to PostgreSQL: its connections, its locks, its settings.

All comes from the URL; of libpq's variables none is asked for, and no password file. Sources:
https://www.postgresql.org/docs/current/runtime-config-client.html,
https://www.postgresql.org/docs/current/explicit-locking.html, SQLAlchemy's page on asyncpg.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection, event, text
from sqlalchemy import exc as sqlalchemy_errors
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from ml_service.domain.errors import StorageUnavailable

Result = TypeVar("Result")

DRIVER = "postgresql+asyncpg"

# Eight processes then stay within the hundred connections that a server allows by default.
N_WRITERS, N_READERS = 4, 8
POOL_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_S = 60
LOCK_TIMEOUT_S = 120
IDLE_TRANSACTION_TIMEOUT_S = 60
PING_AFTER_S = 30.0
RECYCLE_AFTER_S = 1_800
MIGRATION_LOCK = 0x6D6C_7365_7276_6963  # any number that no other program chose

# Every question of ours is a few rows by an index, and then others by their keys. Its plan must not
# hang on whether statistics are fresh, nor change while a table grows.
BY_INDEX_ALONE: Mapping[str, str] = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

ERASED_TABLES = (
    "predictions",
    "prediction_jobs",
    "prediction_tags",
    "prediction_text",
    "prediction_search",
    "prediction_fts",
    "idempotency_keys",
    "interviews",
    "interview_text",
)

SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")

# A question's plan depends on how common its words are, so a plan is made for each.
SETTINGS: Mapping[str, str] = {
    "application_name": "ml_service",
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
}


class Unreachable(OSError):
    """No connection; says of what kind the failure was, and no address."""


class PostgresBackend:
    """One database of a server: a small pool that writes, and one that only reads."""

    dialect = "postgresql"
    failures: tuple[type[Exception], ...] = (asyncpg.PostgresError, asyncpg.InterfaceError)

    def __init__(self, url: URL, *, busy_timeout_ms: int) -> None:
        self._url, self._ssl_mode, self._ssl_root = _understood(url)
        self._busy_timeout_ms = busy_timeout_ms
        self._connect_args: dict[str, Any] = {}

    def prepare(self) -> None:
        """What needs files: certificates."""
        self._connect_args = {
            "timeout": CONNECT_TIMEOUT_S,
            # An empty one keeps the driver from looking for a password file, in the event loop.
            "password": self._url.password or "",
        }
        secured = self._ssl_mode != "disable"
        self._connect_args["ssl"] = secured and _secured(self._ssl_mode, root=self._ssl_root)
        self._connect_args["async_creator_fn"] = (
            _connect_with_tls_or_without if self._ssl_mode == "prefer" else _connect
        )

    def writer(self) -> AsyncEngine:
        return self._pooled(
            N_WRITERS,
            "READ COMMITTED",
            lock_timeout=f"{self._busy_timeout_ms}ms",
            idle_in_transaction_session_timeout=f"{IDLE_TRANSACTION_TIMEOUT_S}s",
        )

    def reader(self) -> AsyncEngine:
        return self._pooled(
            N_READERS, "REPEATABLE READ", default_transaction_read_only="on", **BY_INDEX_ALONE
        )

    def _pooled(self, size: int, isolation: str, **settings: str) -> AsyncEngine:
        engine = create_async_engine(
            self._url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT_S,
            pool_recycle=RECYCLE_AFTER_S,
            pool_use_lifo=True,  # a connection that was just used knows the statements
            hide_parameters=True,
            isolation_level=isolation,
            connect_args={
                **self._arguments(statement_timeout=f"{STATEMENT_TIMEOUT_S}s", **settings),
                "command_timeout": STATEMENT_TIMEOUT_S + 5,  # where the server is not heard of
            },
        )
        event.listen(engine.sync_engine, "checkin", _note_when_it_came_back)
        event.listen(engine.sync_engine, "checkout", _replace_if_lost)
        return engine

    def _single(self) -> AsyncEngine:
        """For work that may take long: each connection is closed after its use."""
        return create_async_engine(
            self._url,
            poolclass=NullPool,
            hide_parameters=True,
            connect_args=self._arguments(lock_timeout=f"{LOCK_TIMEOUT_S}s"),
        )

    def _arguments(self, **settings: str) -> dict[str, Any]:
        return {**self._connect_args, "server_settings": {**SETTINGS, **settings}}

    async def check(self, connection: AsyncConnection) -> None:
        """Raises StorageUnavailable for a database that cannot keep every text."""
        encoding = await connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            message = (
                "The PostgreSQL database is not in UTF-8 and cannot keep every name. "
                "Create it with ENCODING 'UTF8' TEMPLATE template0."
            )
            raise StorageUnavailable(message)

    async def migrate(self, run: Callable[[Connection], Result]) -> Result:
        """In a thread with a loop of its own: moving rows is work of the processor too."""
        return await asyncio.to_thread(asyncio.run, self._migrate(run))

    async def _migrate(self, run: Callable[[Connection], Result]) -> Result:
        async with self._single().begin() as connection:
            return await connection.run_sync(run)

    @asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Held by one process at a time, of all that use this database, while it is migrated."""
        async with self._single().begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
            )
            yield

    async def erase_log(self, writer: AsyncEngine) -> bool:  # noqa: ARG002 - as SQLite's
        """The server's own log belongs to its operator: it is for restoring to a moment."""
        return True

    async def vacuum(self) -> None:
        """Tables of another owner are left out by the server, with a warning in its log."""
        engine = self._single().execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"VACUUM {', '.join(ERASED_TABLES)}"))


def _understood(url: URL) -> tuple[URL, str, str | None]:
    """The URL for the driver, the SSL mode and the file of root certificates."""
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    ssl_mode = query.pop("sslmode", "prefer")
    ssl_root = query.pop("sslrootcert", None)
    if set(query) - {"host", "port"} or ssl_mode not in SSL_MODES or not url.database:
        message = (
            "DATABASE_URL is not understood: postgresql://USER:PASSWORD@HOST:PORT/DATABASE is. "
            f"After a ? it may hold host, port, sslmode ({', '.join(SSL_MODES)}) and sslrootcert."
        )
        raise StorageUnavailable(message)
    return url.set(drivername=DRIVER, query=query), ssl_mode, ssl_root


def _secured(mode: str, *, root: str | None) -> ssl.SSLContext:
    """As with libpq, "prefer" and "require" without certificates do not look who answers."""
    context = ssl.create_default_context(cafile=root)
    context.check_hostname = mode == "verify-full"
    if mode == "prefer" or (mode == "require" and root is None):
        context.verify_mode = ssl.CERT_NONE
    return context


async def _connect_with_tls_or_without(**arguments: Any) -> asyncpg.Connection:
    """The driver's own way to prefer TLS reads files at each connection, in the event loop."""
    try:
        return await _connect(**arguments)
    except (Unreachable, asyncpg.InvalidAuthorizationSpecificationError):
        return await _connect(**{**arguments, "ssl": False})


async def _connect(**arguments: Any) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(**arguments)
    except OSError as error:
        raise Unreachable(type(error).__name__) from None  # the cause quotes the address


def _note_when_it_came_back(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's event signature
    entry.info["idle_since"] = time.monotonic()


def _replace_if_lost(connection: Any, entry: ConnectionPoolEntry, proxy: object) -> None:  # noqa: ARG001 - as above
    """A server that went away is noticed without asking; what lay idle for long is asked."""
    if connection.driver_connection.is_closed():
        raise sqlalchemy_errors.DisconnectionError
    if time.monotonic() - entry.info.get("idle_since", time.monotonic()) > PING_AFTER_S:
        try:
            connection.ping()
        except connection.dbapi.Error as error:
            raise sqlalchemy_errors.DisconnectionError from error
