"""A JSearch of our own: real HTTP on loopback, with every behaviour that a board may show.

    with JSearchStandIn() as board:
        board.play("burst_429", "normal")   # one for each request, the last one from then on
        ...                                 # board.url, board.requests

By hand: ``python -m tests.jsearch_stand_in --scenario normal --port 9000``.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
import time
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tests.jsearch_scenarios import SCENARIOS, Connection, Request


class JSearchStandIn:
    """Serves on its own port from a thread of its own; use as a context manager."""

    def __init__(self, *, port: int = 0, elsewhere: str | None = None) -> None:
        """``elsewhere`` is where the scenario ``redirect`` leads; None: to itself."""
        self._elsewhere = elsewhere
        self.requests: list[Request] = []
        self._wanted_port = port
        self._playing = ["normal"]
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._stop: asyncio.Event | None = None
        self.url = ""

    def play(self, *scenarios: str) -> None:
        """One scenario for each coming request; the last one stays."""
        unknown = set(scenarios) - set(SCENARIOS)
        if unknown or not scenarios:
            raise ValueError(f"no such scenario: {sorted(unknown)}")
        self._playing = list(scenarios)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(timeout=10):
            raise RuntimeError("the stand-in did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        self._stop = asyncio.Event()
        answering: set[asyncio.Task[None]] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            answering.add(task)
            task.add_done_callback(answering.discard)
            await self._answer(reader, writer)

        server = await asyncio.start_server(accept, "127.0.0.1", self._wanted_port)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = _parsed(await reader.readuntil(b"\r\n\r\n"))
            self.requests.append(request)
            name = self._playing.pop(0) if len(self._playing) > 1 else self._playing[0]
            connection = Connection(request, writer, elsewhere=self._elsewhere)
            await SCENARIOS[name](connection)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            writer.close()


def _parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    parts = urlsplit(target)
    headers = dict(line.split(": ", 1) for line in lines)
    return Request(
        method=method,
        path=parts.path,
        params=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in headers.items()},
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description="A JSearch stand-in on loopback.")
    arguments.add_argument("--scenario", choices=sorted(SCENARIOS), default="normal")
    arguments.add_argument("--port", type=int, default=9000)
    chosen = arguments.parse_args()
    with JSearchStandIn(port=chosen.port) as board:
        board.play(chosen.scenario)
        print(f"{board.url} plays {chosen.scenario}; end with Ctrl-C")
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
