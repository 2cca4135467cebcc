"""All that is held of one user: handed over, or erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from ml_service.domain.interview_records import InterviewRecord, InterviewStore
from ml_service.domain.ports import Clock, PredictionStore
from ml_service.domain.prediction import PredictionFilter, PredictionRecord
from ml_service.use_cases.browse_history import BrowseHistory
from ml_service.use_cases.browse_interviews import BrowseInterviews


@dataclass(frozen=True, slots=True)
class HeldOfUser:
    """``records`` and ``interviews`` newest first, read while they are asked for."""

    user_id: str
    exported_at: datetime
    records: AsyncIterator[PredictionRecord]
    interviews: AsyncIterator[InterviewRecord]


class UsersRecords:
    def __init__(
        self,
        *,
        history: BrowseHistory,
        store: PredictionStore,
        browse_interviews: BrowseInterviews,
        interviews: InterviewStore,
        clock: Clock,
    ) -> None:
        self._history = history
        self._store = store
        self._browse_interviews = browse_interviews
        self._interviews = interviews
        self._clock = clock

    async def export(self, user_id: str) -> HeldOfUser:
        """Empty for a user nobody has named yet.

        Raises StorageUnavailable, here when the database is away from the start.
        """
        exported_at = self._clock()
        records = self._history.records(PredictionFilter(user_id=user_id))
        first = await anext(records, None)
        interviews = self._browse_interviews.records(user_id)
        return HeldOfUser(user_id, exported_at, _with_first(first, records), interviews)

    async def erase(self, user_id: str) -> int:
        """At once and for good, what is in work included; returns how many predictions and
        interviews there were.

        Raises StorageUnavailable; what was erased until then stays erased, the rest is erased by
        asking again.
        """
        n_gone = await self._store.erase_user(user_id)  # notes the erasure for interviews, too
        return n_gone + await self._interviews.erase_user(user_id)


async def _with_first(
    first: PredictionRecord | None, others: AsyncIterator[PredictionRecord]
) -> AsyncIterator[PredictionRecord]:
    if first is not None:
        yield first
    async for record in others:
        yield record
