"""All that is held of one user: handed over, or erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from ml_service.domain.ports import Clock, PredictionStore
from ml_service.domain.prediction import PredictionFilter, PredictionRecord
from ml_service.use_cases.browse_history import BrowseHistory


@dataclass(frozen=True, slots=True)
class HeldOfUser:
    """``records`` newest first, read while they are asked for."""

    user_id: str
    exported_at: datetime
    records: AsyncIterator[PredictionRecord]


class UsersRecords:
    def __init__(self, *, history: BrowseHistory, store: PredictionStore, clock: Clock) -> None:
        self._history = history
        self._store = store
        self._clock = clock

    async def export(self, user_id: str) -> HeldOfUser:
        """Empty for a user nobody has named yet.

        Raises StorageUnavailable, here when the database is away from the start.
        """
        exported_at = self._clock()
        records = self._history.records(PredictionFilter(user_id=user_id))
        first = await anext(records, None)
        return HeldOfUser(user_id, exported_at, _with_first(first, records))

    async def erase(self, user_id: str) -> int:
        """At once and for good, uploads in work included; returns how many predictions there were.

        Raises StorageUnavailable; what was erased until then stays erased, the rest is erased by
        asking again.
        """
        return await self._store.erase_user(user_id)


async def _with_first(
    first: PredictionRecord | None, others: AsyncIterator[PredictionRecord]
) -> AsyncIterator[PredictionRecord]:
    if first is not None:
        yield first
    async for record in others:
        yield record
