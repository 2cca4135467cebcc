"""Requests counted together, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from limits import RateLimitItem, parse
from limits.aio.strategies import FixedWindowRateLimiter
from sqlalchemy import func, select, text

from ml_service.app.rate_limits import LimitClass, RateLimits
from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.rate_counters import PostgresRateCounters
from ml_service.storage.tables import rate_counters

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(postgres_url)
    await database.open()
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
async def neighbour(postgres_url: str, database: Database) -> AsyncIterator[Database]:
    """Another process's view of the same database."""
    other = Database(postgres_url)
    await other.open()
    yield other
    await other.close()


@pytest.fixture
def counters(database: Database) -> PostgresRateCounters:
    return PostgresRateCounters(database)


async def n_rows(database: Database) -> int:
    async with database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(rate_counters)) or 0


async def test_hits_add_up_within_a_window_and_begin_anew_after_it(
    counters: PostgresRateCounters,
) -> None:
    first = [await counters.incr("web", 1) for _ in range(3)]
    ends_at = await counters.get_expiry("web")
    await asyncio.sleep(1.1)
    gone = await counters.get("web")
    anew = await counters.incr("web", 1)

    assert first == [1, 2, 3]
    assert 0 < ends_at - time.time() + 1.1 <= 1.05
    assert gone == 0
    assert anew == 1


async def test_a_later_hit_does_not_put_the_end_of_the_window_off(
    counters: PostgresRateCounters, neighbour: Database
) -> None:
    await counters.incr("web", 60)
    before = await counters.get_expiry("web")
    await asyncio.sleep(0.2)
    await counters.incr("web", 60)

    assert abs(await counters.get_expiry("web") - before) < 0.1
    assert abs(await PostgresRateCounters(neighbour).get_expiry("web") - before) < 0.1


async def test_two_processes_never_both_take_the_last_request(
    counters: PostgresRateCounters, neighbour: Database
) -> None:
    theirs = PostgresRateCounters(neighbour)

    hits = await asyncio.gather(
        *(storage.incr("web", 60) for _ in range(20) for storage in (counters, theirs))
    )

    assert sorted(hits) == list(range(1, 41))


async def test_a_limit_is_shared_by_two_instances_of_the_service(
    counters: PostgresRateCounters, neighbour: Database
) -> None:
    limit: dict[LimitClass, RateLimitItem | None] = {
        "uploads": parse("3/minute"),
        "jobs": None,
        "default": None,
    }
    here, there = RateLimits(limit), RateLimits(limit)
    theirs = PostgresRateCounters(neighbour)

    counts = []
    for _ in range(2):
        counts.append(await here.count("uploads", "key:web", shared=counters))
        counts.append(await there.count("uploads", "key:web", shared=theirs))

    assert [count.exceeded for count in counts if count is not None] == [False] * 3 + [True]


async def test_the_librarys_own_strategy_works_over_it(counters: PostgresRateCounters) -> None:
    limiter, limit = FixedWindowRateLimiter(counters), parse("2/minute")

    allowed = [await limiter.hit(limit, "web") for _ in range(3)]
    left = await limiter.get_window_stats(limit, "web")

    assert allowed == [True, True, False]
    assert left.remaining == 0
    assert await counters.check()


async def test_what_expired_is_dropped_now_and_then(
    counters: PostgresRateCounters, database: Database
) -> None:
    for name in ("one", "two", "three"):
        await counters.incr(name, 0.05)
    await counters.incr("stays", 60)
    await asyncio.sleep(0.1)
    before = await n_rows(database)

    await PostgresRateCounters(database, sweep_every_s=0).incr("stays", 60)

    assert (before, await n_rows(database)) == (4, 1)
    assert await counters.get("stays") == 2


async def test_clear_and_reset_forget(counters: PostgresRateCounters) -> None:
    await counters.incr("one", 60)
    await counters.incr("two", 60)

    await counters.clear("one")

    assert (await counters.get("one"), await counters.get("two")) == (0, 1)
    assert await counters.reset() == 1
    assert await counters.get("two") == 0


async def test_the_table_names_nobody_and_is_not_in_the_servers_log(
    counters: PostgresRateCounters, database: Database
) -> None:
    await counters.incr("LIMITER/uploads/key:website/60/1/minute", 60)

    async with database.reading() as connection:
        rows = (await connection.execute(select(rate_counters))).all()
        persistence = await connection.scalar(
            text("SELECT relpersistence FROM pg_class WHERE relname = 'rate_counters'")
        )
    assert "website" not in str(rows)
    assert persistence in {"u", b"u"}


async def test_a_database_that_is_away_is_told_in_our_words(postgres_url: str) -> None:
    closed = PostgresRateCounters(Database(postgres_url))

    with pytest.raises(StorageUnavailable):
        await closed.incr("web", 60)
    assert not await closed.check()
