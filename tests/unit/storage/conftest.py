"""A migrated database of every kind that is supported; another kind is one more parameter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore


@pytest.fixture
def database_file(tmp_path: Path) -> Path:
    return tmp_path / "runtime" / "predictions.db"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, database_file: Path) -> str:
    urls = {"sqlite": f"sqlite+aiosqlite:///{database_file}"}
    return urls[request.param]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, busy_timeout_ms=200)
    await database.open()
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlPredictionStore:
    return SqlPredictionStore(database, store_text=True)
