"""One engine for a process: opened in a thread when it is first needed, kept until its end."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from backend_client._main_module import leave_main_alone
from backend_client.errors import LocalAnalysisUnavailable

E = TypeVar("E")
T = TypeVar("T")

MISSING = "It needs the service's own packages in this process: pip install '.[local]'."


class EngineThread(Generic[E]):
    """What ``opened`` yields, open in a thread with an event loop of its own."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[E]]) -> None:
        self._opened = opened
        self._ready: Future[tuple[E, asyncio.AbstractEventLoop]] = Future()
        threading.Thread(target=self._run, name="backend-client-analysis", daemon=True).start()

    @property
    def has_failed(self) -> bool:
        return self._ready.done() and self._ready.exception() is not None

    def wait_until_ready(self, timeout_s: float) -> None:
        """Raises LocalAnalysisUnavailable; when that is for the time, it goes on starting."""
        try:
            self._ready.result(timeout_s)
        except ImportError as error:
            raise LocalAnalysisUnavailable(
                f"{error.name or 'A package'} is missing. {MISSING}"
            ) from error
        except LocalAnalysisUnavailable:
            raise
        except Exception as error:
            # Whatever keeps the engine from starting: the caller is told of the service's failure.
            if not self._ready.done():
                raise LocalAnalysisUnavailable("The engine is still starting.") from error
            raise LocalAnalysisUnavailable(
                f"The engine did not start: {type(error).__name__}."
            ) from error

    def do(self, work: Callable[[E], Coroutine[Any, Any, T]], *, timeout_s: float) -> T:
        """Blocks. Raises LocalAnalysisUnavailable when the time is up."""
        engine, loop = self._ready.result(0)
        running = asyncio.run_coroutine_threadsafe(work(engine), loop)
        try:
            return running.result(timeout_s)
        except TimeoutError:
            running.cancel()
            raise LocalAnalysisUnavailable("The analysis took too long.") from None

    def _run(self) -> None:
        """A failure is told once nothing is left of the start: no loop, no thread, no process."""
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        async with self._opened() as engine:
            self._ready.set_result((engine, asyncio.get_running_loop()))
            # As long as the process: its end ends the thread, and that the reader processes.
            await asyncio.Event().wait()


class OneEngine(Generic[E]):
    """At most one for a process, started by the first who needs it, and waited for by all."""

    def __init__(
        self, opened: Callable[[], AbstractAsyncContextManager[E]], *, start_timeout_s: float
    ) -> None:
        self._opened = opened
        self._start_timeout_s = start_timeout_s
        self._lock = threading.Lock()
        self._started: tuple[int, EngineThread[E]] | None = None

    def running(self) -> EngineThread[E]:
        """Raises LocalAnalysisUnavailable.

        After a start that failed the next call tries again; one that takes long is the one that
        later calls wait for.
        """
        with self._lock:
            if self._started is None or not self._is_of_use(*self._started):
                leave_main_alone()
                self._started = os.getpid(), EngineThread(self._opened)
            _, engine = self._started
        engine.wait_until_ready(self._start_timeout_s)
        return engine

    def forget_the_lock(self) -> None:
        """A fork copies it as it is, also while another thread holds it."""
        self._lock = threading.Lock()

    def _is_of_use(self, pid: int, engine: EngineThread[E]) -> bool:
        """A fork has its parent's memory, but not its threads."""
        return pid == os.getpid() and not engine.has_failed
