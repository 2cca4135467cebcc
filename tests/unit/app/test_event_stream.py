"""The stream as an ASGI application: what it sends, and what becomes of its work."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from ml_service.app.event_stream import EventStream, event
from ml_service.domain.errors import Corrupt, ParseTimeout
from ml_service.use_cases.stages import StageWatch, timed

LAST = event("prediction", "{}", event_id="1")


class Connection:
    """A caller: what he was sent, and whether he is still there."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_gone = asyncio.Event()
        self.n_held = 0
        self.n_ended = 0

    async def receive(self) -> Message:
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    def held(self) -> ExitStack:
        self.n_held += 1
        held = ExitStack()
        held.callback(self._release)
        return held

    def _release(self) -> None:
        self.n_held -= 1

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)

    @property
    def is_complete(self) -> bool:
        return not self.sent[-1].get("more_body", True)

    async def listen_to(self, stream: EventStream) -> None:
        await stream({"type": "http", "path": "/predict"}, self.receive, self.send)


@pytest.fixture
def connection() -> Connection:
    return Connection()


async def test_stages_are_sent_while_the_work_goes_on(connection: Connection) -> None:
    may_end = asyncio.Event()

    async def work(watch: StageWatch) -> bytes:
        with timed(watch, "extract"):
            await may_end.wait()
        return LAST

    listening = asyncio.create_task(connection.listen_to(EventStream(work, held=connection.held())))
    await asyncio.sleep(0.05)
    assert connection.body == event("stage", '{"stage": "extract", "state": "started"}')
    assert connection.n_held == 1

    may_end.set()
    await listening

    assert connection.body.endswith(LAST)
    assert connection.body.count(b"event: stage") == 2
    assert connection.is_complete
    assert connection.n_held == 0


async def test_a_refusal_before_the_first_stage_is_raised(connection: Connection) -> None:
    async def refuse(_: StageWatch) -> bytes:
        raise Corrupt

    with pytest.raises(Corrupt):
        await connection.listen_to(EventStream(refuse, held=connection.held()))

    assert connection.sent == []
    assert connection.n_held == 0


async def test_a_later_refusal_is_told_in_the_last_event(connection: Connection) -> None:
    async def refuse(watch: StageWatch) -> bytes:
        with timed(watch, "extract"):
            raise ParseTimeout

    await connection.listen_to(EventStream(refuse, held=connection.held()))

    assert connection.sent[0]["status"] == 200
    assert b"event: problem\n" in connection.body
    assert b'"code":"parse_timeout"' in connection.body
    assert connection.is_complete


async def test_a_failure_that_nobody_expected_says_no_more_than_that(
    connection: Connection,
) -> None:
    async def fail(watch: StageWatch) -> bytes:
        with timed(watch, "extract"):
            raise RuntimeError("Jane Doe, jane@example.org")

    await connection.listen_to(EventStream(fail, held=connection.held()))

    assert b'"code":"internal_error"' in connection.body
    assert b"Jane" not in connection.body
    assert connection.is_complete


async def test_a_stage_that_takes_long_keeps_the_connection_alive(connection: Connection) -> None:
    async def work(watch: StageWatch) -> bytes:
        with timed(watch, "extract"):
            await asyncio.sleep(0.2)
        return LAST

    await connection.listen_to(EventStream(work, held=connection.held(), keep_alive_s=0.05))

    assert connection.body.count(b": ping\n\n") >= 2
    assert connection.body.endswith(LAST)


@pytest.mark.parametrize("stage_began", [False, True])
async def test_the_work_of_a_caller_who_goes_away_ends(
    connection: Connection, stage_began: bool
) -> None:
    async def work(watch: StageWatch) -> bytes:
        try:
            if stage_began:
                watch.started("extract")
            await asyncio.sleep(60)
        finally:
            # What is under way takes a moment to end, and holds its place until then.
            await asyncio.sleep(0.05)
            assert connection.n_held == 1
            connection.n_ended += 1
        return LAST

    listening = asyncio.create_task(connection.listen_to(EventStream(work, held=connection.held())))
    await asyncio.sleep(0.05)
    connection.is_gone.set()

    with pytest.raises(ClientDisconnect):
        await listening
    assert (connection.n_ended, connection.n_held) == (1, 0)


async def test_a_stream_that_is_cancelled_ends_its_work(connection: Connection) -> None:
    """As the server does with what is left when its time to end is up."""

    async def work(watch: StageWatch) -> bytes:
        try:
            watch.started("extract")
            await asyncio.sleep(60)
        finally:
            connection.n_ended += 1
        return LAST

    listening = asyncio.create_task(connection.listen_to(EventStream(work, held=connection.held())))
    await asyncio.sleep(0.05)
    listening.cancel()
    await asyncio.wait([listening])

    assert (connection.n_ended, connection.n_held) == (1, 0)
