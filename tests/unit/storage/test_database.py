from __future__ import annotations

import asyncio
import contextlib
import inspect
import re
import sqlite3
import stat
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from ml_service.domain.errors import PredictionNotFound, StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.postings import SqlPostingIndex
from ml_service.storage.predictions import SqlPredictionStore
from tests.unit.storage.databases import on_sqlite
from tests.unit.storage.examples import LINES, a_prediction


@on_sqlite
async def test_every_connection_is_durable_and_checks_references(database: Database) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    async with database.writing() as writer, database.reading() as reader:
        for connection in (writer, reader):
            for pragma, value in expected.items():
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
            assert await connection.scalar(text("PRAGMA busy_timeout")) == 200


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageUnavailable):
        async with database.reading() as connection:
            await connection.execute(text("DELETE FROM predictions"))


@on_sqlite
async def test_file_and_folder_are_for_their_owner_alone(
    store: SqlPredictionStore, database_file: Path
) -> None:
    await store.add(a_prediction(), lines=LINES)
    modes = await asyncio.to_thread(_modes, database_file.parent)
    assert modes.pop("runtime") == 0o700
    assert "predictions.db-wal" in modes
    assert set(modes.values()) == {0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


async def test_a_file_that_others_could_read_is_closed_to_them(database_file: Path) -> None:
    await asyncio.to_thread(_write, database_file, b"")
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    await database.open()
    await database.close()
    assert (await asyncio.to_thread(_modes, database_file.parent))["predictions.db"] == 0o600


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    file.chmod(0o644)


async def test_reading_goes_on_while_somebody_writes(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE predictions SET notes = 'unfinished'"))
        assert (await store.get(prediction.prediction_id)).annotations.notes is None


async def test_many_writers_take_turns(store: SqlPredictionStore) -> None:
    made = [a_prediction(minutes=n) for n in range(40)]
    await asyncio.gather(*(store.add(prediction, lines=LINES) for prediction in made))
    for prediction in made:
        assert await store.get(prediction.prediction_id) == prediction


async def test_a_cancelled_writer_blocks_nobody_and_leaves_no_half(
    database: Database, store: SqlPredictionStore
) -> None:
    cancelled = [a_prediction() for _ in range(20)]
    for n, prediction in enumerate(cancelled):
        task = asyncio.create_task(store.add(prediction, lines=LINES))
        await asyncio.sleep(n / 5_000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        after = a_prediction()
        await store.add(after, lines=LINES)
        assert await store.get(after.prediction_id) == after
    for prediction in cancelled:
        with contextlib.suppress(PredictionNotFound):
            assert await store.get(prediction.prediction_id) == prediction


async def test_closing_waits_for_what_a_cancelled_caller_began(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = a_prediction()
    task = asyncio.create_task(store.add(prediction, lines=LINES))
    await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()
    await database.open()
    assert await store.get(prediction.prediction_id) == prediction


@pytest.mark.parametrize("adapter", [SqlPredictionStore, SqlJobCache, SqlPostingIndex])
def test_no_method_of_an_adapter_can_be_interrupted(adapter: type) -> None:
    methods = [
        value
        for name, value in vars(adapter).items()
        if not name.startswith("_") and inspect.isfunction(value)
    ]
    assert methods
    assert all(hasattr(method, "__wrapped__") for method in methods)


@on_sqlite
async def test_a_lock_of_another_process_is_storage_unavailable(
    store: SqlPredictionStore, database_file: Path
) -> None:
    other = sqlite3.connect(database_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable) as caught:
        await store.add(a_prediction(), lines=LINES)
    other.rollback()
    other.close()
    assert "locked" in str(caught.value.__cause__)
    assert "locked" not in caught.value.message


@on_sqlite
async def test_a_full_disk_is_storage_unavailable_and_leaves_the_rest(
    database: Database, store: SqlPredictionStore
) -> None:
    kept, lost = a_prediction(), a_prediction()
    await store.add(kept, lines=LINES)
    async with database.writing() as connection:
        pages = await connection.scalar(text("PRAGMA page_count"))
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageUnavailable):
        await store.add(lost, lines=LINES * 2_000)
    assert await store.get(kept.prediction_id) == kept
    assert await store.find_same("no such upload") is None


@on_sqlite
async def test_a_read_only_disk_is_storage_unavailable(
    database: Database, store: SqlPredictionStore
) -> None:
    async with database.writing() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StorageUnavailable) as caught:
        await store.add(a_prediction(), lines=LINES)
    assert "readonly" in str(caught.value.__cause__)


async def test_a_failure_quotes_nothing_of_the_resume(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    with pytest.raises(StorageUnavailable) as caught:
        await store.add(prediction, lines=LINES)
    shown = "".join(traceback.format_exception(caught.value))
    assert re.search("UNIQUE|UniqueViolation", shown)
    assert "Ada" not in shown
    assert str(prediction.prediction_id) not in shown


async def test_a_file_that_is_no_database_is_storage_unavailable(database_file: Path) -> None:
    content = b"not a database, but long enough to be read as one" * 40
    await asyncio.to_thread(_write, database_file, content)
    database = Database(f"sqlite+aiosqlite:///{database_file}")
    with pytest.raises(StorageUnavailable):
        await database.open()
    await database.close()


async def test_a_folder_that_cannot_be_made_is_storage_unavailable(tmp_path: Path) -> None:
    await asyncio.to_thread(_write, tmp_path / "folder" / "file", b"")
    with pytest.raises(StorageUnavailable):
        await Database(f"sqlite+aiosqlite:///{tmp_path}/folder/file/predictions.db").open()


async def test_ping_fails_until_the_tables_are_there(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(StorageUnavailable, match="not open"):
        await database.ping()
    await database.open()
    with pytest.raises(StorageUnavailable):
        await database.ping()
    await database.close()


async def test_ping_answers_on_a_migrated_database(database: Database) -> None:
    await database.ping()


@on_sqlite
async def test_closing_twice_is_harmless_and_takes_the_log_along(
    database: Database, store: SqlPredictionStore, database_file: Path
) -> None:
    await store.add(a_prediction(), lines=LINES)
    await database.close()
    await database.close()
    assert "predictions.db-wal" not in await asyncio.to_thread(_modes, database_file.parent)


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://h/d", "sqlite://", "sqlite+aiosqlite:///:memory:", "x:secret@:/"],
)
def test_other_urls_are_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(StorageUnavailable, match=r"sqlite\+aiosqlite:///") as caught:
        Database(url)
    assert "secret" not in caught.value.message
