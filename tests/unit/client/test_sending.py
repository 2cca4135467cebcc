"""Bounds of what is taken from the network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from backend_client import AsyncResumeClient, BadResponse, Retries, TimedOut, Timeouts
from backend_client._calls import wire
from backend_client._requests import models
from backend_client._send import MAX_ANSWER_BYTES, AnswerReading
from backend_client._steps import Send
from backend_client.options import Options
from tests.unit.client.both import Both


class Drip(httpx.SyncByteStream, httpx.AsyncByteStream):
    """One byte after the other, each in time, all of them never."""

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(1_000):
            time.sleep(0.01)
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(1_000):
            await asyncio.sleep(0.01)
            yield b" "


def test_an_answer_that_drips_is_given_up(both: Both) -> None:
    began_s = time.monotonic()

    with pytest.raises(TimedOut) as raised:
        both.ask(
            lambda _: httpx.Response(200, stream=Drip()),
            "models",
            options={"timeouts": Timeouts(answer_s=0.1), "retries": Retries(max_retries=0)},
        )

    assert raised.value.phase == "answer"
    assert time.monotonic() - began_s < 5


def test_an_answer_without_end_is_given_up() -> None:
    reading = AnswerReading(Send(wire(models(), Options()), Timeouts()))
    piece = bytes(1_000_000)

    with pytest.raises(BadResponse, match="longer"):
        for _ in range(MAX_ANSWER_BYTES // len(piece) + 1):
            reading.take(piece)


async def test_a_cancelled_upload_stops_where_it_is() -> None:
    """Nothing stands in for it, and nothing is sent later."""
    asked: list[httpx.Request] = []

    async def hang(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as http:
        client = AsyncResumeClient("http://service.test", http_client=http)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.predict(b"%PDF-")

    assert len(asked) == 1
