"""How JSearch fails, and what that costs; over real HTTP, against the stand-in."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
import tracemalloc
from dataclasses import replace

import pytest

from ml_service.domain.errors import JobsUnavailable
from ml_service.job_sources.jsearch import (
    BUSY,
    MAX_CALLS_IN_FLIGHT,
    MAX_SEARCHES_WAITING,
    TOO_SLOW,
    JSearchSource,
    Timeouts,
)
from tests.jsearch_stand_in import JSearchStandIn
from tests.unit.job_sources.conftest import KEY, NOW, QUERY, MemoryQuotaLog, Pauses, source_at


@pytest.mark.parametrize("scenario", ["bad_gateway", "unavailable", "gateway_timeout"])
async def test_a_passing_failure_is_asked_about_once_more(
    source: JSearchSource, board: JSearchStandIn, pauses: Pauses, scenario: str
) -> None:
    board.play(scenario, "normal")
    page = await source.search(QUERY)

    assert len(page.postings) == 10
    assert len(board.requests) == 2
    assert 0.2 <= pauses.taken_s[0] <= 0.8


@pytest.mark.parametrize("scenario", ["burst_429", "burst_429_without_headers", "empty_429"])
async def test_a_burst_limit_is_waited_out_for_a_second(
    source: JSearchSource, board: JSearchStandIn, pauses: Pauses, scenario: str
) -> None:
    board.play(scenario, "normal")
    await source.search(QUERY)

    assert len(board.requests) == 2
    assert 1.0 <= pauses.taken_s[0] <= 1.2


async def test_a_refused_connection_is_tried_twice(pauses: Pauses) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = source_at(f"http://127.0.0.1:{closed.getsockname()[1]}", pauses)
        with pytest.raises(JobsUnavailable):
            await source.search(QUERY)
    await source.close()

    assert len(pauses.taken_s) == 1


async def test_a_redirection_is_not_followed_and_the_key_goes_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, pauses: Pauses
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with JSearchStandIn() as other, JSearchStandIn(elsewhere=other.url) as board:
        board.play("redirect")
        source = source_at(board.url, pauses)
        with pytest.raises(JobsUnavailable):
            await source.search(QUERY)
        await source.close()

    assert (len(board.requests), other.requests) == (1, [])


async def test_a_dripping_board_is_given_up_at_the_deadline(
    board: JSearchStandIn, pauses: Pauses
) -> None:
    source = source_at(board.url, pauses, Timeouts(connect_s=1, read_s=5, deadline_s=0.4))
    board.play("slow_drip")
    begin = time.monotonic()
    with pytest.raises(JobsUnavailable, match="too long"):
        await source.search(QUERY)
    await source.close()

    assert time.monotonic() - begin < 4


async def test_only_so_many_calls_are_in_flight_and_only_so_many_wait(
    board: JSearchStandIn, pauses: Pauses
) -> None:
    source = source_at(board.url, pauses, Timeouts(connect_s=1, read_s=5, deadline_s=1))
    board.play("slow")
    n_searches = MAX_CALLS_IN_FLIGHT + MAX_SEARCHES_WAITING + 1
    outcomes = await asyncio.gather(
        *(source.search(replace(QUERY, query=f"job {n}")) for n in range(n_searches)),
        return_exceptions=True,
    )
    await source.close()

    sentences = [str(outcome) for outcome in outcomes]
    assert len(board.requests) == MAX_CALLS_IN_FLIGHT
    assert sentences.count(BUSY) == 1
    assert sentences.count(TOO_SLOW) == n_searches - 1


@pytest.mark.parametrize("scenario", ["huge", "gzip_bomb"])
async def test_a_huge_body_never_fills_the_memory(
    source: JSearchSource, board: JSearchStandIn, scenario: str
) -> None:
    board.play("normal", scenario)
    await source.search(QUERY)
    tracemalloc.start()
    try:
        with pytest.raises(JobsUnavailable):
            await source.search(QUERY)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak_bytes < 25_000_000


async def test_a_failure_leaves_the_next_search_unharmed(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("huge", "truncated", "reset", "normal")
    for _ in range(3):
        with pytest.raises(JobsUnavailable):
            await source.search(QUERY)

    assert len((await source.search(QUERY)).postings) == 10


async def test_the_key_reaches_no_log_and_no_repr(
    source: JSearchSource, board: JSearchStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    board.play("normal", "unauthorized", "bad_gateway", "bad_gateway", "reset")
    await source.search(QUERY)
    for _ in range(3):
        with pytest.raises(JobsUnavailable) as raised:
            await source.search(QUERY)
        causes = [raised.value, raised.value.__cause__, raised.value.__context__]
        assert not any(KEY in f"{cause!r} {cause}" for cause in causes)

    assert any(record.name == "ml_service.job_sources.jsearch" for record in caplog.records)
    assert KEY not in caplog.text
    assert KEY not in repr(source)


@pytest.mark.parametrize("key", ["", "  ", "two words", "line\nbreak", "schlüssel"])
def test_a_key_that_no_header_can_hold_is_refused_at_once(key: str) -> None:
    with pytest.raises(ValueError, match="key") as raised:
        JSearchSource(api_key=key, clock=lambda: NOW, quota_log=MemoryQuotaLog())

    assert not key.strip() or key not in str(raised.value)


async def test_a_cancelled_search_stays_cancelled(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("slow")
    search = asyncio.create_task(source.search(QUERY))
    await asyncio.sleep(0.1)
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
