from __future__ import annotations

import asyncio

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from ml_service.app.disconnects import while_connected


async def stays() -> Message:
    await asyncio.sleep(60)
    return {"type": "http.disconnect"}


async def goes() -> Message:
    await asyncio.sleep(0.02)
    return {"type": "http.disconnect"}


async def test_work_for_a_caller_who_stays_is_done() -> None:
    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    assert await while_connected(stays, work()) == "done"


async def test_its_failure_is_the_callers() -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await while_connected(stays, work())


async def test_work_for_a_caller_who_goes_away_has_ended_when_that_is_told() -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)
            ended = True

    with pytest.raises(ClientDisconnect):
        await while_connected(goes, work())
    assert ended


async def test_what_is_done_when_the_caller_goes_is_still_given() -> None:
    async def work() -> str:
        return "done"

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    assert await while_connected(gone, work()) == "done"


async def test_a_late_part_of_the_body_is_no_disconnect() -> None:
    messages = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else await stays()

    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    assert await while_connected(receive, work()) == "done"
