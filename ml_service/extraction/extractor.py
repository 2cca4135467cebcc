"""The document reader of the service: a pool of worker processes that documents cannot take down.

Each slot is a pebble pool of one worker, so that a worker that dies, hangs or breaks its pipe
costs one document and is replaced without touching its neighbours. Workers come from a fork
server, never from this process with its threads and models.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from pebble import ProcessExpired, ProcessPool

from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.errors import (
    Corrupt,
    DocumentRefused,
    Overloaded,
    ParseMemory,
    ParseTimeout,
)
from ml_service.domain.health import Part
from ml_service.extraction.limits import ReadingLimits
from ml_service.extraction.sniffing import sniff
from ml_service.extraction.worker import Refusal, prepare, read_document, warm_up

__all__ = ["PooledReader", "ReaderStatus", "ReadingLimits"]

_log = logging.getLogger(__name__)
_WORKER_MODULE = "ml_service.extraction.worker"
_START_TIMEOUT_S = 30.0
_GRACE_S = 1.5
_REFUSALS = {refused.code: refused for refused in DocumentRefused.__subclasses__()}
_EXITS: dict[int, type[DocumentRefused]] = {
    -signal.SIGXCPU: ParseTimeout,
    -signal.SIGKILL: ParseMemory,  # the kernel ends what eats its memory
    -signal.SIGABRT: ParseMemory,  # PDFium aborts when it gets none
}


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """``replaced`` counts workers that a document ended."""

    workers: int
    busy: int
    waiting: int
    replaced: int


class PooledReader:
    """Satisfies ``DocumentReader``; call ``start`` before ``read`` and ``close`` at the end."""

    def __init__(self, limits: ReadingLimits, *, workers: int) -> None:
        self._limits = limits
        self._slots = tuple(_Slot(limits) for _ in range(max(1, workers)))
        self._free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()
        self._waiting = 0

    @property
    def status(self) -> ReaderStatus:
        return ReaderStatus(
            workers=len(self._slots),
            busy=len(self._slots) - self._free.qsize(),
            waiting=self._waiting,
            replaced=sum(slot.replaced for slot in self._slots),
        )

    async def part(self) -> Part:
        status = self.status
        detail = {
            "workers": status.workers,
            "busy": status.busy,
            "waiting": status.waiting,
            "replaced": status.replaced,
        }
        return Part("reader", "ready", needed=True, detail=detail)

    async def start(self) -> None:
        """Start all workers and wait until they have imported what they need."""
        multiprocessing.get_context("forkserver").set_forkserver_preload([_WORKER_MODULE])
        await asyncio.gather(*(slot.start() for slot in self._slots))
        for slot in self._slots:
            self._free.put_nowait(slot)

    async def close(self) -> None:
        """End all workers; documents that are being read are refused as corrupt."""
        await asyncio.gather(*(slot.close() for slot in self._slots))

    def identify(self, content: bytes, *, filename: str) -> Document:
        return sniff(content, filename=filename)

    async def read(self, document: Document) -> ExtractedText:
        slot = await self._take()
        try:
            return await slot.read(document)
        finally:
            self._free.put_nowait(slot)

    async def _take(self) -> _Slot:
        if self._free.empty() and self._waiting >= self._limits.max_waiting:
            raise Overloaded
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.max_wait_s):
                return await self._free.get()
        except TimeoutError as error:
            raise Overloaded from error
        finally:
            self._waiting -= 1


class _Slot:
    """One worker at a time, and its successor when it ends."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._pool = self._new_pool()
        self.replaced = 0

    async def start(self) -> None:
        await self._run(warm_up, timeout_s=_START_TIMEOUT_S)

    async def close(self) -> None:
        await asyncio.to_thread(_end, self._pool)

    async def read(self, document: Document) -> ExtractedText:
        result = await self._outcome(document)
        if isinstance(result, Refusal):
            if result.cause is not None:
                _log.warning("document refused as %s after %s", result.code, result.cause)
            raise _REFUSALS[result.code](result.message)
        return result

    async def _outcome(self, document: Document) -> ExtractedText | Refusal:
        arguments = (document.kind, document.content, self._limits)
        try:
            result: ExtractedText | Refusal = await self._run(
                read_document, *arguments, timeout_s=self._limits.wall_s
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
            max_tasks=self._limits.documents_per_worker,
            initializer=prepare,
            initargs=(self._limits,),
            context=multiprocessing.get_context("forkserver"),
        )


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
    pool.join()
