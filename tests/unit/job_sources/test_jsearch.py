"""What JSearch answers, read; over real HTTP, against the stand-in on loopback."""

from __future__ import annotations

from datetime import UTC, datetime

from ml_service.domain.posting import MAX_DESCRIPTION_CHARACTERS, JobQuery, Salary
from ml_service.job_sources.jsearch import JSearchSource
from tests.jsearch_stand_in import JSearchStandIn
from tests.unit.job_sources.conftest import KEY, NOW, QUERY, Pauses, source_at


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
    source = source_at("https://api.openwebninja.com/jsearch", pauses)
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

    assert len(posting.description) == MAX_DESCRIPTION_CHARACTERS == 5_000


async def test_what_must_not_be_remote_is_left_out_here(
    source: JSearchSource, board: JSearchStandIn
) -> None:
    board.play("remote_job")
    page = await source.search(JobQuery(query="engineer", remote=False))

    assert [posting.title for posting in page.postings] == ["Data Engineer 1"]
    assert "work_from_home" not in board.requests[0].params
