"""One worker process at a time: what it may run, what its end means, and its successor.

Each slot is a pebble pool of one worker, so that a worker that dies, hangs or breaks its pipe
costs one document and is replaced without touching its neighbours. Workers come from a fork
server, never from this process with its threads and models.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager
from typing import Any

from pebble import ProcessExpired, ProcessPool

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import (
    Corrupt,
    DocumentRefused,
    Overloaded,
    ParseMemory,
    ParseTimeout,
)
from ml_service.extraction.errands import warm_up
from ml_service.extraction.fork_server import start_fork_server
from ml_service.extraction.refusal import Refusal

_log = logging.getLogger(__name__)
_START_TIMEOUT_S = 30.0
_GRACE_S = 1.5
_REFUSALS = {refused.code: refused for refused in DocumentRefused.__subclasses__()}
_EXITS: dict[int, type[DocumentRefused]] = {
    -signal.SIGXCPU: ParseTimeout,
    -signal.SIGKILL: ParseMemory,  # the kernel ends what eats its memory
    -signal.SIGABRT: ParseMemory,  # PDFium aborts when it gets none
}


class Slots:
    """Slots of one kind; a document that finds none free waits, but not for ever."""

    def __init__(self, slots: Sequence[Slot], *, max_waiting: int, max_wait_s: float) -> None:
        self.all = tuple(slots)
        self.waiting = 0
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s
        self._free: asyncio.LifoQueue[Slot] = asyncio.LifoQueue()

    @property
    def busy(self) -> int:
        return len(self.all) - self._free.qsize()

    @property
    def replaced(self) -> int:
        return sum(slot.replaced for slot in self.all)

    async def start(self) -> None:
        """Start all workers and wait until they have imported what they need."""
        await asyncio.to_thread(start_fork_server)
        await asyncio.gather(*(slot.start() for slot in self.all))
        for slot in self.all:
            self._free.put_nowait(slot)

    async def close(self) -> None:
        await asyncio.gather(*(slot.close() for slot in self.all))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Slot]:
        """A slot of one's own. Raises Overloaded."""
        slot = await self._take()
        try:
            yield slot
        finally:
            self._free.put_nowait(slot)

    async def _take(self) -> Slot:
        if self._free.empty() and self.waiting >= self._max_waiting:
            raise Overloaded
        self.waiting += 1
        try:
            async with asyncio.timeout(self._max_wait_s):
                return await self._free.get()
        except TimeoutError as error:
            raise Overloaded from error
        finally:
            self.waiting -= 1


class Slot:
    """One worker at a time, and its successor when it ends.

    ``prepare`` runs in each new worker with ``limits``, which it can be pickled with.
    """

    def __init__(
        self, prepare: Callable[[Any], None], limits: object, *, documents_per_worker: int
    ) -> None:
        self._prepare = prepare
        self._limits = limits
        self._documents_per_worker = documents_per_worker
        self._pool = self._new_pool()
        self.replaced = 0

    async def start(self) -> None:
        await self._run(warm_up, timeout_s=_START_TIMEOUT_S)

    async def close(self) -> None:
        await asyncio.to_thread(_end, self._pool)

    async def read(
        self, function: Callable[..., ExtractedText | Refusal], *arguments: Any, timeout_s: float
    ) -> ExtractedText:
        """What ``function`` answers in the worker. Raises DocumentRefused."""
        result = await self._outcome(function, *arguments, timeout_s=timeout_s)
        if isinstance(result, Refusal):
            if result.cause is not None:
                _log.warning("document refused as %s after %s", result.code, result.cause)
            raise _REFUSALS[result.code](result.message)
        return result

    async def _outcome(
        self, function: Callable[..., Any], *arguments: Any, timeout_s: float
    ) -> ExtractedText | Refusal:
        try:
            result: ExtractedText | Refusal = await self._run(
                function, *arguments, timeout_s=timeout_s
            )
            return result
        except TimeoutError as error:
            self.replaced += 1
            raise ParseTimeout from error
        except ProcessExpired as error:
            self.replaced += 1
            _log.warning("a reading worker ended with %s", error.exitcode)
            raise _EXITS.get(error.exitcode, Corrupt) from error
        except BrokenProcessPool as error:
            _log.warning("a reading worker ended before it said what it reads")
            await self._renew()
            raise Corrupt from error

    async def _run(self, function: Callable[..., Any], *arguments: Any, timeout_s: float) -> Any:
        """Raises TimeoutError, ProcessExpired or BrokenProcessPool; a stuck pool is renewed."""
        answer = asyncio.wrap_future(await self._schedule(function, arguments, timeout_s))
        try:
            await asyncio.wait([answer], timeout=timeout_s + _GRACE_S)
        except asyncio.CancelledError:
            answer.cancel()
            raise
        if not answer.done():
            answer.cancel()
            await self._renew()
            raise TimeoutError
        return answer.result()

    async def _schedule(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float
    ) -> Future[Any]:
        try:
            return await asyncio.to_thread(self._submit, function, arguments, timeout_s)
        except RuntimeError:  # the worker ended while it was idle, and pebble gave up
            await self._renew()
            return await asyncio.to_thread(self._submit, function, arguments, timeout_s)

    def _submit(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], timeout_s: float
    ) -> Future[Any]:
        """Blocks when it is a new pool's first: that starts the worker."""
        future: Future[Any] = self._pool.schedule(function, args=arguments, timeout=timeout_s)
        return future

    async def _renew(self) -> None:
        broken, self._pool = self._pool, self._new_pool()
        self.replaced += 1
        await asyncio.to_thread(_end, broken)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            max_tasks=self._documents_per_worker,
            initializer=self._prepare,
            initargs=(self._limits,),
            context=multiprocessing.get_context("forkserver"),
        )


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
    pool.join()
