from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from ml_service.domain.ports import JobCache
from ml_service.domain.posting import JobPage
from ml_service.storage.database import Database
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.tables import job_cache
from tests.unit.storage.examples import NOON, a_posting

HOUR = timedelta(hours=1)
PAGE = JobPage((a_posting("a"), a_posting("b")), "jsearch", NOON, "next")


@pytest.fixture
def cache(database: Database) -> JobCache:
    return SqlJobCache(database)


async def test_what_was_put_comes_back_until_it_expires(cache: JobCache) -> None:
    await cache.put("key", PAGE, expires_at=NOON + HOUR)
    assert await cache.get("key", now=NOON) == PAGE
    assert await cache.get("key", now=NOON + HOUR) is None
    assert await cache.get("other", now=NOON) is None


async def test_an_empty_page_is_an_answer(cache: JobCache) -> None:
    empty = JobPage((), "jsearch", NOON)
    await cache.put("key", empty, expires_at=NOON + HOUR)
    assert await cache.get("key", now=NOON) == empty


async def test_the_last_put_counts(cache: JobCache) -> None:
    later = JobPage((), "jsearch", NOON + HOUR)
    await cache.put("key", PAGE, expires_at=NOON + HOUR)
    await cache.put("key", later, expires_at=NOON + 2 * HOUR)
    assert await cache.get("key", now=NOON + HOUR) == later


async def test_expired_answers_make_room(cache: JobCache, database: Database) -> None:
    await cache.put("old", PAGE, expires_at=NOON + HOUR)
    later = JobPage((), "jsearch", NOON + 2 * HOUR)
    await cache.put("new", later, expires_at=NOON + 3 * HOUR)
    async with database.reading() as connection:
        keys = (await connection.scalars(select(job_cache.c.key))).all()
    assert keys == ["new"]


async def test_it_survives_a_restart(database_url: str, database: Database) -> None:
    await SqlJobCache(database).put("key", PAGE, expires_at=NOON + HOUR)
    await database.close()
    again = Database(database_url)
    await again.open()
    assert await SqlJobCache(again).get("key", now=NOON) == PAGE
    await again.close()


async def test_two_that_put_at_once_both_succeed(cache: JobCache) -> None:
    old = [f"old-{n}" for n in range(20)]
    for key in old:
        await cache.put(key, PAGE, expires_at=NOON + HOUR)
    later = JobPage((), "jsearch", NOON + 2 * HOUR)
    await asyncio.gather(
        *(cache.put("key", later, expires_at=NOON + 3 * HOUR) for _ in range(8)),
        *(cache.put(key, later, expires_at=NOON + 3 * HOUR) for key in reversed(old)),
    )
    assert await cache.get("key", now=NOON + HOUR) == later
