"""One PostgreSQL server for a test run, and a fresh database in it for each test that asks.

The package pgserver carries the server. Where it is missing or cannot start, tests are skipped
with the reason; with ``CI=true`` or ``REQUIRE_POSTGRES=1`` they fail instead.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate

SETTINGS = ("fsync = off", "autovacuum = off")
MEMORY_WANTED_BYTES = 4 * 2**30

_numbers = itertools.count()


@dataclass(frozen=True)
class PostgresServer:
    """``socket_dir`` holds its socket."""

    socket_dir: str

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.socket_dir}"

    def fresh_database(self, *, encoding: str = "UTF8") -> str:
        """The URL of a new, empty database. Call it where no event loop runs."""
        return self._created(f"ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")

    def migrated_database(self) -> str:
        """As ``fresh_database``, with our tables: a copy, quicker than migrating each."""
        return self._created(f"TEMPLATE {self._migrated}")

    @functools.cached_property
    def _migrated(self) -> str:
        url = self.fresh_database()
        asyncio.run(_migrate(url))
        return str(make_url(url).database)

    def _created(self, options: str) -> str:
        name = f"t_{os.getpid()}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} {options} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Whoever is still connected is thrown out."""
        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def execute(self, statement: str, *, database: str = "postgres") -> None:
        asyncio.run(self._execute(statement, database=database))

    async def _execute(self, statement: str, *, database: str) -> None:
        connection = await asyncpg.connect(
            host=self.socket_dir, user="postgres", database=database, password=""
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def _migrate(url: str) -> None:
    database = Database(url)
    await database.open()
    await migrate(database)
    await database.close()


def postgres_server() -> PostgresServer:
    """The server of this run, started by the first who asks. Skips where there is none."""
    server = _started()
    if isinstance(server, PostgresServer):
        return server
    if os.environ.get("CI") == "true" or os.environ.get("REQUIRE_POSTGRES") == "1":
        pytest.fail(f"PostgreSQL must be tested here: {server}")
    pytest.skip(f"PostgreSQL is not tested: {server}")


@functools.cache
def _started() -> PostgresServer | str:
    """The server, or why there is none."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_quickest_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # as root, pgserver runs the server under a user of its own
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    try:
        return _server(folder, runtime)
    except ImportError:
        return "the package pgserver is not installed"
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the reason to show
        return f"it did not start ({type(error).__name__}: {error})"


def _quickest_folder() -> Path | None:
    """In memory, where there is enough of it: making a database writes a thousand files."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    if memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_WANTED_BYTES:
        return memory
    return None


def _server(folder: Path, runtime: Path) -> PostgresServer:
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # pgserver warns without it, once, on import
    try:
        from pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    started = PostgresServer(socket_dir=_socket_dir(server.get_uri()))
    for setting in SETTINGS:
        started.execute(f"ALTER SYSTEM SET {setting}")
    started.execute("SELECT pg_reload_conf()")
    return started


def _socket_dir(uri: str) -> str:
    return uri.partition("host=")[2].partition("&")[0]
