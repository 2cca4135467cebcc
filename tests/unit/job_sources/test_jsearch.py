"""JSearch over real HTTP, against the stand-in on loopback."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ml_service.domain.errors import JobsQuotaExhausted, JobsUnavailable
from ml_service.domain.posting import MAX_DESCRIPTION_CHARACTERS, JobQuery, Salary
from ml_service.job_sources.jsearch import JSearchSource, Quota, Timeouts
from tests.jsearch_stand_in import JSearchStandIn

KEY = "invented-key-0123456789"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUERY = JobQuery(query="data engineer", location="Berlin", country="de")


class Pauses:
    """Stands for sleeping: remembers how long and returns at once."""

    def __init__(self) -> None:
        self.taken_s: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[JSearchStandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with JSearchStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def source(board: JSearchStandIn, pauses: Pauses) -> AsyncIterator[JSearchSource]:
    source = _source(board.url, pauses)
    yield source
    await source.close()


def _source(url: str, pauses: Pauses, timeouts: Timeouts | None = None) -> JSearchSource:
    return JSearchSource(
        api_key=KEY,
        clock=lambda: NOW,
        base_url=url,
        timeouts=timeouts or Timeouts(connect_s=1, read_s=5, deadline_s=10),
        sleep=pauses,
    )


async def test_a_page_is_read_field_by_field(source: JSearchSource) -> None:
    page = await source.search(QUERY)
    posting = page.postings[1]

    assert (page.provider, page.fetched_at, page.next_cursor) == ("jsearch", NOW, "page-2")
    assert len(page.postings) == 10
    assert posting.job_id == "invented0001AAAA=="
    assert posting.title == "Data Engineer 1"
    assert posting.employer_name == "Example Works"
    assert posting.employer_logo == "https://example.invalid/logo.png"
    assert (posting.location, posting.city, posting.region, posting.country) == (
        "Berlin, Germany",
        "Berlin",
        "Berlin",
        "DE",
    )
    assert posting.remote is False
    assert posting.employment_types == ("FULLTIME",)
    assert posting.posted_at == datetime(2025, 1, 31, tzinfo=UTC)
    assert posting.apply_url == "https://example.invalid/jobs/1"
    assert posting.salary == Salary(min=60_000, max=75_000, currency="EUR", period="YEAR")
    assert posting.soc_code == "15-1243.00"
    assert posting.provider == "jsearch"


async def test_the_request_says_title_in_place_and_always_a_country(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    await source.search(JobQuery(query="  nurse ", location=" Bonn  am Rhein"))
    request = board.requests[0]

    assert (request.method, request.path) == ("GET", "/search-v2")
    assert request.params == {
        "query": "nurse in Bonn am Rhein",
        "country": "us",
        "date_posted": "all",
        "num_pages": "1",
    }


async def test_every_filter_reaches_the_board(source: JSearchSource, board: JSearchStandIn) -> None:
    query = JobQuery(
        query="nurse",
        country="GB",
        remote=True,
        date_posted="week",
        employment_types=("FULLTIME", "INTERN"),
        limit=25,
        cursor="page-2",
    )
    await source.search(query)

    assert board.requests[0].params == {
        "query": "nurse",
        "country": "gb",
        "work_from_home": "true",
        "date_posted": "week",
        "employment_types": "FULLTIME,INTERN",
        "num_pages": "3",
        "cursor": "page-2",
    }


async def test_the_gateway_gets_the_key_in_its_two_headers(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    await source.search(QUERY)
    headers = board.requests[0].headers

    assert headers["x-rapidapi-key"] == KEY
    assert headers["x-rapidapi-host"] == "jsearch.p.rapidapi.com"
    assert "x-api-key" not in headers


async def test_the_vendors_own_address_gets_the_key_as_x_api_key(pauses: Pauses) -> None:
    source = _source("https://api.openwebninja.com/jsearch", pauses)
    headers = source._client.headers
    await source.close()

    assert headers["x-api-key"] == KEY
    assert "x-rapidapi-key" not in headers


async def test_pages_follow_each_other_to_the_last_one(source: JSearchSource) -> None:
    cursor: str | None = None
    titles: list[str] = []
    for _ in range(3):
        page = await source.search(JobQuery(query="engineer", cursor=cursor))
        titles += [posting.title for posting in page.postings]
        cursor = page.next_cursor

    assert cursor is None
    assert titles == [f"Data Engineer {number}" for number in range(23)]


@pytest.mark.parametrize(
    ("scenario", "n_postings"),
    [
        ("last_page", 1),
        ("empty", 0),
        ("legacy_shape", 2),
        ("unknown_fields", 1),
        ("odd_types", 3),
        ("one_bad_job", 2),
        ("gzipped", 1),
    ],
)
async def test_every_shape_of_a_good_answer_is_read(
    source: JSearchSource, board: JSearchStandIn, scenario: str, n_postings: int
) -> None:
    board.play(scenario)
    page = await source.search(QUERY)

    assert len(page.postings) == n_postings
    assert page.next_cursor is None
    assert len(board.requests) == 1


async def test_a_job_with_every_nullable_field_null_is_kept(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("bare_job")
    posting = (await source.search(QUERY)).postings[0]

    assert posting.title == "Data Engineer 7"
    assert (posting.description, posting.employer_name, posting.location) == ("", None, None)
    assert (posting.remote, posting.posted_at, posting.salary, posting.apply_url) == (
        None,
        None,
        None,
        None,
    )


async def test_values_of_wrong_types_and_unsafe_links_are_dropped(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("odd_types")
    posting = (await source.search(QUERY)).postings[1]

    assert posting.apply_url is None
    assert posting.employer_logo is None
    assert posting.city == "Berlin"
    assert (posting.description, posting.employer_name, posting.remote) == ("", None, None)
    assert (posting.salary, posting.soc_code, posting.posted_at) == (None, None, None)
    assert posting.employment_types == ()


async def test_a_long_description_is_cut(source: JSearchSource, board: JSearchStandIn) -> None:
    board.play("long_description")
    posting = (await source.search(QUERY)).postings[0]

    assert MAX_DESCRIPTION_CHARACTERS - 5 <= len(posting.description) <= MAX_DESCRIPTION_CHARACTERS


async def test_what_must_not_be_remote_is_left_out_here(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("remote_job")
    page = await source.search(JobQuery(query="engineer", remote=False))

    assert [posting.title for posting in page.postings] == ["Data Engineer 1"]
    assert "work_from_home" not in board.requests[0].params


@pytest.mark.parametrize(
    "scenario",
    [
        "unauthorized",
        "not_subscribed",
        "unknown_path",
        "bad_request",
        "unprocessable",
        "server_error",
        "invalid_json",
        "deep_json",
        "html",
        "status_error",
        "no_data",
        "only_bad_jobs",
        "truncated",
        "reset",
        "huge",
        "gzip_bomb",
        "redirect",
    ],
)
async def test_a_failure_costs_one_request_and_is_unavailable(
    source: JSearchSource, board: JSearchStandIn, pauses: Pauses, scenario: str
) -> None:
    board.play(scenario)
    with pytest.raises(JobsUnavailable) as raised:
        await source.search(QUERY)

    assert len(board.requests) == 1
    assert pauses.taken_s == []
    assert KEY not in repr(raised.value)


@pytest.mark.parametrize("scenario", ["bad_gateway", "unavailable", "gateway_timeout"])
async def test_a_passing_failure_is_asked_about_once_more(
    source: JSearchSource, board: JSearchStandIn, pauses: Pauses, scenario: str
) -> None:
    board.play(scenario, "normal")
    page = await source.search(QUERY)

    assert len(page.postings) == 10
    assert len(board.requests) == 2
    assert 0.2 <= pauses.taken_s[0] <= 0.8


@pytest.mark.parametrize("scenario", ["bad_gateway", "burst_429", "empty_429"])
async def test_there_is_no_third_attempt(
    source: JSearchSource, board: JSearchStandIn, scenario: str
) -> None:
    board.play(scenario)
    with pytest.raises(JobsUnavailable):
        await source.search(QUERY)

    assert len(board.requests) == 2


@pytest.mark.parametrize("scenario", ["burst_429", "burst_429_without_headers", "empty_429"])
async def test_a_burst_limit_is_waited_out_for_a_second(
    source: JSearchSource, board: JSearchStandIn, pauses: Pauses, scenario: str
) -> None:
    board.play(scenario, "normal")
    await source.search(QUERY)

    assert len(board.requests) == 2
    assert 1.0 <= pauses.taken_s[0] <= 1.2


async def test_a_used_up_quota_is_not_asked_again_and_says_when_it_returns(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("quota_429")
    with pytest.raises(JobsQuotaExhausted) as raised:
        await source.search(QUERY)

    assert raised.value.retry_after_s == 2_163_603
    assert len(board.requests) == 1
    assert source.quota is not None
    assert source.quota.remaining == 0


async def test_a_used_up_quota_without_headers_returns_at_an_unknown_time(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("quota_429_without_headers")
    with pytest.raises(JobsQuotaExhausted) as raised:
        await source.search(QUERY)

    assert raised.value.retry_after_s is None


async def test_what_is_left_of_the_quota_is_remembered(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    assert source.quota is None
    board.play("normal", "unauthorized")
    await source.search(QUERY)
    with pytest.raises(JobsUnavailable):
        await source.search(QUERY)

    assert source.quota == Quota(
        limit=200, remaining=187, resets_at=NOW + timedelta(seconds=2_163_603)
    )


async def test_a_refused_connection_is_tried_twice(pauses: Pauses) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = _source(f"http://127.0.0.1:{closed.getsockname()[1]}", pauses)
        with pytest.raises(JobsUnavailable):
            await source.search(QUERY)
    await source.close()

    assert len(pauses.taken_s) == 1


async def test_a_silent_board_is_given_up_at_the_read_timeout(
    board: JSearchStandIn, pauses: Pauses
) -> None:
    source = _source(board.url, pauses, Timeouts(connect_s=1, read_s=0.2, deadline_s=10))
    board.play("slow")
    with pytest.raises(JobsUnavailable, match="too long"):
        await source.search(QUERY)
    await source.close()

    assert len(board.requests) == 1


async def test_a_dripping_board_is_given_up_at_the_deadline(
    board: JSearchStandIn, pauses: Pauses
) -> None:
    source = _source(board.url, pauses, Timeouts(connect_s=1, read_s=5, deadline_s=0.4))
    board.play("slow_drip")
    begin = time.monotonic()
    with pytest.raises(JobsUnavailable, match="too long"):
        await source.search(QUERY)
    await source.close()

    assert time.monotonic() - begin < 2


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
        JSearchSource(api_key=key, clock=lambda: NOW)

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
