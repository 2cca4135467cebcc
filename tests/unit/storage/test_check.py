"""What is wrong with a database is found and named by id."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from ml_service.domain.prediction import Prediction
from ml_service.domain.upkeep import Finding
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.schema import all_revisions, upgrade_to
from tests.unit.storage.examples import LINES, a_posting, a_prediction, tagged
from tests.unit.storage.stores import a_store, an_index

SEARCH_ENTRIES = "search entries of predictions"


class Watch:
    def started(self, n_rows: int) -> None:
        self.n_rows = n_rows
        self.n_done = 0

    def advanced(self, n_rows: int) -> None:
        self.n_done += n_rows


async def found(database: Database) -> dict[str, Finding]:
    """What is wrong, by the name of the check."""
    findings = await check(database, watch=Watch())
    return {finding.name: finding for finding in findings if not finding.ok}


@pytest.fixture
async def prediction(store: SqlPredictionStore) -> Prediction:
    made = tagged(a_prediction(), "one")
    await store.add(made, lines=LINES)
    await store.add(a_prediction(minutes=1), lines=LINES)
    return made


async def test_a_whole_database_passes(database: Database, prediction: Prediction) -> None:
    await an_index(database).add([a_posting("p1")])
    watch = Watch()
    findings = await check(database, watch=watch)
    assert all(finding.ok for finding in findings)
    counted = {finding.name: finding.n_checked for finding in findings}
    assert counted["predictions"] == counted[SEARCH_ENTRIES] == 2
    assert counted["jobs of predictions"] == 4
    assert counted["tags of predictions"] == counted["postings"] == 1
    assert watch.n_done == watch.n_rows


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE predictions SET prediction_data = '{\"half\":' WHERE id = :id", "predictions"),
        ("UPDATE predictions SET confidence = 0.5 WHERE id = :id", "predictions"),
        ("UPDATE predictions SET ats_score = 1 WHERE id = :id", "predictions"),
        (
            "UPDATE prediction_text SET lines = 'x' WHERE prediction_id = :id",
            "texts of predictions",
        ),
        (
            "UPDATE prediction_jobs SET job_data = '{}' WHERE prediction_id = :id AND position = 1",
            "jobs of predictions",
        ),
        ("DELETE FROM prediction_search WHERE prediction_id = :id", SEARCH_ENTRIES),
        ("UPDATE predictions SET notes = 'unsearched' WHERE id = :id", SEARCH_ENTRIES),
        (
            "UPDATE prediction_tags SET created_at = '2020-01-01' WHERE prediction_id = :id",
            "tags of predictions",
        ),
        ("UPDATE prediction_tags SET tag = 'two' WHERE prediction_id = :id", "tags of predictions"),
        ("DELETE FROM prediction_tags WHERE prediction_id = :id", "summaries of predictions"),
        (
            "UPDATE predictions SET summary_data = lower(summary_data) WHERE id = :id",
            "summaries of predictions",
        ),
        ("UPDATE predictions SET summary_data = '{' WHERE id = :id", "summaries of predictions"),
    ],
)
async def test_a_record_that_is_wrong_is_named(
    database: Database, prediction: Prediction, statement: str, name: str
) -> None:
    async with database.writing() as connection:
        await connection.execute(text(statement), {"id": str(prediction.prediction_id)})
    assert await found(database) == {
        name: Finding(name, (await _checked(database, name)), 1, (str(prediction.prediction_id),))
    }


async def test_both_that_repeat_a_column_are_named(
    database: Database, prediction: Prediction
) -> None:
    async with database.writing() as connection:
        statement = text("UPDATE predictions SET model_arm = NULL WHERE id = :id")
        await connection.execute(statement, {"id": str(prediction.prediction_id)})
    assert set(await found(database)) == {"predictions", "summaries of predictions"}


async def _checked(database: Database, name: str) -> int:
    findings = await check(database, watch=Watch())
    return next(finding.n_checked for finding in findings if finding.name == name)


async def test_a_posting_that_cannot_be_read_is_named(database: Database) -> None:
    await an_index(database).add([a_posting("p1"), a_posting("p2")])
    async with database.writing() as connection:
        statement = "UPDATE postings SET posting_data = '{\"title\": 7}' WHERE job_id = 'p2'"
        await connection.execute(text(statement))
    assert (await found(database))["postings"].problems == ("p2",)


async def test_rows_without_their_prediction_are_found(
    database: Database, prediction: Prediction
) -> None:
    await database.migrate(_lose_a_prediction)
    wrong = await found(database)
    assert wrong["references of prediction_jobs"].n_problems == 2
    assert wrong["references of prediction_text"].n_problems == 1
    assert "there is no such prediction" in wrong["references of prediction_text"].problems[0]


def _lose_a_prediction(connection: Connection) -> None:
    """``migrate`` is where SQLite does not look at references."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    first = "SELECT min(id) FROM predictions"
    connection.execute(text(f"DELETE FROM predictions WHERE id = ({first})"))  # noqa: S608 - as written


async def test_an_index_that_lost_its_words_is_found(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()
    await migrate(database)
    await a_store(database).add(a_prediction(), lines=LINES)
    assert await found(database) == {}
    async with database.writing() as connection:
        statement = "INSERT INTO prediction_fts(prediction_fts) VALUES ('delete-all')"
        await connection.execute(text(statement))
    assert list(await found(database)) == ["search index"]
    await database.close()


async def test_entries_without_their_words_are_found_on_postgresql(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    await database.open()
    await migrate(database)
    await a_store(database).add(a_prediction(), lines=LINES)
    async with database.writing() as connection:
        await connection.execute(text("DELETE FROM prediction_fts"))
    assert list(await found(database)) == ["search index"]
    await database.close()


async def test_a_file_with_a_damaged_page_is_found(sqlite_url: str, database_file: Path) -> None:
    database = Database(sqlite_url)
    await database.open()
    await migrate(database)
    store = a_store(database)
    for minutes in range(40):
        await store.add(a_prediction(minutes=minutes), lines=LINES)
    await database.close()
    await asyncio.to_thread(_damage, database_file)
    await database.open()
    assert await found(database)
    await database.close()


def _damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 3 * 4096] = b"\xff" * (3 * 4096)
    file.write_bytes(content)


async def test_an_older_schema_is_told_and_nothing_else_is_looked_at(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()
    await database.migrate(lambda connection: upgrade_to(connection, all_revisions(), "0001"))
    (only,) = await check(database, watch=Watch())
    await database.close()
    assert not only.ok
    assert "db migrate" in only.problems[0]


async def test_a_database_without_tables_is_told(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()
    (only,) = await check(database, watch=Watch())
    await database.close()
    assert only.problems == ("There are no tables of this service.",)
