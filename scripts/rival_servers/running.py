"""A server as a process of its own: started, paused while others are measured, weighed, ended."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from rival_servers.servers import Call, Start

START_TIMEOUT_S = 180.0
CALL_TIMEOUT_S = 300.0
BETWEEN_LOOKS_S = 0.05
BETWEEN_WEIGHINGS_S = 0.5


class ServerFailed(Exception):
    """With the end of its log, or its answer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One load on one server; ``others_s`` is what the rest of the machine worked meanwhile."""

    seconds: float
    server_s: float
    others_s: float
    latencies_s: tuple[float, ...]
    answers: tuple[bytes, ...]


class RunningServer:
    def __init__(self, start: Start, call: Call, port: int) -> None:
        self._call, self._port = call, port
        self._log = start.folder / "server.log"
        with self._log.open("wb") as log:
            self._began = time.perf_counter()
            self._process = subprocess.Popen(
                start.command,
                cwd=start.folder,
                env=dict(start.environment),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @classmethod
    def started(cls, start: Start, call: Call, port: int, text: str) -> tuple[Self, float]:
        """Ready, with the seconds until it had embedded its first text. Raises ServerFailed."""
        server = cls(start, call, port)
        body = call.request([text])
        while time.perf_counter() - server._began < START_TIMEOUT_S:
            if server._process.poll() is not None:
                raise ServerFailed(server._told())
            try:
                if server.ask(body)[0] == http.client.OK:
                    return server, time.perf_counter() - server._began
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(BETWEEN_LOOKS_S)
        server.close()
        raise ServerFailed(f"not ready after {START_TIMEOUT_S:.0f} s: {server._told()}")

    def ask(self, body: bytes) -> tuple[int, bytes]:
        with self._connected() as connection:
            return self._asked(connection, body)

    def turn(self, bodies: Sequence[bytes], *, clients: int) -> Turn:
        """All bodies, each client with the next one when it has its answer."""
        waiting = list(enumerate(bodies))[::-1]
        latencies = [0.0] * len(bodies)
        answers = [b""] * len(bodies)

        def work() -> None:
            with self._connected() as connection:
                while waiting:
                    try:
                        at, body = waiting.pop()
                    except IndexError:
                        return
                    began = time.perf_counter()
                    status, answers[at] = self._asked(connection, body)
                    latencies[at] = time.perf_counter() - began
                    if status != http.client.OK:
                        raise ServerFailed(f"{status}: {answers[at][:300]!r}")

        members = self._members()
        before, began = _worked_s(members), time.perf_counter()
        with ThreadPoolExecutor(clients) as threads:
            for done in [threads.submit(work) for _ in range(clients)]:
                done.result()
        seconds, after = time.perf_counter() - began, _worked_s(members)
        server_s = after[0] - before[0]
        others_s = max(0.0, after[1] - before[1] - server_s)
        return Turn(seconds, server_s, others_s, tuple(latencies), tuple(answers))

    def rss_bytes(self) -> int:
        """Of all its processes together; what they share counts for each."""
        return _rss_bytes(self._members())

    @contextmanager
    def weighed(self) -> Iterator[list[int]]:
        """``rss_bytes`` every half second meanwhile, and at the end."""
        members, weights, ended = self._members(), [0], threading.Event()

        def weigh() -> None:
            while not ended.wait(BETWEEN_WEIGHINGS_S):
                weights.append(_rss_bytes(members))

        with ThreadPoolExecutor(1) as thread:
            thread.submit(weigh)
            try:
                yield weights
            finally:
                ended.set()
        weights.append(self.rss_bytes())

    def pss_bytes(self) -> int:
        """What its processes share counts once."""
        return sum(process.memory_full_info().pss for process in self._members())

    @contextmanager
    def awake(self) -> Iterator[None]:
        """The others are paused: what a server does when idle burdens nobody else's turn."""
        self._signal(signal.SIGCONT)
        try:
            yield
        finally:
            self.pause()

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def close(self) -> None:
        self._signal(signal.SIGCONT)
        members = self._members()
        if self._process.poll() is None:
            self._process.terminate()
        _, alive = psutil.wait_procs(members, timeout=5)
        for process in alive:
            process.kill()
        self._process.wait(timeout=10)

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=CALL_TIMEOUT_S)
        try:
            yield connection
        finally:
            connection.close()

    def _asked(self, connection: http.client.HTTPConnection, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", self._call.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def _signal(self, number: signal.Signals) -> None:
        for process in self._members():
            process.send_signal(number)

    def _members(self) -> list[psutil.Process]:
        """Its tree, with workers that made sessions of their own, and what left the tree."""
        try:
            tree = psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            tree = []
        session = [process for process in psutil.process_iter() if self._is_of_session(process)]
        return [process for process in {*tree, *session} if process.is_running()]

    def _is_of_session(self, process: psutil.Process) -> bool:
        try:
            return (
                os.getsid(process.pid) == self._process.pid
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except (ProcessLookupError, psutil.NoSuchProcess):
            return False

    def _told(self) -> str:
        return Path(self._log).read_text(encoding="utf-8", errors="replace")[-600:]


def _rss_bytes(processes: Sequence[psutil.Process]) -> int:
    return sum(process.memory_info().rss for process in processes if process.is_running())


def _worked_s(server: Sequence[psutil.Process]) -> tuple[float, float]:
    """Processor time of the server, and of the whole machine without the process that asks."""
    times = [process.cpu_times() for process in server if process.is_running()]
    machine, own = psutil.cpu_times(), os.times()
    whole = machine.user + machine.nice + machine.system + machine.irq + machine.softirq
    return sum(spent.user + spent.system for spent in times), whole - own.user - own.system
