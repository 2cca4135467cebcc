from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage

from ml_service.app.rate_limits import LimitClass, RateLimits
from ml_service.domain.errors import RateLimited, StorageUnavailable

THREE: Mapping[LimitClass, RateLimitItem | None] = {
    "uploads": parse("3/minute"),
    "jobs": None,
    "default": parse("2/second"),
}


class Away(MemoryStorage):
    """A shared storage whose database does not answer."""

    STORAGE_SCHEME: list[str] = []  # noqa: RUF012 - the library's own attribute

    def __init__(self) -> None:
        super().__init__()
        self.n_asked = 0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.n_asked += 1
        raise StorageUnavailable


async def test_the_headers_say_what_is_left_and_for_how_long() -> None:
    limits = RateLimits(THREE)

    first, second = [await limits.count("uploads", "key:web") for _ in range(2)]

    assert first is not None
    assert second is not None
    assert second.headers["RateLimit-Policy"] == '"uploads";q=3;w=60'
    assert first.headers["RateLimit"] == '"uploads";r=2;t=60'
    assert second.headers["RateLimit"].startswith('"uploads";r=1;t=')


async def test_what_goes_beyond_is_refused_until_the_window_ends() -> None:
    limits = RateLimits(THREE)
    for _ in range(3):
        count = await limits.count("uploads", "key:web")
        assert count is not None
        count.refuse_when_exceeded()

    fourth = await limits.count("uploads", "key:web")

    assert fourth is not None
    assert fourth.headers["RateLimit"].startswith('"uploads";r=0;t=')
    with pytest.raises(RateLimited) as refused:
        fourth.refuse_when_exceeded()
    assert 1 <= refused.value.retry_after_s <= 60


async def test_a_new_window_begins_when_one_has_ended() -> None:
    limits = RateLimits(THREE)
    before = [await limits.count("default", "key:web") for _ in range(3)]

    await asyncio.sleep(1.05)
    after = await limits.count("default", "key:web")

    assert before[-1] is not None
    assert before[-1].exceeded
    assert after is not None
    assert not after.exceeded


async def test_callers_and_classes_are_counted_apart() -> None:
    limits = RateLimits(THREE)
    for _ in range(4):
        await limits.count("uploads", "key:web")

    other_caller = await limits.count("uploads", "key:ops")
    other_class = await limits.count("default", "key:web")

    assert other_caller is not None
    assert other_caller.n_requests == 1
    assert other_class is not None
    assert other_class.n_requests == 1


async def test_a_class_without_a_limit_is_not_counted() -> None:
    assert await RateLimits(THREE).count("jobs", "key:web") is None


async def test_two_that_share_a_storage_share_the_limit() -> None:
    shared = MemoryStorage()
    here, there = RateLimits(THREE), RateLimits(THREE)

    await here.count("uploads", "key:web", shared=shared)
    count = await there.count("uploads", "key:web", shared=shared)

    assert count is not None
    assert count.n_requests == 2


async def test_while_the_shared_storage_is_away_each_counts_alone_and_does_not_insist(
    caplog: pytest.LogCaptureFixture,
) -> None:
    limits, away = RateLimits(THREE), Away()

    counts = [await limits.count("uploads", "key:web", shared=away) for _ in range(4)]

    assert [count.n_requests for count in counts if count is not None] == [1, 2, 3, 4]
    assert away.n_asked == 1


async def test_guesses_of_an_address_count_together_and_only_against_guesses() -> None:
    limits = RateLimits(THREE)

    await limits.count_guess("digest")
    await limits.count_stranger("digest")
    before = await limits.guesses("digest")
    await limits.count_guess("digest")
    after = await limits.guesses("digest")

    assert before is not None
    assert not before.exceeded
    assert after is not None
    assert after.exceeded
    other = await limits.guesses("another")
    assert other is not None
    assert not other.exceeded
