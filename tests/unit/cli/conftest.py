"""Databases that were filled before a command runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ml_service.domain.prediction import Prediction
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from tests.unit.storage.examples import LINES
from tests.unit.storage.stores import a_store


def url_of(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'predictions.db'}"


async def save(predictions: Iterable[Prediction], folder: Path) -> None:
    database = Database(url_of(folder))
    await database.open()
    await migrate(database)
    store = a_store(database)
    for prediction in predictions:
        await store.add(prediction, lines=LINES)
    await database.close()
