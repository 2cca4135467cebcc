"""Threads of their own for plain graphs: what is slow there holds up nobody who reads resumes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ml_service.domain.run_limit import LONGEST_RUN_S, RunLimit
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.to_its_end import to_its_end

Result = TypeVar("Result")

WAITING_FOR_EACH = 3
"""So many runs may wait for each that is in work: most take milliseconds."""

FULL = "Too many requests for plain graphs are in work. Try again shortly."


class GraphRuns:
    """``n_at_once`` runs at a time, each of ``longest_run_s`` from when its turn comes."""

    def __init__(self, n_at_once: int, *, longest_run_s: float = LONGEST_RUN_S) -> None:
        self._threads = ThreadPoolExecutor(n_at_once, thread_name_prefix="graph")
        self._longest_run_s = longest_run_s
        self.permits = Permits((1 + WAITING_FOR_EACH) * n_at_once, full=FULL)

    async def __call__(
        self, work: Callable[[RunLimit], Result], *, note: Callable[[float], None]
    ) -> Result:
        """What ``work`` returns; ``note`` is told the seconds that it took.

        Ends when the thread has: a caller who is cancelled ends the run, and is cancelled after
        it. Raises Overloaded, and what ``work`` raises.
        """
        with self.permits.take():
            result, seconds = await self._in_thread(work)
        note(seconds)
        return result

    async def _in_thread(self, work: Callable[[RunLimit], Result]) -> tuple[Result, float]:
        limit = RunLimit(self._longest_run_s)
        job = self._threads.submit(_timed, work, limit)

        def end() -> None:
            limit.end()
            job.cancel()

        return await to_its_end(asyncio.wrap_future(job), given_up=end)

    async def close(self) -> None:
        """What still runs ends first."""
        await asyncio.to_thread(self._threads.shutdown)


def _timed(work: Callable[[RunLimit], Result], limit: RunLimit) -> tuple[Result, float]:
    begin = time.perf_counter()
    with limit:
        result = work(limit)
    return result, time.perf_counter() - begin
