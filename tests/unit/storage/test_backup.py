"""A backup is exactly what was there, and restores into either kind of database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, func, select, text

from ml_service.domain.errors import InvalidRequest, StorageUnavailable
from ml_service.domain.posting import JobPage
from ml_service.domain.prediction import Annotations, Prediction, PredictionFilter
from ml_service.domain.upkeep import Manifest
from ml_service.storage import restore as restoring
from ml_service.storage.backup import back_up
from ml_service.storage.backup_format import verified
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.restore import restore
from ml_service.storage.schema import MOMENTARY, all_revisions, upgrade_to
from ml_service.storage.tables import metadata, predictions
from tests.postgres_server import PostgresServer
from tests.unit.storage.examples import LINES, NOON, a_posting, a_prediction
from tests.unit.storage.stores import a_store, an_index

NewUrl = Callable[[str], str]


class Watch:
    """Satisfies ``RowWatch``."""

    def __init__(self) -> None:
        self.n_rows = 0
        self.n_done = 0

    def started(self, n_rows: int) -> None:
        self.n_rows = n_rows

    def advanced(self, n_rows: int) -> None:
        self.n_done += n_rows


@pytest.fixture
def new_url(tmp_path: Path, request: pytest.FixtureRequest) -> NewUrl:
    """Of a database that does not exist yet, or is empty."""

    def url(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite+aiosqlite:///{tmp_path}/{uuid4().hex}/predictions.db"
        server: PostgresServer = request.getfixturevalue("server")
        made = server.fresh_database()
        request.addfinalizer(lambda: server.drop(made))
        return made

    return url


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


async def backed_up(database: Database, file: Path) -> Manifest:
    watch = Watch()
    manifest = await back_up(database, file, service_version="1.2.3", created_at=NOON, watch=watch)
    assert watch.n_done >= watch.n_rows
    return manifest


async def restored(database: Database, file: Path, *, replace_rows: bool = False) -> Manifest:
    manifest = await asyncio.to_thread(verified, file)
    watch = Watch()
    await restore(database, file, manifest, replace=replace_rows, watch=watch)
    assert watch.n_done == watch.n_rows == 2 * manifest.n_rows
    return manifest


async def filled(database: Database) -> list[Prediction]:
    """Something in every table that lasts, with texts that are hard to keep."""
    notes = Annotations('späte "Notiz"\n=1+1\t\u2028 🙂', ("b", "A", "ä"), "right", "15-1252.00")
    made = [a_prediction(minutes=n, user_id=f"user-{n % 2}") for n in range(5)]
    made.append(replace(a_prediction(minutes=9, user_id=None), annotations=notes))
    store = a_store(database)
    for prediction in made:
        await store.add(prediction, lines=LINES)
    await store.delete(made.pop(0).prediction_id)
    await an_index(database).add([a_posting("p1"), a_posting("p2", title="Nurse")])
    keys = SqlIdempotencyKeys(database)
    await keys.claim("k" * 64, fingerprint="f" * 64, now=NOON, held_until=NOON + timedelta(1))
    page = JobPage((a_posting(),), "jsearch", NOON)
    await SqlJobCache(database).put("query", page, expires_at=NOON + timedelta(hours=1))
    return made


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_a_restored_database_gives_the_same_answers(
    database: Database, new_url: NewUrl, target: str, tmp_path: Path
) -> None:
    made = await filled(database)
    file = tmp_path / "copy.zip"
    manifest = await backed_up(database, file)
    assert {table.name for table in manifest.tables} == set(metadata.tables) - MOMENTARY
    url = await asyncio.to_thread(new_url, target)
    async with opened(url) as other:
        await restored(other, file)
        store = a_store(other)
        for prediction in made:
            assert await store.get(prediction.prediction_id) == prediction
            assert await store.lines(prediction.prediction_id) == LINES
        found = await store.search("parsing", where=PredictionFilter(), limit=10, cursor=None)
        assert {s.prediction_id for s in found.summaries} == {p.prediction_id for p in made}
        assert await an_index(other).count() == 2
        assert all(finding.ok for finding in await check(other, watch=Watch()))


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_work_goes_on_after_a_restore(
    database: Database, new_url: NewUrl, target: str, tmp_path: Path
) -> None:
    """Numbers of new rows go on after those that were restored."""
    made = await filled(database)
    await backed_up(database, tmp_path / "copy.zip")
    url = await asyncio.to_thread(new_url, target)
    async with opened(url) as other:
        await restored(other, tmp_path / "copy.zip")
        store = a_store(other)
        for minutes in range(20, 25):
            await store.add(a_prediction(minutes=minutes), lines=LINES)
        await store.delete(made[0].prediction_id)
        page = await store.page(PredictionFilter(), limit=100, cursor=None)
        assert len(page.summaries) == len(made) + 4
        await an_index(other).add([a_posting("p3")])
        assert all(finding.ok for finding in await check(other, watch=Watch()))


async def test_a_backup_of_a_backup_is_the_same(
    database: Database, new_url: NewUrl, tmp_path: Path
) -> None:
    await filled(database)
    first = await backed_up(database, tmp_path / "first.zip")
    url = await asyncio.to_thread(new_url, "sqlite")
    async with opened(url) as other:
        await restored(other, tmp_path / "first.zip")
        second = await backed_up(other, tmp_path / "second.zip")
    assert [(t.name, t.columns, t.rows, t.content) for t in first.tables] == [
        (t.name, t.columns, t.rows, t.content) for t in second.tables
    ]


async def test_everything_acknowledged_before_is_in_a_backup_under_load(
    database: Database, new_url: NewUrl, tmp_path: Path
) -> None:
    store = a_store(database)
    acknowledged: list[Prediction] = []
    enough = asyncio.Event()

    async def write(number: int) -> None:
        while not enough.is_set():
            prediction = a_prediction(user_id=f"writer-{number}")
            await store.add(prediction, lines=LINES)
            acknowledged.append(prediction)

    writers = [asyncio.create_task(write(number)) for number in range(3)]
    while len(acknowledged) < 60:
        await asyncio.sleep(0.01)
    before = list(acknowledged)
    manifest = await backed_up(database, tmp_path / "copy.zip")
    during = len(acknowledged) - len(before)
    enough.set()
    await asyncio.gather(*writers)
    assert during > 0
    whole = {prediction.prediction_id: prediction for prediction in acknowledged}
    url = await asyncio.to_thread(new_url, "sqlite")
    async with opened(url) as other:
        await restored(other, tmp_path / "copy.zip")
        assert all(finding.ok for finding in await check(other, watch=Watch()))
        there = await _everything(other)
    assert {prediction.prediction_id for prediction in before} <= set(there)
    assert {key: whole[key] for key in there} == there
    assert manifest.tables[0].rows >= len(before)


async def _everything(database: Database) -> dict[UUID, Prediction]:
    store = a_store(database)
    async with database.reading() as connection:
        ids = (await connection.scalars(select(predictions.c.id))).all()
    return {prediction_id: await store.get(prediction_id) for prediction_id in ids}


async def test_rows_that_are_there_are_not_overwritten_unasked(
    database: Database, new_url: NewUrl, tmp_path: Path
) -> None:
    await filled(database)
    await backed_up(database, tmp_path / "copy.zip")
    url = await asyncio.to_thread(new_url, "sqlite")
    async with opened(url) as other:
        await migrate(other)
        store = a_store(other)
        mine = a_prediction()
        await store.add(mine, lines=LINES)
        with pytest.raises(InvalidRequest, match="already holds"):
            await restored(other, tmp_path / "copy.zip")
        assert await store.get(mine.prediction_id) == mine


async def test_replacing_leaves_nothing_of_what_was_there(
    database: Database, tmp_path: Path
) -> None:
    made = await filled(database)
    await backed_up(database, tmp_path / "copy.zip")
    store = a_store(database)
    later = a_prediction(minutes=99)
    await store.add(later, lines=LINES)
    await store.delete(made[1].prediction_id)
    await restored(database, tmp_path / "copy.zip", replace_rows=True)
    assert set(await _everything(database)) == {p.prediction_id for p in made}
    assert all(finding.ok for finding in await check(database, watch=Watch()))


async def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await filled(database)
    await backed_up(database, tmp_path / "copy.zip")
    before = await _everything(database)

    def fail(*_: object) -> None:
        raise StorageUnavailable("no space")

    monkeypatch.setattr(restoring, "_continue_numbers", fail)
    with pytest.raises(StorageUnavailable):
        await restored(database, tmp_path / "copy.zip", replace_rows=True)
    assert await _everything(database) == before
    assert set(before) == {p.prediction_id for p in made}


async def test_an_older_schema_is_copied_and_brought_up_to_date(
    new_url: NewUrl, tmp_path: Path
) -> None:
    file = tmp_path / "old.zip"
    async with opened(new_url("sqlite")) as old:
        await old.migrate(_first_revision_with_a_posting)
        manifest = await backed_up(old, file)
        assert manifest.revision == "0001"
    async with opened(new_url("sqlite")) as fresh:
        await restored(fresh, file)
        assert await an_index(fresh).count() == 1
        assert all(finding.ok for finding in await check(fresh, watch=Watch()))
    async with opened(new_url("sqlite")) as migrated:
        await migrate(migrated)
        with pytest.raises(InvalidRequest, match="older version"):
            await restored(migrated, file)


def _first_revision_with_a_posting(connection: Connection) -> None:
    upgrade_to(connection, all_revisions(), "0001")
    connection.execute(
        text(
            "INSERT INTO postings (job_id, employment_types, posting_data) VALUES "
            """('p', '', '{"job_id": "p", "title": "Cook", "provider": "local"}')"""
        )
    )


async def test_a_schema_newer_than_the_code_is_refused(database: Database, tmp_path: Path) -> None:
    await filled(database)
    file = tmp_path / "copy.zip"
    await backed_up(database, file)
    manifest = await asyncio.to_thread(verified, file)
    newer = replace(manifest, revision="9999")
    with pytest.raises(InvalidRequest, match="newer version"):
        await restore(database, file, newer, replace=True, watch=Watch())


async def test_a_database_without_tables_is_not_backed_up(new_url: NewUrl, tmp_path: Path) -> None:
    async with opened(new_url("sqlite")) as empty:
        with pytest.raises(StorageUnavailable, match="holds no tables"):
            await backed_up(empty, tmp_path / "copy.zip")


async def test_what_holds_for_a_moment_only_is_left_out(database: Database, tmp_path: Path) -> None:
    await filled(database)
    manifest = await backed_up(database, tmp_path / "copy.zip")
    async with database.reading() as connection:
        cached = await connection.scalar(
            select(func.count()).select_from(metadata.tables["job_cache"])
        )
    assert cached == 1
    assert "job_cache" not in {table.name for table in manifest.tables}
    assert manifest.created_at == NOON < datetime.now(UTC)


async def test_a_full_disk_is_not_taken_for_the_database(
    database: Database, store: SqlPredictionStore
) -> None:
    await store.add(a_prediction(), lines=LINES)

    with pytest.raises(InvalidRequest, match="cannot be written") as refused:
        await back_up(
            database, Path("/dev/full"), service_version="1", created_at=NOON, watch=Watch()
        )

    assert refused.value.field == "file"
