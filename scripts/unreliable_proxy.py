"""A proxy between client and service that does on purpose what networks do by chance.

One request a connection. Which requests suffer is drawn from a seed, so a run can be repeated.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Literal, Self

Fault = Literal[
    "none", "latency", "refused", "reset", "lost_reply", "half_reply", "slow_bytes", "429", "503"
]
FAULTS: tuple[Fault, ...] = (
    "none",
    "latency",
    "refused",
    "reset",
    "lost_reply",
    "half_reply",
    "slow_bytes",
    "429",
    "503",
)
MEANING: dict[Fault, str] = {
    "none": "passed on as it is",
    "latency": "passed on half a second later",
    "refused": "reset before a byte was read",
    "reset": "reset after half of the request went to the service",
    "lost_reply": "reset after the service has answered",
    "half_reply": "closed after half of the answer",
    "slow_bytes": "the answer comes in ten pieces over a second",
    "429": "answered 429 with Retry-After: 1",
    "503": "answered 503 with Retry-After: 1",
}
_NO_LINGER = struct.pack("ii", 1, 0)
_BUSY = "HTTP/1.1 {status}\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class UnreliableProxy:
    """Serves on a free port of the loopback, in a thread, while it is entered.

    ``share`` of the requests meet one of ``faults``; ``met`` counts what they met.
    """

    def __init__(
        self, port: int, *, faults: tuple[Fault, ...], share: float = 0.5, seed: int = 0
    ) -> None:
        self._service = ("127.0.0.1", port)
        self._faults = faults
        self._share = share
        self._chance = random.Random(seed)  # noqa: S311 - which request suffers is no secret
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._later = (0, share)
        self.met: Counter[Fault] = Counter()

    def after(self, n_requests: int, *, share: float) -> None:
        """From then on only ``share`` of the requests meet a fault."""
        self._later = (n_requests, share)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def n_requests(self) -> int:
        return self.met.total()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._do(self._end_connections())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Awaitable[asyncio.Server]) -> asyncio.Server:
        async def done() -> asyncio.Server:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(10)

    async def _end_connections(self) -> asyncio.Server:
        """Those that are kept open for a next request, which never comes."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        return self._server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self._draw()
        self.met[fault] += 1
        try:
            await self._suffer(fault, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            _reset(writer)  # the service is away: whoever asked sees it as a reset
        finally:
            writer.close()

    def _draw(self) -> Fault:
        n_before, later = self._later
        share = later if self.n_requests >= n_before else self._share
        return self._chance.choice(self._faults) if self._chance.random() < share else "none"

    async def _suffer(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if fault == "refused":
            _reset(writer)
            return
        request = await _request(reader)
        if fault in {"429", "503"}:
            writer.write(_BUSY.format(status=fault).encode())
            await writer.drain()
            return
        if fault == "latency":
            await asyncio.sleep(0.5)
        if fault == "reset":
            await self._asked(request[: len(request) // 2], whole=False)
            _reset(writer)
            return
        answer = await self._asked(request)
        await _ANSWERING.get(fault, _whole)(answer, writer)

    async def _asked(self, request: bytes, *, whole: bool = True) -> bytes:
        reader, writer = await asyncio.open_connection(*self._service)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(-1) if whole else b""
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """As it came, but told to be the last of its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    n_bytes = next(
        (int(line.partition(b":")[2]) for line in lines if line.lower().startswith(b"content-len")),
        0,
    )
    lines.insert(1, b"Connection: close")
    return b"\r\n".join(lines) + await reader.readexactly(n_bytes)


async def _whole(answer: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(answer)
    await writer.drain()


async def _lost(answer: bytes, writer: asyncio.StreamWriter) -> None:  # noqa: ARG001 - it is lost
    _reset(writer)


async def _half(answer: bytes, writer: asyncio.StreamWriter) -> None:
    await _whole(answer[: len(answer) // 2], writer)


async def _slowly(answer: bytes, writer: asyncio.StreamWriter) -> None:
    step = max(1, len(answer) // 10)
    for start in range(0, len(answer), step):
        await _whole(answer[start : start + step], writer)
        await asyncio.sleep(0.1)


_ANSWERING: dict[Fault, Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]] = {
    "lost_reply": _lost,
    "half_reply": _half,
    "slow_bytes": _slowly,
}


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST in place of an orderly end."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
