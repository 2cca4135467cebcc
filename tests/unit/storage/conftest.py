"""A migrated database of every kind that is supported; another kind is one more parameter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from tests.postgres_server import PostgresServer, postgres_server
from tests.unit.storage.stores import a_store


@pytest.fixture(scope="session")
def server() -> PostgresServer:
    return postgres_server()


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "runtime" / "predictions.db"


@pytest.fixture
def sqlite_url(database_file: Path) -> str:
    return f"sqlite+aiosqlite:///{database_file}"


@pytest.fixture
def postgres_url(server: PostgresServer) -> Iterator[str]:
    url = server.migrated_database()
    yield url
    server.drop(url)


@pytest.fixture
def empty_postgres_url(server: PostgresServer) -> Iterator[str]:
    url = server.fresh_database()
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """For what holds on both; tests of files and locks ask for ``sqlite_url``.

    The tables are there on PostgreSQL; on SQLite ``database`` makes them.
    """
    names = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    url: str = request.getfixturevalue(names[request.param])
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without tables."""
    names = {"sqlite": "sqlite_url", "postgresql": "empty_postgres_url"}
    url: str = request.getfixturevalue(names[request.param])
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, busy_timeout_ms=200)
    await database.open()
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlPredictionStore:
    return a_store(database)
