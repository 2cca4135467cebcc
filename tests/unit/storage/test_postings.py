from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import select

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.ports import PostingIndex
from ml_service.domain.posting import DatePosted, JobQuery, Posting
from ml_service.storage.database import Database
from ml_service.storage.postings import AGES
from ml_service.storage.tables import postings
from tests.unit.storage.examples import NOON, a_posting
from tests.unit.storage.stores import an_index

PORTLAND_OREGON = replace(
    a_posting("or"), location="Portland, OR", city="Portland", region="OR", country="us"
)
PORTLAND_MAINE = replace(
    a_posting("me"), location="Portland, ME", city="Portland", region="ME", country="us"
)


@pytest.fixture
def index(database: Database) -> PostingIndex:
    return an_index(database)


async def found(index: PostingIndex, query: JobQuery) -> list[str]:
    return [posting.job_id for posting in (await index.search(query))[0]]


async def test_postings_come_back_exactly(index: PostingIndex) -> None:
    posting = replace(a_posting(), title="Café “Manager”\nnights", description="x" * 5_000)
    bare = Posting(job_id="bare", title="Manager", provider="import")
    assert await index.add([posting, bare]) == 2
    assert await index.search(JobQuery("manager")) == ((bare, posting), None)


async def test_an_empty_index_answers_with_nothing(index: PostingIndex) -> None:
    assert await index.count() == 0
    assert await index.add([]) == 0
    assert await index.search(JobQuery("nurse")) == ((), None)


async def test_adding_again_replaces_and_counts_only_the_new(index: PostingIndex) -> None:
    await index.add([a_posting("a", title="Nurse"), a_posting("b", title="Nurse")])
    assert await index.add([a_posting("b", title="Cook"), a_posting("c", title="Cook")]) == 1
    assert await index.count() == 3
    assert await found(index, JobQuery("nurse")) == ["a"]
    assert sorted(await found(index, JobQuery("cook"))) == ["b", "c"]


async def test_of_two_with_one_id_the_last_counts(index: PostingIndex) -> None:
    assert await index.add([a_posting("a", title="Nurse"), a_posting("a", title="Cook")]) == 1
    assert await found(index, JobQuery("nurse")) == []
    assert await found(index, JobQuery("cook")) == ["a"]


async def test_many_postings_are_added_in_batches(index: PostingIndex) -> None:
    made = [a_posting(f"job-{n}", title=f"Nurse {n}") for n in range(1_203)]
    assert await index.add(made) == 1_203
    assert await index.add(made) == 0
    assert await index.count() == 1_203
    assert await found(index, JobQuery('"nurse 1202"')) == ["job-1202"]


async def test_the_title_counts_more_than_the_description(index: PostingIndex) -> None:
    mentions = replace(
        a_posting("mentions", title="Office Clerk"), description="works with a nurse, a nurse"
    )
    await index.add([mentions, a_posting("is", title="Nurse"), a_posting("other", title="Cook")])
    assert await found(index, JobQuery("nurse")) == ["is", "mentions"]


async def test_some_of_the_words_are_enough_and_all_are_better(index: PostingIndex) -> None:
    titles = {"a": "Data Engineer", "b": "Senior Data Engineer", "c": "Sales Engineer", "d": "Cook"}
    await index.add([a_posting(job_id, title=title) for job_id, title in titles.items()])
    ranked = await found(index, JobQuery("senior data engineer in the cloud"))
    assert ranked[0] == "b"
    assert ranked[1:] == ["a", "c"]


async def test_common_words_alone_are_still_searched(index: PostingIndex) -> None:
    await index.add([a_posting("it", title="IT")])
    assert await found(index, JobQuery("it")) == ["it"]
    assert await found(index, JobQuery("it / -")) == ["it"]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("Portland", ["me", "or"]),
        ("portland, or", ["or", "me"]),
        ("Portland, ME", ["me", "or"]),
        ("Boston", []),
        ("Börlin", []),
        ("BERLIN", ["de"]),
        (", ,", ["de", "me", "or"]),
        ('") OR (', ["or"]),
    ],
)
async def test_the_location_must_be_there_and_its_region_counts(
    index: PostingIndex, location: str, expected: list[str]
) -> None:
    berlin = a_posting("de")
    await index.add([PORTLAND_OREGON, PORTLAND_MAINE, berlin])
    ranked = await found(index, JobQuery("python developer", location=location))
    assert ranked == expected or (location == ", ," and sorted(ranked) == expected)


async def test_filters_keep_what_they_name(index: PostingIndex) -> None:
    old, undated = NOON - timedelta(days=5), None
    await index.add(
        [
            a_posting("plain"),
            replace(a_posting("remote"), remote=True, country="US"),
            replace(a_posting("unknown"), remote=None, country=None, posted_at=undated),
            replace(a_posting("old"), posted_at=old, employment_types=("PARTTIME", "INTERN")),
        ]
    )
    query = JobQuery("python")
    expected = {
        replace(query, remote=True): ["remote"],
        replace(query, remote=False): ["old", "plain", "unknown"],
        replace(query, country="de"): ["old", "plain", "unknown"],
        replace(query, country="us"): ["remote", "unknown"],
        replace(query, date_posted="today"): ["plain", "remote"],
        replace(query, date_posted="week"): ["old", "plain", "remote"],
        replace(query, date_posted="all"): ["old", "plain", "remote", "unknown"],
        replace(query, employment_types=("INTERN",)): ["old"],
        replace(query, employment_types=("CONTRACTOR",)): [],
        replace(query, employment_types=("FULLTIME", "PARTTIME")): [
            "old",
            "plain",
            "remote",
            "unknown",
        ],
    }
    for wanted, job_ids in expected.items():
        assert sorted(await found(index, wanted)) == job_ids, wanted


async def test_what_does_not_say_whether_it_is_remote_is_unknown_and_found_as_not_remote(
    index: PostingIndex, database: Database
) -> None:
    made = {"yes": True, "no": False, "unknown": None}
    await index.add([replace(a_posting(job_id), remote=remote) for job_id, remote in made.items()])
    async with database.reading() as connection:
        rows = await connection.execute(select(postings.c.job_id, postings.c.remote))
        assert {row.job_id: row.remote for row in rows} == made
    assert await found(index, JobQuery("python", remote=True)) == ["yes"]
    assert sorted(await found(index, JobQuery("python", remote=False))) == ["no", "unknown"]
    assert sorted(await found(index, JobQuery("python"))) == ["no", "unknown", "yes"]


def test_every_age_that_can_be_asked_for_has_a_length() -> None:
    assert set(AGES) == set(get_args(DatePosted)) - {"all"}


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_miss_and_repeat_nothing(index: PostingIndex, limit: int) -> None:
    await index.add([a_posting(f"job-{n}") for n in range(6)])
    postings, cursor = await index.search(JobQuery("python", limit=limit))
    job_ids = [posting.job_id for posting in postings]
    while cursor is not None:
        await index.add([a_posting(f"later-{len(job_ids)}")])
        postings, cursor = await index.search(JobQuery("python", limit=limit, cursor=cursor))
        job_ids += [posting.job_id for posting in postings]
    assert job_ids == [f"job-{n}" for n in reversed(range(6))]


async def test_a_cursor_of_another_query_is_refused(index: PostingIndex) -> None:
    await index.add([a_posting("a"), a_posting("b")])
    _, cursor = await index.search(JobQuery("python", limit=1))
    for query in (JobQuery("developer", cursor=cursor), JobQuery("python", cursor="made up")):
        with pytest.raises(InvalidRequest) as caught:
            await index.search(query)
        assert caught.value.field == "cursor"


@pytest.mark.parametrize("query", ["", "  ", "?!", '"', "x" * 1_001, "a1 " * 65])
async def test_nothing_to_search_for_or_too_much_is_refused_by_name(
    index: PostingIndex, query: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await index.search(JobQuery(query))
    assert caught.value.field == "query"
