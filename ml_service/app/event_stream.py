"""The progress of one piece of work as server-sent events, and its outcome as the last of them.

Source: HTML Living Standard, 9.2, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import Any

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ml_service.app.disconnects import end, while_connected
from ml_service.app.errors import service_error_response
from ml_service.app.middleware import internal_error_response, log_unexpected
from ml_service.domain.errors import ServiceError
from ml_service.use_cases.stages import Stage, StageWatch

MEDIA_TYPE = "text/event-stream"
KEEP_ALIVE_S = 10.0
HEADERS = {
    "Content-Type": MEDIA_TYPE,
    "Cache-Control": "no-store",
    # nginx would keep events back until its buffer is full.
    "X-Accel-Buffering": "no",
}

Work = Callable[[StageWatch], Coroutine[Any, Any, bytes]]


def event(name: str, text: str, *, event_id: str | None = None) -> bytes:
    """One event as it goes over the wire; ``text`` is JSON."""
    return format_sse_event(event=name, data_str=text, id=event_id)


class EventStream(Response):
    """Runs ``work`` while it is listened to, and closes ``held`` when that has ended.

    ``work`` returns the last event. The stream, and with it the status 200, begins with the first
    stage: a refusal that comes before it has a status of its own. A later one is the last event,
    ``problem``.
    """

    def __init__(
        self,
        work: Work,
        *,
        held: ExitStack,
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._work = work
        self._held = held
        self._keep_alive_s = keep_alive_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await while_connected(receive, self._stream(scope["path"], send))

    async def _stream(self, path: str, send: Send) -> None:
        stages = _StageEvents()
        working = asyncio.create_task(self._work(stages))
        working.add_done_callback(lambda _: stages.close())
        # Not when the last event is sent: its reader may take his time.
        working.add_done_callback(lambda _: self._held.close())
        try:
            told = await stages.events.get()
            at_once = working.result() if told is None else None
            await self._begin(send)
            while told is not None:
                await _send(send, told)
                told = await self._next(stages.events)
            await _send(send, at_once or _outcome(working, path), more=False)
        finally:
            await end(working)

    async def _begin(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)

    async def _next(self, events: asyncio.Queue[bytes | None]) -> bytes | None:
        try:
            return await asyncio.wait_for(events.get(), self._keep_alive_s)
        except TimeoutError:
            return KEEPALIVE_COMMENT


class _StageEvents:
    """A StageWatch; what it is told waits in ``events``, None after the last."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[bytes | None] = asyncio.Queue()

    def started(self, stage: Stage) -> None:
        self._put({"stage": stage, "state": "started"})

    def finished(self, stage: Stage, seconds: float) -> None:
        self._put({"stage": stage, "state": "finished", "seconds": round(seconds, 4)})

    def close(self) -> None:
        self.events.put_nowait(None)

    def _put(self, content: dict[str, str | float]) -> None:
        self.events.put_nowait(event("stage", json.dumps(content)))


async def _send(send: Send, chunk: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": more})


def _outcome(ended: asyncio.Task[bytes], path: str) -> bytes:
    """Nothing is raised: the status is sent, and who listens is told in an event."""
    failure = ended.exception()
    if failure is None:
        return ended.result()
    if isinstance(failure, ServiceError):
        problem: Response = service_error_response(failure, path)
    else:
        log_unexpected(failure)
        problem = internal_error_response(path)
    return event("problem", bytes(problem.body).decode())
