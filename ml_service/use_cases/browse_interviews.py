"""Find and delete the interviews that are kept, and see how those who read them are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from ml_service.domain.errors import InterviewNotFound
from ml_service.domain.interview import InterviewService, ServiceState, StoredInterview
from ml_service.domain.interview_records import InterviewPage, InterviewRecord, InterviewStore

IDS_AT_ONCE = 100


class BrowseInterviews:
    def __init__(self, *, store: InterviewStore, services: Sequence[InterviewService]) -> None:
        self._store = store
        self._services = tuple(services)

    async def get(self, interview_id: str) -> StoredInterview:
        """Raises InterviewNotFound."""
        return await self._store.get(interview_id)

    async def by_record(self, record_id: UUID) -> StoredInterview:
        """Raises InterviewNotFound."""
        return await self._store.by_record(record_id)

    async def page(self, user_id: str, *, limit: int, cursor: str | None) -> InterviewPage:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        return await self._store.page(user_id, limit=limit, cursor=cursor)

    async def delete(self, interview_id: str) -> None:
        """At once and for good. Raises InterviewNotFound."""
        await self._store.delete(interview_id)

    async def records(self, user_id: str) -> AsyncIterator[InterviewRecord]:
        """All of one user, newest first, each read when its turn comes; without those that were
        deleted meanwhile.
        """
        cursor: str | None = None
        while True:
            page = await self._store.page(user_id, limit=IDS_AT_ONCE, cursor=cursor)
            for summary in page.summaries:
                record = await self._record(summary.interview_id)
                # Its id may name another one by now, of somebody else.
                if record is not None and record.interview.user_id == user_id:
                    yield record
            cursor = page.next_cursor
            if cursor is None:
                return

    async def states(self) -> tuple[ServiceState, ...]:
        """Of the services in their order, all asked at once."""
        return tuple(await asyncio.gather(*(service.state() for service in self._services)))

    async def _record(self, interview_id: str) -> InterviewRecord | None:
        try:
            return await self._store.record(interview_id)
        except InterviewNotFound:
            return None
