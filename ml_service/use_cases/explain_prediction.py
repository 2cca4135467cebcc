"""What each line of a recorded resume contributed, measured when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.analysis.redaction import redact
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.line_explanation import (
    Effect,
    Measured,
    Omission,
    measure_lines,
    omissions,
    texts_to_embed,
)
from ml_service.career.passages import split_into_passages
from ml_service.career.predictor import AnyPredictor
from ml_service.domain.document import Line
from ml_service.domain.errors import ModelChanged
from ml_service.domain.explanation import LineContribution, LineExplanation
from ml_service.domain.ports import Encoder, PredictionStore
from ml_service.domain.prediction import Analysis, Prediction
from ml_service.domain.resume import RedactedText
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.stored_text import stored_text

NOT_SEEN: tuple[Effect, tuple[int, ...]] = (Effect(probability=0.0, log_odds=0.0), ())


class ExplainPrediction:
    def __init__(
        self,
        *,
        store: PredictionStore,
        encoder: Encoder,
        models: CareerModels,
        permits: Permits,
    ) -> None:
        """``permits`` are not those of uploads: an explanation costs as much as many of them."""
        self._store = store
        self._encoder = encoder
        self._models = models
        self._permits = permits

    async def __call__(self, prediction_id: UUID) -> LineExplanation:
        """Raises PredictionNotFound, TextNotStored, ModelChanged, ModelUnavailable, Overloaded.

        Only the model, encoder and parser that made a prediction can say what moved it.
        """
        prediction = await self._store.get(prediction_id)
        lines = await self._store.lines(prediction_id)
        analysis = prediction.analysis
        self._check_made_here(analysis)
        with self._permits.take():
            async with self._models.lease_former(analysis.career.model) as model:
                return await self._explained(prediction, lines, model)

    async def _explained(
        self, prediction: Prediction, lines: Sequence[Line], model: AnyPredictor
    ) -> LineExplanation:
        analysis = prediction.analysis
        redacted = await asyncio.to_thread(redact, stored_text(lines, analysis), analysis.profile)
        evidence = await self._evidence(redacted, analysis)
        left_out = omissions(evidence.passages)
        rests = await self._encoder.embed_documents(texts_to_embed(left_out))
        measured = await asyncio.to_thread(
            measure_lines, model, evidence, analysis.career, left_out=left_out, rests=rests
        )
        return LineExplanation(
            prediction_id=prediction.prediction_id,
            career=analysis.career,
            probability=measured.probability,
            lines=_told(lines, redacted, left_out, measured),
        )

    def _check_made_here(self, analysis: Analysis) -> None:
        """Raises ModelChanged."""
        encoder, there = analysis.career.encoder, self._encoder.ref
        # Another engine of the same precision gives the same vectors, another precision does not.
        same_vectors = replace(there, engine=encoder.engine) == encoder
        if not same_vectors or analysis.parser_version != PARSER_VERSION:
            raise ModelChanged

    async def _evidence(self, redacted: RedactedText, analysis: Analysis) -> ResumeEvidence:
        passages = split_into_passages(redacted)
        vectors = await self._encoder.embed_documents([passage.text for passage in passages])
        return ResumeEvidence(
            passages=passages, vectors=vectors, redacted=redacted, profile=analysis.profile
        )


def _told(
    lines: Sequence[Line],
    redacted: RedactedText,
    left_out: Sequence[Omission],
    measured: Measured,
) -> tuple[LineContribution, ...]:
    seen_as = {line.order: line.text for line in redacted.lines}
    effects = {
        order: (effect, omission.lines)
        for omission, effect in zip(left_out, measured.effects, strict=True)
        for order in omission.lines
    }
    return tuple(
        _line(line, seen_as.get(line.order), *effects.get(line.order, NOT_SEEN)) for line in lines
    )


def _line(
    line: Line, seen_as: str | None, effect: Effect, left_out: tuple[int, ...]
) -> LineContribution:
    return LineContribution(
        page=line.page,
        order=line.order,
        text=line.text,
        seen_as=seen_as,
        contribution=effect.probability,
        log_odds=effect.log_odds,
        left_out=left_out,
    )
