"""A migrated database for use cases that save."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'predictions.db'}")
    await database.open()
    await migrate(database)
    yield database
    await database.close()
