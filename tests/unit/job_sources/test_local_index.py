from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from ml_service.domain.errors import JobsNotConfigured
from ml_service.domain.posting import JobQuery, Posting
from ml_service.job_sources.local_index import LocalIndexSource

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class ListedPostings:
    """An index that finds postings by a word of their title."""

    def __init__(self, *titles: str) -> None:
        self._postings = tuple(Posting(title, title, "local-index") for title in titles)

    async def count(self) -> int:
        return len(self._postings)

    async def add(self, postings: Sequence[Posting]) -> int:
        self._postings += tuple(postings)
        return len(postings)

    async def search(self, query: JobQuery) -> tuple[tuple[Posting, ...], str | None]:
        return tuple(p for p in self._postings if query.query in p.title), "more"


async def test_postings_come_with_the_time_and_the_cursor_of_the_index() -> None:
    source = LocalIndexSource(ListedPostings("staff nurse", "teacher"), lambda: NOW)
    page = await source.search(JobQuery(query="nurse"))

    assert [posting.title for posting in page.postings] == ["staff nurse"]
    assert (page.provider, page.fetched_at, page.next_cursor) == ("local-index", NOW, "more")


async def test_nothing_found_is_an_empty_page() -> None:
    page = await LocalIndexSource(ListedPostings("teacher"), lambda: NOW).search(
        JobQuery(query="nurse")
    )

    assert page.postings == ()


async def test_an_index_without_postings_is_not_configured() -> None:
    with pytest.raises(JobsNotConfigured):
        await LocalIndexSource(ListedPostings(), lambda: NOW).search(JobQuery(query="nurse"))
