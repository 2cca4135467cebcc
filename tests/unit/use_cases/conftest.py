"""A migrated database for use cases that save, and threads for those that run graphs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.use_cases.graph_runs import GraphRuns


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'predictions.db'}")
    await database.open()
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
async def graphs() -> AsyncIterator[GraphRuns]:
    graphs = GraphRuns(2)
    yield graphs
    await graphs.close()
