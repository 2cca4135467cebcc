"""One look at the parts at a time, whoever asks."""

from __future__ import annotations

import asyncio

from ml_service.domain.health import Part, SharedLook

READY = (Part("database", "ready", needed=True),)


async def test_those_who_ask_at_once_share_one_look() -> None:
    n_looks = 0

    async def look() -> tuple[Part, ...]:
        nonlocal n_looks
        n_looks += 1
        await asyncio.sleep(0)
        return READY

    parts = SharedLook(look)
    assert await asyncio.gather(*(parts() for _ in range(50))) == [READY] * 50
    assert n_looks == 1
    assert await parts() == READY
    assert n_looks == 2


async def test_one_who_goes_away_takes_the_answer_from_nobody() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def look() -> tuple[Part, ...]:
        begun.set()
        await go_on.wait()
        return READY

    parts = SharedLook(look)
    first, second = asyncio.create_task(parts()), asyncio.create_task(parts())
    await begun.wait()
    first.cancel()
    go_on.set()
    assert await second == READY
