from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.schema import all_revisions, newest, newest_by_name
from ml_service.storage.tables import metadata
from tests.unit.storage.databases import on_postgresql, on_sqlite
from tests.unit.storage.examples import LINES, a_prediction

REPOSITORY = Path(__file__).parents[3]

START = """
import asyncio, sys
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate

async def start():
    database = Database(sys.argv[1])
    await database.open()
    print(await migrate(database))
    await database.ping()
    await database.close()

asyncio.run(start())
"""


@pytest.fixture
def head() -> str:
    return newest(all_revisions())


def test_the_names_of_the_files_say_which_revision_is_the_newest(head: str) -> None:
    """A start believes them: it asks Alembic only where the database is at another."""
    assert newest_by_name() == head


async def test_the_tables_are_those_that_the_migrations_make(database: Database) -> None:
    async with database.reading() as connection:
        assert await connection.run_sync(_differences) == []


def _differences(connection: Connection) -> list[Any]:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        full_text = ("prediction_fts", "posting_fts")
        return kind != "table" or name is None or not name.startswith(full_text)

    options = {"include_name": ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@on_sqlite
async def test_every_constraint_has_its_name(database: Database) -> None:
    async with database.reading() as connection:
        tables = await connection.execute(
            text("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%KEY%'")
        )
        for name, sql in tables:
            if name in metadata.tables:
                assert sql.count("PRIMARY KEY") == sql.count("CONSTRAINT pk_")
                assert sql.count("FOREIGN KEY") == sql.count("CONSTRAINT fk_")


@on_postgresql
async def test_text_is_compared_as_bytes_on_postgresql_too(database: Database) -> None:
    """Whatever the locale of the database: orders and indexes are then those of SQLite."""
    columns = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
        "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    async with database.reading() as connection:
        assert (await connection.execute(columns)).all() == []


async def test_migrating_again_keeps_what_is_there(
    database: Database, store: SqlPredictionStore, head: str
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    assert await migrate(database) == head
    assert await store.get(prediction.prediction_id) == prediction


def test_processes_that_start_at_once_migrate_once(empty_url: str, head: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, empty_url],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    results = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 4, results
    assert [output.strip() for output, _ in results] == [head] * 4


async def test_a_database_newer_than_the_code_is_refused(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageUnavailable, match=r"newer version .* \(revision 9999\)"):
        await migrate(database)


async def table_names(database: Database) -> list[str]:
    async with database.reading() as connection:
        return await connection.run_sync(lambda c: inspect(c).get_table_names())


async def test_tables_of_another_program_are_refused_and_left_alone(empty_url: str) -> None:
    database = Database(empty_url)
    await database.open()
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE predictions (id INTEGER, secret TEXT)"))
    with pytest.raises(StorageUnavailable, match="tables of another program"):
        await migrate(database)
    assert await table_names(database) == ["predictions"]
    await database.close()


async def test_a_migration_that_fails_leaves_nothing(empty_url: str) -> None:
    database = Database(empty_url)
    await database.open()
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE posting_fts (title TEXT)"))
    with pytest.raises(StorageUnavailable):
        await migrate(database)
    assert await table_names(database) == ["posting_fts"]
    await database.close()


@on_sqlite
async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    jobs = await database.migrate(_drop_predictions)
    assert jobs == len(prediction.jobs.postings)


def _drop_predictions(connection: Connection) -> object:
    connection.execute(text("CREATE TABLE aside AS SELECT * FROM predictions"))
    connection.execute(text("DROP TABLE predictions"))
    return connection.scalar(text("SELECT count(*) FROM prediction_jobs"))


async def test_the_loop_runs_on_while_another_process_migrates(
    database: Database, database_url: str, head: str
) -> None:
    second = Database(database_url)
    await second.open()
    entered, leave = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        entered.set()
        leave.wait(timeout=10)

    holding = asyncio.create_task(database.migrate(hold))
    await asyncio.to_thread(entered.wait, 10)
    waiting = asyncio.create_task(migrate(second))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    leave.set()
    await holding
    assert await asyncio.wait_for(waiting, timeout=10) == head
    await second.close()
