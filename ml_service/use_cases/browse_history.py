"""Find, change and delete what was recorded."""

from __future__ import annotations

from uuid import UUID

from ml_service.career.occupations import Catalogue
from ml_service.domain.errors import InvalidRequest, OccupationNotFound
from ml_service.domain.ports import Clock, PredictionStore
from ml_service.domain.prediction import Page, Prediction, PredictionChange, PredictionFilter


class BrowseHistory:
    def __init__(self, *, store: PredictionStore, catalogue: Catalogue, clock: Clock) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock

    async def get(self, prediction_id: UUID) -> Prediction:
        """Raises PredictionNotFound."""
        return await self._store.get(prediction_id)

    async def page(self, where: PredictionFilter, *, limit: int, cursor: str | None) -> Page:
        """Newest first. Raises InvalidRequest for a bad cursor."""
        return await self._store.page(where, limit=limit, cursor=cursor)

    async def search(
        self, words: str, *, where: PredictionFilter, limit: int, cursor: str | None
    ) -> Page:
        """Best match first. Raises InvalidRequest."""
        return await self._store.search(words, where=where, limit=limit, cursor=cursor)

    async def change(self, prediction_id: UUID, change: PredictionChange) -> Prediction:
        """Raises PredictionNotFound, or InvalidRequest for a code that is in no catalogue."""
        if isinstance(change.corrected_soc_code, str):
            self._check_code(change.corrected_soc_code)
        return await self._store.change(prediction_id, change, at=self._clock())

    async def delete(self, prediction_id: UUID) -> None:
        """At once and for good. Raises PredictionNotFound."""
        await self._store.delete(prediction_id)

    def _check_code(self, soc_code: str) -> None:
        try:
            self._catalogue.get(soc_code)
        except OccupationNotFound as unknown:
            raise InvalidRequest(unknown.message, field="corrected_soc_code") from unknown
