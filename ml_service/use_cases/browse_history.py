"""Find, change and delete what was recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.document import Line
from ml_service.domain.errors import InvalidRequest, OccupationNotFound, PredictionNotFound
from ml_service.domain.ports import Clock, PredictionStore
from ml_service.domain.prediction import (
    Page,
    Prediction,
    PredictionChange,
    PredictionFilter,
    PredictionRecord,
)

IDS_AT_ONCE = 100


class BrowseHistory:
    def __init__(self, *, store: PredictionStore, catalogue: Catalogue, clock: Clock) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, prediction_id: UUID) -> Prediction:
        """Raises PredictionNotFound."""
        return await self._store.get(prediction_id)

    async def lines(self, prediction_id: UUID) -> tuple[Line, ...]:
        """In the order in which a person reads. Raises PredictionNotFound or TextNotStored."""
        return await self._store.lines(prediction_id)

    async def page(self, where: PredictionFilter, *, limit: int, cursor: str | None) -> Page:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        return await self._store.page(where, limit=limit, cursor=cursor)

    async def search(
        self, words: str, *, where: PredictionFilter, limit: int, cursor: str | None
    ) -> Page:
        """Best match first. Raises InvalidRequest."""
        return await self._store.search(words, where=where, limit=limit, cursor=cursor)

    async def everything(self, where: PredictionFilter) -> AsyncIterator[Prediction]:
        """All that ``where`` names, newest first, read one by one and held by no transaction.

        What is recorded after the first was read does not appear, nor what is deleted before its
        turn comes. Raises StorageUnavailable.
        """
        async for record in self.records(where):
            yield record.prediction

    async def records(self, where: PredictionFilter) -> AsyncIterator[PredictionRecord]:
        """As ``everything``, with the lines and the audit events of each."""
        cursor: str | None = None
        while True:
            page = await self._store.page(where, limit=IDS_AT_ONCE, cursor=cursor)
            for summary in page.summaries:
                record = await self._record(summary.prediction_id)
                if record is not None:
                    yield record
            cursor = page.next_cursor
            if cursor is None:
                return

    async def change(
        self,
        prediction_id: UUID,
        change: PredictionChange,
        *,
        expected: Collection[datetime] | None = None,
    ) -> Prediction:
        """With ``expected``, only a record that was last changed at one of these moments.

        Raises PredictionNotFound, PreconditionFailed, or InvalidRequest for a code that is in no
        catalogue.
        """
        if isinstance(change.corrected_soc_code, str):
            self._check_code(change.corrected_soc_code)
        return await self._store.change(prediction_id, change, at=self._clock(), expected=expected)

    async def delete(
        self, prediction_id: UUID, *, expected: Collection[datetime] | None = None
    ) -> None:
        """At once and for good. Raises PredictionNotFound or PreconditionFailed."""
        await self._store.delete(prediction_id, expected=expected)

    async def _record(self, prediction_id: UUID) -> PredictionRecord | None:
        """None when it was deleted since its page was read."""
        try:
            return await self._store.record(prediction_id)
        except PredictionNotFound:
            return None

    def _check_code(self, soc_code: str) -> None:
        try:
            self._catalogue.get(soc_code)
        except OccupationNotFound as unknown:
            raise InvalidRequest(unknown.message, field="corrected_soc_code") from unknown
