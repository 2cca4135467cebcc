"""The quota of a board: read from its answers, remembered, and spared when it is used up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ml_service.domain.errors import JobsQuotaExhausted, JobsUnavailable, StorageUnavailable
from ml_service.domain.ports import BoardQuota
from ml_service.job_sources.jsearch import JSearchSource
from ml_service.job_sources.quota import QuotaMemory, SaidOfQuota, said_of_quota
from tests.jsearch_stand_in import JSearchStandIn
from tests.unit.job_sources.conftest import NOW, QUERY, MemoryQuotaLog, Pauses, source_at

RESETS_AT = NOW + timedelta(seconds=2_163_603)
QUARTER = timedelta(minutes=15)

Start = Callable[[], JSearchSource]


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class BrokenLog:
    async def last(self, provider: str) -> BoardQuota | None:
        raise StorageUnavailable

    async def note(self, provider: str, quota: BoardQuota) -> None:
        raise StorageUnavailable


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def start(
    board: JSearchStandIn, pauses: Pauses, quota_log: MemoryQuotaLog, clock: Clock
) -> AsyncIterator[Start]:
    """Another process, or the next start: a source of its own over the same log."""
    async with AsyncExitStack() as stack:

        def started() -> JSearchSource:
            source = source_at(board.url, pauses, quota_log=quota_log, clock=clock)
            stack.push_async_callback(source.close)
            return source

        yield started


async def refused(source: JSearchSource) -> JobsQuotaExhausted:
    with pytest.raises(JobsQuotaExhausted) as raised:
        await source.search(QUERY)
    return raised.value


async def test_what_is_left_is_remembered_and_a_failure_does_not_wipe_it(
    start: Start, board: JSearchStandIn, quota_log: MemoryQuotaLog, clock: Clock
) -> None:
    board.play("normal", "unauthorized")
    source = start()
    assert await quota_log.last("jsearch") is None
    await source.search(QUERY)
    clock.at += timedelta(seconds=5)
    with pytest.raises(JobsUnavailable):
        await source.search(QUERY)

    assert await quota_log.last("jsearch") == BoardQuota(
        limit=200, remaining=187, resets_at=RESETS_AT, exhausted_until=None, observed_at=NOW
    )


async def test_health_shows_it_also_in_a_process_that_never_asked(
    start: Start, board: JSearchStandIn
) -> None:
    assert (await start().part()).detail == {"provider": "jsearch"}
    board.play("quota_429")
    await refused(start())

    part = await start().part()

    assert (part.name, part.state, part.needed) == ("jobs", "ready", False)
    assert part.detail == {
        "provider": "jsearch",
        "quota_limit": 200,
        "quota_remaining": 0,
        "quota_resets_at": "2026-03-26T13:00:03Z",
        "quota_observed_at": "2026-03-01T12:00:00Z",
        "quota_exhausted_until": "2026-03-01T12:15:00Z",
    }


async def test_a_used_up_quota_is_left_alone_by_every_process(
    start: Start, board: JSearchStandIn, clock: Clock
) -> None:
    board.play("quota_429")
    assert (await refused(start())).retry_after_s == 2_163_603

    clock.at += timedelta(seconds=100)

    assert (await refused(start())).retry_after_s == 2_163_503
    assert len(board.requests) == 1


async def test_it_is_asked_again_after_a_quarter_of_an_hour_and_then_serves_everybody(
    start: Start, board: JSearchStandIn, clock: Clock
) -> None:
    one, other = start(), start()
    board.play("quota_429", "normal")
    await refused(one)
    clock.at += QUARTER

    assert len((await other.search(QUERY)).postings) == 10
    assert len((await one.search(QUERY)).postings) == 10


async def test_a_reset_that_is_near_is_waited_for_and_no_longer(
    quota_log: MemoryQuotaLog, clock: Clock
) -> None:
    memory = QuotaMemory(quota_log, clock, provider="jsearch")
    await memory.note_exhausted(SaidOfQuota(limit=200, remaining=0, reset_s=60))
    clock.at += timedelta(seconds=59)
    with pytest.raises(JobsQuotaExhausted) as raised:
        await memory.refuse_while_exhausted()
    clock.at += timedelta(seconds=1)
    await memory.refuse_while_exhausted()

    assert raised.value.retry_after_s == 1


async def test_a_refusal_without_headers_keeps_what_an_earlier_answer_said(
    start: Start, board: JSearchStandIn, quota_log: MemoryQuotaLog
) -> None:
    board.play("normal", "quota_429_without_headers")
    source = start()
    await source.search(QUERY)

    assert (await refused(source)).retry_after_s == 2_163_603
    assert await quota_log.last("jsearch") == BoardQuota(
        limit=200,
        remaining=0,
        resets_at=RESETS_AT,
        exhausted_until=NOW + QUARTER,
        observed_at=NOW,
    )


async def test_the_last_answer_of_a_plan_spares_the_request_that_would_be_refused(
    start: Start, board: JSearchStandIn
) -> None:
    board.play("last_of_the_quota")
    assert len((await start().search(QUERY)).postings) == 1

    await refused(start())

    assert len(board.requests) == 1


async def test_a_page_without_headers_ends_the_pause(
    start: Start, board: JSearchStandIn, quota_log: MemoryQuotaLog, clock: Clock
) -> None:
    board.play("quota_429", "last_page")
    source = start()
    await refused(source)
    clock.at += QUARTER
    await source.search(QUERY)

    noted = await quota_log.last("jsearch")
    assert noted is not None
    assert noted.exhausted_until is None


async def test_without_the_database_a_process_still_knows_what_it_saw(
    board: JSearchStandIn, pauses: Pauses
) -> None:
    board.play("quota_429")
    source = source_at(board.url, pauses, quota_log=BrokenLog())
    await refused(source)
    await refused(source)
    await source.close()

    assert len(board.requests) == 1


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, SaidOfQuota(None, None, None)),
        ({"limit": "200", "remaining": "3", "reset": "60"}, SaidOfQuota(200, 3, 60)),
        ({"limit": "-1", "remaining": "many", "reset": "0"}, SaidOfQuota(None, None, None)),
        ({"limit": "9" * 12, "reset": "9" * 12}, SaidOfQuota(2_147_483_647, None, None)),
        ({"limit": "9" * 400, "remaining": " 7 "}, SaidOfQuota(None, 7, None)),
        ({"limit": "²"}, SaidOfQuota(None, None, None)),
    ],
)
def test_only_plain_counts_are_believed(headers: dict[str, str], said: SaidOfQuota) -> None:
    sent = {f"x-ratelimit-requests-{name}": value for name, value in headers.items()}

    assert said_of_quota(sent) == said


async def test_another_search_is_spared_too(start: Start, board: JSearchStandIn) -> None:
    board.play("quota_429")
    source = start()
    await refused(source)
    with pytest.raises(JobsQuotaExhausted):
        await source.search(replace(QUERY, query="nurse"))

    assert len(board.requests) == 1
