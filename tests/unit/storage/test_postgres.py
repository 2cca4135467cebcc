"""What holds of PostgreSQL alone: a server that others share, that restarts and goes away."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from sqlalchemy import make_url, text

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from tests.postgres_server import PostgresServer
from tests.unit.storage.examples import LINES, a_prediction
from tests.unit.storage.stores import a_store

pytestmark = pytest.mark.postgres

THROW_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


def name_of(url: str) -> str:
    return str(make_url(url).database)


async def throw_out(server: PostgresServer, url: str) -> None:
    """As a restart of the server does, all connections end."""
    statement = THROW_OUT.format(name=name_of(url))
    await asyncio.to_thread(server.execute, statement)


async def shut(server: PostgresServer, url: str, *, closed: bool) -> None:
    allowed = "false" if closed else "true"
    statement = f"ALTER DATABASE {name_of(url)} ALLOW_CONNECTIONS {allowed}"
    await asyncio.to_thread(server.execute, statement)


async def test_two_services_see_each_others_writes(
    database: Database, store: SqlPredictionStore, database_url: str
) -> None:
    second = Database(database_url)
    await second.open()
    other = a_store(second)
    mine, theirs = a_prediction(), a_prediction()
    await store.add(mine, lines=LINES)
    await other.add(theirs, lines=LINES)
    assert await other.get(mine.prediction_id) == mine
    assert await store.get(theirs.prediction_id) == theirs
    await second.close()


async def test_a_server_that_restarted_is_found_again_at_the_next_request(
    store: SqlPredictionStore, server: PostgresServer, database_url: str
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    for _ in range(3):
        await asyncio.gather(*(store.get(prediction.prediction_id) for _ in range(20)))
        await throw_out(server, database_url)
        await asyncio.sleep(0.05)  # until the driver has heard of it
        await store.add(a_prediction(), lines=LINES)
        assert await store.get(prediction.prediction_id) == prediction


async def test_a_server_that_is_away_is_storage_unavailable_until_it_is_back(
    store: SqlPredictionStore, server: PostgresServer, database_url: str
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    await shut(server, database_url, closed=True)
    await throw_out(server, database_url)
    await asyncio.sleep(0.05)
    for _ in range(2):
        with pytest.raises(StorageUnavailable):
            await store.get(prediction.prediction_id)
        with pytest.raises(StorageUnavailable):
            await store.add(a_prediction(), lines=LINES)
    await shut(server, database_url, closed=False)
    assert await store.get(prediction.prediction_id) == prediction


async def test_a_connection_lost_in_the_middle_leaves_nothing_half(
    database: Database, store: SqlPredictionStore, server: PostgresServer, database_url: str
) -> None:
    with pytest.raises(StorageUnavailable):
        async with database.writing() as connection:
            await connection.execute(text("INSERT INTO upkeep VALUES ('task', 'half')"))
            await throw_out(server, database_url)
            await connection.execute(text("INSERT INTO upkeep VALUES ('other', 'half')"))
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM upkeep")) == 0


async def test_what_is_read_together_belongs_together(
    database: Database, store: SqlPredictionStore
) -> None:
    async with database.reading() as connection:
        count = text("SELECT count(*) FROM predictions")
        assert await connection.scalar(count) == 0
        await store.add(a_prediction(), lines=LINES)
        assert await connection.scalar(count) == 0


async def test_a_lock_of_another_process_is_storage_unavailable(
    database: Database, store: SqlPredictionStore, database_url: str
) -> None:
    second = Database(database_url)
    await second.open()
    async with second.writing() as connection:
        await connection.execute(text("LOCK TABLE predictions"))
        with pytest.raises(StorageUnavailable) as caught:
            await store.add(a_prediction(), lines=LINES)
    assert "LockNotAvailable" in str(caught.value.__cause__)
    await second.close()


async def test_times_and_zones_are_those_of_utc_whatever_the_server_says(
    database: Database, store: SqlPredictionStore, server: PostgresServer, database_url: str
) -> None:
    statement = f"ALTER DATABASE {name_of(database_url)} SET timezone = 'Asia/Kolkata'"
    await asyncio.to_thread(server.execute, statement)
    await database.close()
    await database.open()
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    async with database.reading() as connection:
        shown = await connection.scalar(text("SELECT created_at::text FROM predictions"))
    assert shown == "2026-03-01 12:00:00.123456+00"


async def test_a_database_in_another_encoding_is_refused_with_what_to_do(
    server: PostgresServer,
) -> None:
    url = await asyncio.to_thread(server.fresh_database, encoding="LATIN1")
    database = Database(url)
    with pytest.raises(StorageUnavailable, match="ENCODING 'UTF8'"):
        await database.open()
    with pytest.raises(StorageUnavailable, match="not open"):
        await database.ping()
    await asyncio.to_thread(server.drop, url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@127.0.0.1:1/nothing",
        "postgres://me:secret@no-such-host.invalid/nothing",
        "postgresql+asyncpg://me:secret@/nothing?host=/no/such/folder",
        "postgresql://me:secret@/no_such_database?host={socket_dir}",
    ],
)
async def test_a_server_that_cannot_be_reached_is_storage_unavailable_without_its_address(
    server: PostgresServer, url: str
) -> None:
    database = Database(url.format(socket_dir=server.socket_dir))
    with pytest.raises(StorageUnavailable) as caught:
        await database.open()
    await database.close()
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in shown
    assert "no-such-host" not in shown
    assert "127.0.0.1" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host/",
        "postgresql://me:secret@host/d?sslmode=perhaps",
        "postgresql://me:secret@host/d?options=-csearch_path=x",
        "postgresql://me:secret@host/d?pool_size=7",
    ],
)
def test_a_url_that_is_not_understood_is_refused_with_what_is(url: str) -> None:
    with pytest.raises(StorageUnavailable, match="postgresql://USER:PASSWORD@HOST") as caught:
        Database(url)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_every_way_to_write_the_scheme_is_understood(scheme: str, database_url: str) -> None:
    database = Database(database_url.replace("postgresql+asyncpg", scheme, 1))
    await database.open()
    await migrate(database)
    await database.ping()
    await database.close()
