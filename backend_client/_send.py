"""Doing the steps of the core over httpx, and waiting meanwhile."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx

from backend_client._answers import Reply
from backend_client._steps import Send, Step, Steps, Wait
from backend_client.errors import BadResponse, ConnectionFailed, Phase, TimedOut
from backend_client.options import Timeouts

T = TypeVar("T")

MAX_ANSWER_BYTES = 64_000_000
CHUNK_BYTES = 65_536
_PHASES: dict[type[httpx.TimeoutException], Phase] = {
    httpx.ConnectTimeout: "connect",
    httpx.WriteTimeout: "write",
    httpx.ReadTimeout: "read",
    httpx.PoolTimeout: "pool",
}


class Sender:
    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def run(self, steps: Steps[T]) -> T:
        """What ``steps`` return. A step that fails is raised where it was asked for."""
        try:
            step = next(steps)
            while True:
                try:
                    outcome = self._do(step)
                except Exception as failure:  # noqa: BLE001 - the core decides what it means
                    step = steps.throw(failure)
                else:
                    step = steps.send(outcome)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            steps.close()

    def _do(self, step: Step) -> object:
        if isinstance(step, Send):
            return self._send(step)
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return None
        return step.function()

    def _send(self, step: Send) -> Reply:
        reading = AnswerReading(step)
        with translated():
            response = self._http.send(request_of(self._http, step), stream=True)
            if step.keep_open and response.status_code == 200:
                return Reply(200, lower_names(response), b"", coming=response)
            try:
                for chunk in response.iter_bytes():
                    reading.take(chunk)
            finally:
                response.close()
        return reading.reply(response)


class AnswerReading:
    """Collects an answer, within bounds of size and time."""

    def __init__(self, step: Send) -> None:
        self._on_chunk = step.on_chunk
        self._ends_s = time.monotonic() + step.timeouts.answer_s
        self._chunks: list[bytes] = []
        self._n_bytes = 0

    def take(self, chunk: bytes) -> None:
        """Raises TimedOut or BadResponse."""
        self._n_bytes += len(chunk)
        if self._n_bytes > MAX_ANSWER_BYTES:
            raise BadResponse(f"The answer is longer than {MAX_ANSWER_BYTES:,} bytes.")
        if time.monotonic() > self._ends_s:
            raise TimedOut("The answer took too long to arrive.", phase="answer")
        self._chunks.append(chunk)
        if self._on_chunk is not None:
            self._on_chunk(chunk)

    def reply(self, response: httpx.Response) -> Reply:
        return Reply(response.status_code, lower_names(response), b"".join(self._chunks))


def lower_names(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def request_of(http: httpx.Client | httpx.AsyncClient, step: Send) -> httpx.Request:
    """A body that is told of goes out in pieces of a known whole."""
    wire = step.wire
    whole = http.build_request(
        wire.method,
        wire.url,
        headers=wire.headers,
        content=wire.body,
        timeout=phases(step.timeouts),
    )
    if step.on_progress is None or not wire.body:
        return whole
    # Of one that was given a stream, httpx adds no header, Host neither: they come from the whole.
    return httpx.Request(
        wire.method,
        whole.url,
        headers=whole.headers,
        stream=Progress(step),
        extensions=whole.extensions,
    )


class Progress(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Tells of each piece once it is taken over, so the last call is the whole."""

    def __init__(self, step: Send) -> None:
        assert step.on_progress is not None  # noqa: S101 - else there is nobody to tell
        self._body = step.wire.body
        self._tell = step.on_progress

    def __iter__(self) -> Iterator[bytes]:
        total = len(self._body)
        self._tell(0, total)
        for start in range(0, total, CHUNK_BYTES):
            piece = self._body[start : start + CHUNK_BYTES]
            yield piece
            self._tell(start + len(piece), total)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def phases(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeouts.connect_s,
        write=timeouts.write_s,
        read=timeouts.read_s,
        pool=timeouts.pool_s,
    )


@contextmanager
def translated() -> Iterator[None]:
    """httpx's errors as ours; what the request held is in none of them."""
    try:
        yield
    except httpx.TimeoutException as error:
        phase = _PHASES.get(type(error), "read")
        raise TimedOut(f"The service did not answer in time ({phase}).", phase=phase) from error
    except httpx.ConnectError as error:
        raise ConnectionFailed("The service cannot be reached.", sent=False) from error
    except (httpx.TransportError, httpx.StreamError) as error:
        raise ConnectionFailed("The connection ended before the whole answer came.") from error
    except httpx.DecodingError as error:
        raise BadResponse("The answer cannot be decoded.") from error
