"""Job search on its own."""

from __future__ import annotations

from ml_service.domain.ports import JobSource
from ml_service.domain.posting import JobPage, JobQuery


class SearchJobs:
    def __init__(self, source: JobSource) -> None:
        self._source = source

    async def __call__(self, query: JobQuery) -> JobPage:
        """Raises JobsNotConfigured, JobsUnavailable, JobsQuotaExhausted or JobsNeedKey."""
        return await self._source.search(query)
