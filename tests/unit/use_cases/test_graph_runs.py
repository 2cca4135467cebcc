from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from ml_service.domain.errors import ModelUnavailable, Overloaded
from ml_service.domain.run_limit import RunLimit
from ml_service.use_cases.graph_runs import GraphRuns


def nowhere(seconds: float) -> None:
    """Nobody asks how long it took."""


async def test_what_a_run_took_is_told_and_what_it_raises_is_raised(graphs: GraphRuns) -> None:
    took: list[float] = []

    def broken(limit: RunLimit) -> int:
        raise ModelUnavailable

    assert await graphs(lambda _: 7, note=took.append) == 7
    with pytest.raises(ModelUnavailable):
        await graphs(broken, note=took.append)

    assert len(took) == 1
    assert graphs.permits.taken == 0


async def test_who_waits_for_slow_graphs_holds_up_no_other_work(graphs: GraphRuns) -> None:
    may_end = threading.Event()
    slow = [
        asyncio.create_task(graphs(lambda _: may_end.wait(30), note=nowhere))
        for _ in range(graphs.permits.limit)
    ]
    await asyncio.sleep(0)

    with pytest.raises(Overloaded, match="plain graphs"):
        await graphs(lambda _: True, note=nowhere)
    name = await asyncio.to_thread(lambda: threading.current_thread().name)
    assert not name.startswith("graph")

    may_end.set()
    assert all(await asyncio.gather(*slow))
    assert (await graphs(lambda _: threading.current_thread().name, note=nowhere)).startswith(
        "graph"
    )


async def test_who_leaves_ends_what_runs_and_what_only_waits(graphs: GraphRuns) -> None:
    begun: list[int] = []

    def run(at: int, limit: RunLimit) -> None:
        begun.append(at)
        over = threading.Event()
        with limit.stopping(over.set):
            assert over.wait(30)
        limit.check()

    tasks = [asyncio.create_task(graphs(partial(run, at), note=nowhere)) for at in range(3)]
    async with asyncio.timeout(30):
        while len(begun) < 2:
            await asyncio.sleep(0.01)

    for task in reversed(tasks):
        task.cancel()
    await asyncio.wait(tasks)

    assert all(task.cancelled() for task in tasks)
    assert sorted(begun) == [0, 1]
    assert graphs.permits.taken == 0
