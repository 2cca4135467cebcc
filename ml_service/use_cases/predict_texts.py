"""Career paths for texts of resumes that come without their documents."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ml_service.domain.errors import DocumentRefused, TooLarge
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import CareerPrediction, ModelRef
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.plain_text import read_plain_text

MOST_TEXTS = 16
LONGEST_TEXT = 100_000


class PredictTexts:
    def __init__(self, analyse: AnalyseResume, clock: Clock) -> None:
        self._analyse = analyse
        self._clock = clock

    async def __call__(
        self, texts: Mapping[str, str], *, by: ModelRef
    ) -> tuple[CareerPrediction, ...]:
        """One for each text, in their order; they stand by where they came from in the request.

        Raises TooLarge, another DocumentRefused that says where for a text that is no resume,
        ModelNotFound, ModelUnavailable, WeightsMismatch.
        """
        if len(texts) > MOST_TEXTS:
            raise TooLarge(f"A request has {MOST_TEXTS} resumes at most. Send several requests.")
        for place, text in texts.items():
            if len(text) > LONGEST_TEXT:
                raise TooLarge(f"{place}: a resume has {LONGEST_TEXT:,} characters at most.")
        return tuple([await self._predicted(text, place, by) for place, text in texts.items()])

    async def _predicted(self, text: str, place: str, by: ModelRef) -> CareerPrediction:
        try:
            extracted = await asyncio.to_thread(read_plain_text, text)
            return await self._analyse.predict(extracted, document_date=self._clock().date(), by=by)
        except DocumentRefused as refused:
            raise type(refused)(f"{place}: {refused.message}") from refused
