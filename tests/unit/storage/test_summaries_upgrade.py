"""Databases and backups of the revision before summaries had a column."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, insert, inspect, select, text

from ml_service.domain.prediction import Prediction, PredictionFilter
from ml_service.storage.backup import back_up
from ml_service.storage.backup_format import verified
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.forgetting import forget_remains
from ml_service.storage.migrate import migrate
from ml_service.storage.prediction_rows import Row, job_rows, prediction_row, search_row, tag_rows
from ml_service.storage.restore import restore
from ml_service.storage.schema import all_revisions, upgrade_to
from ml_service.storage.tables import metadata, predictions, upkeep
from tests.postgres_server import PostgresServer
from tests.unit.storage.examples import NOON, a_prediction, an_analysis, tagged
from tests.unit.storage.stores import a_store
from tests.unit.storage.test_summaries import MANY_TAGS

BEFORE = "0005"
OF_USER = PredictionFilter(user_id="user-1")
MADE = (
    tagged(a_prediction(minutes=1), "z", "a", 'say "ä"\n\u2028 🙂'),
    a_prediction(minutes=2, analysis=an_analysis(filename="𠀋" * 255)),
    tagged(a_prediction(minutes=3), *MANY_TAGS),
    a_prediction(minutes=4, analysis=an_analysis(filename="back\\slash\tand 'quotes'.pdf")),
)


class Watch:
    def started(self, n_rows: int) -> None: ...

    def advanced(self, n_rows: int) -> None: ...


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await database.open()
    await filled_before(database, MADE)
    yield database
    await database.close()


async def filled_before(database: Database, made: Sequence[Prediction]) -> None:
    scripts = await asyncio.to_thread(all_revisions)

    def fill(connection: Connection) -> None:
        upgrade_to(connection, scripts, BEFORE)
        names = ("predictions", "prediction_jobs", "prediction_tags", "prediction_search")
        tables = MetaData()
        tables.reflect(connection, only=names)
        for prediction in made:
            for name, rows in zip(names, rows_of(prediction), strict=True):
                for row in rows:
                    connection.execute(insert(tables.tables[name]), row)

    await database.migrate(fill)


def rows_of(prediction: Prediction) -> tuple[list[Row], ...]:
    """As columns without types of ours take them."""
    identity, at = prediction.prediction_id, prediction.created_at
    row = prediction_row(prediction, text="")
    del row["summary_data"]
    tags = tag_rows(identity, prediction.annotations.tags, created_at=at)
    jobs = job_rows(identity, prediction.jobs.postings, at=at)
    found = ([row], jobs, tags, [search_row(prediction, text="")])
    for one in (one for rows in found for one in rows):
        one.update({name: str(identity) for name in ("id", "prediction_id") if name in one})
    return found


async def assert_whole(database: Database) -> None:
    store = a_store(database)
    for prediction in MADE:
        assert await store.get(prediction.prediction_id) == prediction
    page = await store.page(OF_USER, limit=9, cursor=None)
    newest_first = list(reversed(MADE))
    assert [one.tags for one in page.summaries] == [one.annotations.tags for one in newest_first]
    assert [one.resume_filename for one in page.summaries] == [
        one.analysis.resume_filename for one in newest_first
    ]
    assert all(finding.ok for finding in await check(database, watch=Watch()))


async def test_what_was_there_has_its_summary_after_the_upgrade(database: Database) -> None:
    await migrate(database)
    await assert_whole(database)
    in_order = select(predictions.c.summary_data).order_by(predictions.c.created_at)
    async with database.reading() as connection:
        kept = (await connection.scalars(in_order)).all()
    assert [one is None for one in kept] == [False, True, True, False]


async def test_a_row_that_was_changed_meanwhile_is_followed(database: Database) -> None:
    await migrate(database)
    store = a_store(database)
    await store.delete(MADE[0].prediction_id)
    found = await store.page(PredictionFilter(tag="z"), limit=9, cursor=None)
    assert found.summaries == ()
    assert all(finding.ok for finding in await check(database, watch=Watch()))


async def test_the_columns_stand_in_their_order_on_sqlite(sqlite_url: str) -> None:
    """A list that reads a column behind the wide ones reads these as well."""
    database = Database(sqlite_url)
    await database.open()
    await filled_before(database, MADE)
    await migrate(database)
    async with database.reading() as connection:
        columns = await connection.run_sync(lambda c: inspect(c).get_columns("predictions"))
        indexes = (await connection.scalars(text(INDEXES))).all()
    await database.close()
    assert [column["name"] for column in columns] == list(metadata.tables["predictions"].c.keys())
    assert set(indexes) == {index.name for index in predictions.indexes}


INDEXES = (
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'predictions' "
    "AND sql IS NOT NULL"
)


async def test_the_service_vacuums_soon_on_postgresql(empty_postgres_url: str) -> None:
    """Before that, PostgreSQL asks the rows whether an entry of the index counts."""
    database = Database(empty_postgres_url)
    await database.open()
    await filled_before(database, MADE)
    await migrate(database)
    assert await forget_remains(database)
    visible = text("SELECT relallvisible = relpages FROM pg_class WHERE relname = 'predictions'")
    async with database.reading() as connection:
        assert await connection.scalar(visible)
        assert (await connection.execute(select(upkeep))).all() == []
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Another empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/other.db"
        return
    server: PostgresServer = request.getfixturevalue("server")
    url = server.fresh_database()
    yield url
    server.drop(url)


async def test_a_backup_from_before_is_restored_with_summaries(
    database: Database, other_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "copy.zip"
    await back_up(database, file, service_version="1", created_at=NOON, watch=Watch())
    manifest = await asyncio.to_thread(verified, file)
    assert manifest.revision == BEFORE
    other = Database(other_url)
    await other.open()
    try:
        await restore(other, file, manifest, replace=False, watch=Watch())
        await assert_whole(other)
    finally:
        await other.close()
