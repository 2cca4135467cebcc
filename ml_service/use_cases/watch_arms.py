"""What the arms of a model say beside each other, looked at after the answer was given."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from ml_service.career.predictor import label_of
from ml_service.domain.arms import ArmAnswer, ArmLog
from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import Clock
from ml_service.domain.prediction import CareerPrediction, Prediction
from ml_service.domain.unexpected import where_it_happened
from ml_service.use_cases.analyse_resume import AnalysedResume
from ml_service.use_cases.career_models import CareerModels

log = logging.getLogger(__name__)

MOST_WAITING = 32
"""Answers come first: beyond so many looks that wait, the next is left out."""


@dataclass(frozen=True, slots=True)
class _Given:
    analysed: AnalysedResume
    prediction: Prediction


class WatchArms:
    """``n_left_out`` counts looks that there was no time for."""

    def __init__(
        self,
        *,
        models: CareerModels,
        arms: ArmLog,
        clock: Clock,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._models = models
        self._arms = arms
        self._clock = clock
        self._most_waiting = most_waiting
        self._looking: set[asyncio.Task[None]] = set()
        self.n_left_out = 0

    def after(self, analysed: AnalysedResume, prediction: Prediction) -> None:
        """Returns at once; nothing happens while all traffic goes to the champion."""
        if self._models.traffic(analysed.analysis.career.model.model_id).is_plain:
            return
        if len(self._looking) >= self._most_waiting:
            self.n_left_out += 1
            return
        task = asyncio.create_task(self._look(_Given(analysed, prediction)))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def close(self) -> None:
        """What was begun is noted."""
        if self._looking:
            await asyncio.wait(self._looking)

    async def _look(self, given: _Given) -> None:
        try:
            answers = [_answered(given)]
            shadowed = await self._shadowed(given)
            if shadowed is not None:
                answers.append(shadowed)
            await self._arms.note(answers, at=self._clock())
        except ServiceError as failure:
            log.warning("arms of %s not noted: %s", given.prediction.prediction_id, failure.code)
        except Exception as error:  # noqa: BLE001 - a shadow's failure is nobody's answer
            log.error("arms: unexpected %s", where_it_happened(error))

    async def _shadowed(self, given: _Given) -> ArmAnswer | None:
        shadow = self._models.shadow_of(given.analysed.analysis.career.model.model_id)
        if shadow is None:
            return None
        async with self._models.lease(shadow) as model:
            begin = time.perf_counter()
            career = await asyncio.to_thread(model.predict, given.analysed.evidence)
            seconds = time.perf_counter() - begin
        return ArmAnswer(
            prediction_id=given.prediction.prediction_id,
            model=shadow,
            shadow=True,
            label=_label(career),
            confidence=career.career_paths[0].confidence,
            seconds=seconds,
            agrees=_label(career) == _label(given.analysed.analysis.career),
        )


def _answered(given: _Given) -> ArmAnswer:
    career = given.analysed.analysis.career
    return ArmAnswer(
        prediction_id=given.prediction.prediction_id,
        model=career.model,
        shadow=False,
        label=_label(career),
        confidence=career.career_paths[0].confidence,
        seconds=given.analysed.predicted_in_s,
    )


def _label(career: CareerPrediction) -> str:
    return label_of(career.career_paths[0])
