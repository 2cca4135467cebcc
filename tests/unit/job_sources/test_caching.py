from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ml_service.domain.errors import (
    InvalidRequest,
    JobsError,
    JobsNeedKey,
    JobsQuotaExhausted,
    JobsUnavailable,
    StorageUnavailable,
)
from ml_service.domain.posting import JobPage, JobQuery, Posting
from ml_service.job_sources.caching import CachedJobSource
from ml_service.job_sources.jsearch import JSearchSource
from tests.jsearch_stand_in import JSearchStandIn
from tests.unit.job_sources.conftest import MemoryQuotaLog

QUERY = JobQuery(query="data engineer", location="Berlin", country="de")


class Now:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class MemoryCache:
    def __init__(self) -> None:
        self.pages: dict[str, tuple[JobPage, datetime]] = {}

    async def get(self, key: str, *, now: datetime) -> JobPage | None:
        page, expires_at = self.pages.get(key, (None, now))
        return page if now < expires_at else None

    async def put(self, key: str, page: JobPage, *, expires_at: datetime) -> None:
        self.pages[key] = (page, expires_at)


class BrokenCache:
    async def get(self, key: str, *, now: datetime) -> JobPage | None:
        raise StorageUnavailable

    async def put(self, key: str, page: JobPage, *, expires_at: datetime) -> None:
        raise StorageUnavailable


class Board:
    """Ten numbered postings a page, two pages; can be held up and can fail."""

    provider = "board"

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.asked: list[JobQuery] = []
        self.open = asyncio.Event()
        self.open.set()
        self.failure: JobsError | None = None
        self._now = now

    async def search(self, query: JobQuery) -> JobPage:
        self.asked.append(query)
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        first = 0 if query.cursor is None else 10
        numbers = range(first, first + 10)
        return JobPage(
            postings=tuple(Posting(str(n), f"Job {n}", self.provider) for n in numbers),
            provider=self.provider,
            fetched_at=self._now(),
            next_cursor="second" if query.cursor is None else None,
        )


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def board(now: Now) -> Board:
    return Board(now)


@pytest.fixture
def source(board: Board, now: Now) -> CachedJobSource:
    return CachedJobSource(board, MemoryCache(), now, may_spend=lambda: True)


async def test_a_second_search_is_answered_from_the_cache(
    source: CachedJobSource, board: Board, now: Now
) -> None:
    first = await source.search(QUERY)
    now.pass_s(1_199)
    second = await source.search(QUERY)

    assert len(board.asked) == 1
    assert second == first
    assert second.fetched_at < now()


async def test_an_old_page_is_fetched_again(
    source: CachedJobSource, board: Board, now: Now
) -> None:
    await source.search(QUERY)
    now.pass_s(1_200)
    await source.search(QUERY)

    assert len(board.asked) == 2


async def test_case_spaces_and_the_order_of_types_make_no_difference(
    source: CachedJobSource, board: Board
) -> None:
    first = replace(QUERY, employment_types=("FULLTIME", "INTERN"))
    same = JobQuery(
        query="  Data   ENGINEER ",
        location="berlin",
        country="DE",
        employment_types=("INTERN", "FULLTIME"),
    )
    await source.search(first)
    await source.search(same)

    assert len(board.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        replace(QUERY, query="data analyst"),
        replace(QUERY, location=None),
        replace(QUERY, country="at"),
        replace(QUERY, remote=True),
        replace(QUERY, remote=False),
        replace(QUERY, date_posted="week"),
        replace(QUERY, employment_types=("INTERN",)),
        replace(QUERY, limit=20),
    ],
)
async def test_every_parameter_makes_another_search(
    source: CachedJobSource, board: Board, other: JobQuery
) -> None:
    await source.search(QUERY)
    await source.search(other)

    assert len(board.asked) == 2


async def test_identical_searches_under_way_share_one_call(
    source: CachedJobSource, board: Board
) -> None:
    board.open.clear()
    searches = [asyncio.create_task(source.search(QUERY)) for _ in range(5)]
    await asyncio.sleep(0)
    board.open.set()
    pages = await asyncio.gather(*searches)

    assert len(board.asked) == 1
    assert all(page == pages[0] for page in pages)


async def test_a_cancelled_caller_takes_nothing_from_the_others(
    source: CachedJobSource, board: Board
) -> None:
    board.open.clear()
    leaving, staying = (asyncio.create_task(source.search(QUERY)) for _ in range(2))
    await asyncio.sleep(0.01)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    board.open.set()

    assert len((await staying).postings) == 10
    assert len(board.asked) == 1


async def test_an_answer_that_everybody_left_is_still_kept(
    source: CachedJobSource, board: Board
) -> None:
    board.open.clear()
    leaving = asyncio.create_task(source.search(QUERY))
    await asyncio.sleep(0.01)
    leaving.cancel()
    board.open.set()
    await asyncio.sleep(0.01)
    await source.search(QUERY)

    assert len(board.asked) == 1


async def test_failures_are_not_kept(source: CachedJobSource, board: Board) -> None:
    board.failure = JobsUnavailable()
    with pytest.raises(JobsUnavailable):
        await source.search(QUERY)
    board.failure = None

    assert len((await source.search(QUERY)).postings) == 10
    assert len(board.asked) == 2


async def test_a_shared_failure_reaches_every_caller(source: CachedJobSource, board: Board) -> None:
    board.open.clear()
    board.failure = JobsUnavailable()
    searches = [asyncio.create_task(source.search(QUERY)) for _ in range(3)]
    await asyncio.sleep(0.01)
    board.open.set()
    outcomes = await asyncio.gather(*searches, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [JobsUnavailable] * 3
    assert len(board.asked) == 1


async def test_kept_pages_are_served_while_the_quota_is_used_up(
    source: CachedJobSource, board: Board
) -> None:
    await source.search(QUERY)
    board.failure = JobsQuotaExhausted(retry_after_s=60)
    with pytest.raises(JobsQuotaExhausted):
        await source.search(replace(QUERY, query="nurse"))

    assert len((await source.search(QUERY)).postings) == 10


class Asking:
    """Who asks, as each task's own context says it."""

    def __init__(self) -> None:
        self._known: ContextVar[bool] = ContextVar("known", default=True)

    def may_spend(self) -> bool:
        return self._known.get()

    async def as_nobody(self, searching: Coroutine[object, object, JobPage]) -> JobPage:
        self._known.set(False)
        return await searching


async def test_who_may_not_spend_gets_what_is_kept_and_costs_nothing(
    board: Board, now: Now
) -> None:
    asking = Asking()
    source = CachedJobSource(board, MemoryCache(), now, may_spend=asking.may_spend)
    with pytest.raises(JobsNeedKey):
        await asyncio.create_task(asking.as_nobody(source.search(QUERY)))
    assert board.asked == []

    page = await source.search(QUERY)
    same = await asyncio.create_task(asking.as_nobody(source.search(QUERY)))

    assert same == page
    assert len(board.asked) == 1
    following = replace(QUERY, cursor=page.next_cursor)
    with pytest.raises(JobsNeedKey):
        await asyncio.create_task(asking.as_nobody(source.search(following)))
    assert len(board.asked) == 1


async def test_who_may_not_spend_shares_a_call_that_another_pays_for(
    board: Board, now: Now
) -> None:
    asking = Asking()
    source = CachedJobSource(board, MemoryCache(), now, may_spend=asking.may_spend)
    board.open.clear()
    paying = asyncio.create_task(source.search(QUERY))
    await asyncio.sleep(0.01)
    sharing = asyncio.create_task(asking.as_nobody(source.search(QUERY)))
    await asyncio.sleep(0.01)
    board.open.set()

    assert await sharing == await paying
    assert len(board.asked) == 1


async def test_a_refused_caller_takes_nothing_from_one_who_may_spend(
    board: Board, now: Now
) -> None:
    asking = Asking()
    source = CachedJobSource(board, MemoryCache(), now, may_spend=asking.may_spend)
    refused = asyncio.create_task(asking.as_nobody(source.search(QUERY)))
    paying = asyncio.create_task(source.search(QUERY))
    outcomes = await asyncio.gather(refused, paying, return_exceptions=True)

    assert isinstance(outcomes[0], JobsNeedKey)
    assert isinstance(outcomes[1], JobPage)


async def test_reading_on_in_small_steps_shows_each_posting_once_for_two_calls(
    source: CachedJobSource, board: Board
) -> None:
    ids: list[str] = []
    query: JobQuery | None = replace(QUERY, limit=4)
    while query is not None:
        page = await source.search(query)
        assert len(page.postings) <= 4
        ids += [posting.job_id for posting in page.postings]
        query = replace(query, cursor=page.next_cursor) if page.next_cursor else None

    assert ids == [str(number) for number in range(20)]
    assert [asked.cursor for asked in board.asked] == [None, "second"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "second",
        "!!!",
        "e30",
        "WzEsMiwzXQ",
        "WyJhIiwtMSwwXQ",
        "WyJcdWQ4MDAiLDEwLDBd",
        "é",
        "A" * 5_000,
    ],
)
async def test_a_cursor_from_elsewhere_is_refused(
    source: CachedJobSource, board: Board, cursor: str
) -> None:
    with pytest.raises(InvalidRequest) as raised:
        await source.search(replace(QUERY, cursor=cursor))

    assert raised.value.field == "cursor"
    assert board.asked == []


async def test_a_broken_cache_costs_a_call_and_not_the_answer(board: Board, now: Now) -> None:
    source = CachedJobSource(board, BrokenCache(), now, may_spend=lambda: True)

    assert len((await source.search(QUERY)).postings) == 10
    assert len((await source.search(QUERY)).postings) == 10
    assert len(board.asked) == 2


async def test_closing_gives_up_what_is_under_way(source: CachedJobSource, board: Board) -> None:
    board.open.clear()
    search = asyncio.create_task(source.search(QUERY))
    await asyncio.sleep(0.01)
    await source.close()

    with pytest.raises(asyncio.CancelledError):
        await search


async def test_twenty_searches_at_once_cost_the_real_board_one_request(
    monkeypatch: pytest.MonkeyPatch, now: Now
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with JSearchStandIn() as board:
        jsearch = JSearchSource(
            api_key="invented", clock=now, quota_log=MemoryQuotaLog(), base_url=board.url
        )
        source = CachedJobSource(jsearch, MemoryCache(), now, may_spend=lambda: True)
        pages = await asyncio.gather(*(source.search(QUERY) for _ in range(20)))
        following = await source.search(replace(QUERY, cursor=pages[0].next_cursor))
        await jsearch.close()

        assert len(board.requests) == 2
        assert following.postings[0].title == "Data Engineer 10"
