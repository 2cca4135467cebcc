"""Postings that the operator imported, as a job source that needs no key and no network."""

from __future__ import annotations

from ml_service.domain.errors import JobsNotConfigured, StorageUnavailable
from ml_service.domain.health import Part, PartDetail, PartState
from ml_service.domain.ports import Clock, PostingIndex
from ml_service.domain.posting import JobPage, JobQuery

PROVIDER = "local-index"


class LocalIndexSource:
    provider = PROVIDER

    def __init__(self, index: PostingIndex, clock: Clock) -> None:
        self._index = index
        self._clock = clock

    async def part(self) -> Part:
        try:
            n_postings = await self._index.count()
        except StorageUnavailable:
            return Part("jobs", "not_ready", needed=False, detail={"provider": self.provider})
        state: PartState = "ready" if n_postings else "not_configured"
        detail: PartDetail = {"provider": self.provider, "postings": n_postings}
        return Part("jobs", state, needed=False, detail=detail)

    async def search(self, query: JobQuery) -> JobPage:
        """Raises JobsNotConfigured when nothing was ever imported."""
        postings, next_cursor = await self._index.search(query)
        if not postings and await self._index.count() == 0:
            raise JobsNotConfigured
        return JobPage(
            postings=postings,
            provider=self.provider,
            fetched_at=self._clock(),
            next_cursor=next_cursor,
        )
