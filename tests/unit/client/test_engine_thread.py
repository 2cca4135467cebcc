"""One engine for a process, however its start goes; no test of it loads a model."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest

from backend_client import LocalAnalysisUnavailable
from backend_client._engine_thread import OneEngine

THREAD = "backend-client-analysis"


class Opening:
    """Opens engines that are numbers; how, each in its turn, and the last ever after."""

    def __init__(self, *ways: Exception | threading.Event | None) -> None:
        self._ways = list(ways)
        self.n_begun = 0
        self.n_left = 0
        self.loops: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[int]:
        self.n_begun += 1
        self.loops.append(asyncio.get_running_loop())
        way = self._ways.pop(0) if len(self._ways) > 1 else self._ways[0]
        try:
            if isinstance(way, threading.Event):
                await asyncio.to_thread(way.wait, 30)
            elif way is not None:
                # A thread of its own, as loading takes one: it must not outlive the failure.
                await asyncio.to_thread(time.sleep, 0.01)
                raise way
            yield self.n_begun
        finally:
            self.n_left += 1


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


async def doubled(engine: int) -> int:
    return engine * 2


def test_work_is_done_by_the_engine_in_its_own_loop() -> None:
    opening = Opening(None)
    one = OneEngine(opening, start_timeout_s=10)

    answers = [one.running().do(doubled, timeout_s=10) for _ in range(3)]

    assert answers == [2, 2, 2]
    assert opening.n_begun == 1


def test_all_who_come_at_once_get_the_same_engine() -> None:
    opening = Opening(None)
    one = OneEngine(opening, start_timeout_s=10)

    with ThreadPoolExecutor(8) as pool:
        engines = set(pool.map(lambda _: one.running(), range(16)))

    assert len(engines) == 1
    assert opening.n_begun == 1


def test_a_slow_start_is_waited_for_again_and_never_doubled() -> None:
    loaded = threading.Event()
    opening = Opening(loaded)
    one = OneEngine(opening, start_timeout_s=0.05)

    for _ in range(2):
        with pytest.raises(LocalAnalysisUnavailable, match="still starting"):
            one.running()
    loaded.set()
    patient = OneEngine(opening, start_timeout_s=10)
    patient._started = one._started

    assert patient.running().do(doubled, timeout_s=10) == 2
    assert (opening.n_begun, opening.n_left) == (1, 0)


def test_while_one_waits_for_a_slow_start_another_is_not_held_up_twice_as_long() -> None:
    one = OneEngine(Opening(threading.Event()), start_timeout_s=0.5)

    def fails(_: int) -> bool:
        with pytest.raises(LocalAnalysisUnavailable):
            one.running()
        return True

    began_s = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(fails, range(6)))

    assert time.monotonic() - began_s < 2.9


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (
            ImportError("x", name="onnxruntime"),
            r"onnxruntime is missing.*pip install '\.\[local\]'",
        ),
        (LocalAnalysisUnavailable("OCR cannot be used."), "OCR cannot be used"),
        (TimeoutError("x"), "did not start: TimeoutError"),
        (RuntimeError("of the inside"), "did not start: RuntimeError"),
    ],
)
def test_a_start_that_fails_leaves_nothing_and_is_tried_again(
    failure: Exception, says: str
) -> None:
    before = threads()
    opening = Opening(failure, None)
    one = OneEngine(opening, start_timeout_s=10)

    with pytest.raises(LocalAnalysisUnavailable, match=says):
        one.running()

    assert opening.loops[0].is_closed()
    assert opening.n_left == 1
    for thread in threads() - before:  # told from its last line: it ends within the moment
        thread.join(5)
        assert not thread.is_alive()
    assert one.running().do(doubled, timeout_s=10) == 4


def test_work_that_takes_too_long_is_given_up() -> None:
    one = OneEngine(Opening(None), start_timeout_s=10)
    ended = threading.Event()

    async def endless(_: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(LocalAnalysisUnavailable, match="too long"):
        one.running().do(endless, timeout_s=0.05)

    assert ended.wait(5)
    assert one.running().do(doubled, timeout_s=10) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_starts_its_own_also_where_the_lock_was_held() -> None:
    opening = Opening(None)
    one = OneEngine(opening, start_timeout_s=10)
    one.running()
    with one._lock:
        child = os.fork()
        if child == 0:
            one.forget_the_lock()
            os._exit(one.running().do(doubled, timeout_s=10))
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 4
    assert opening.n_begun == 1
