"""What short texts want, and the search that a wish for jobs stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_service.domain.errors import ModelNotFound
from ml_service.domain.intent import ClassifiedText, ClassifiedTexts, LikelyIntent
from ml_service.domain.posting import DatePosted, EmploymentType
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.hosting.choice import read_choice
from ml_service.hosting.host import ModelHost
from ml_service.intents.own_rules import SEARCH_JOBS
from ml_service.use_cases.classify_intents import ClassifyIntents

if TYPE_CHECKING:
    from ml_service.intents.slots.spans import SlotSpan

OUT_OF_SCOPE = "out_of_scope"

WORTH_WARNING = 0.05
"""How likely a text that got an intent must be out of scope for the alternatives to say so."""


@dataclass(frozen=True, slots=True)
class Slots:
    """``spans`` are of the text as it came, in its order, none over another."""

    query: str
    location: str | None
    country: str | None
    remote: bool | None
    employment_types: tuple[EmploymentType, ...]
    date_posted: DatePosted
    spans: tuple[SlotSpan, ...]


@dataclass(frozen=True, slots=True)
class UnderstoodText:
    """``alternatives`` the likeliest first; ``slots`` of a wish for jobs, else None."""

    intent: str
    confidence: float
    alternatives: tuple[LikelyIntent, ...]
    out_of_scope: bool
    slots: Slots | None
    model: ModelRef
    encoder: EncoderRef
    degraded_reason: str | None = None


class UnderstandTexts:
    def __init__(self, classify: ClassifyIntents, *, host: ModelHost, default: str) -> None:
        self._classify = classify
        self._host = host
        self._default = default

    async def __call__(
        self, texts: Sequence[str], *, model: str | None = None, who: str | None = None
    ) -> tuple[UnderstoodText, ...]:
        """In the order of ``texts``. Raises what ``ClassifyIntents`` does."""
        try:
            classified = await self._classify(texts, model=model, who=who)
        except ModelNotFound as error:
            raise self._told(error, model) from error
        return await asyncio.to_thread(_understood, texts, classified)

    def _told(self, error: ModelNotFound, model: str | None) -> ModelNotFound:
        """How to make the default, where that is what is not there."""
        name = self._default if model is None else read_choice(model).model_id
        if name != self._default or name in self._host.answering:
            return error
        return ModelNotFound(
            f"There is no model of intents named {name}. Make one with: python -m ml_service "
            f"train data/intents/train.csv --task intents --name {name}"
        )


def _understood(texts: Sequence[str], classified: ClassifiedTexts) -> tuple[UnderstoodText, ...]:
    return tuple(
        _one(text, found, classified) for text, found in zip(texts, classified.texts, strict=True)
    )


def _one(text: str, found: ClassifiedText, classified: ClassifiedTexts) -> UnderstoodText:
    first, *others = _answers(found)
    return UnderstoodText(
        intent=first.intent,
        confidence=first.confidence,
        alternatives=tuple(others),
        out_of_scope=found.out_of_scope,
        slots=_slots(text) if first.intent == SEARCH_JOBS else None,
        model=classified.model,
        encoder=classified.encoder,
        degraded_reason=classified.degraded_reason,
    )


def _answers(found: ClassifiedText) -> list[LikelyIntent]:
    """What is answered first. Of a model that never saw a text out of scope, that it is so is as
    likely as that its best intent is wrong; beside an intent it then says nothing.
    """
    p_out_of_scope = found.p_out_of_scope
    if found.out_of_scope:
        doubt = 1 - found.likely[0].confidence if p_out_of_scope is None else p_out_of_scope
        return [LikelyIntent(OUT_OF_SCOPE, doubt), *found.likely]
    first, *others = found.likely
    if p_out_of_scope is not None and p_out_of_scope > WORTH_WARNING:
        others.append(LikelyIntent(OUT_OF_SCOPE, p_out_of_scope))
    return [first, *sorted(others, key=lambda likely: -likely.confidence)]


def _slots(text: str) -> Slots:
    from ml_service.intents.slots.understanding import (  # noqa: PLC0415 - slow: with a first wish
        understood_of,
    )

    understood = understood_of(text)
    asked = understood.job_query
    return Slots(
        query=asked.query,
        location=asked.location,
        country=asked.country,
        remote=asked.remote,
        employment_types=asked.employment_types,
        date_posted=asked.date_posted,
        spans=understood.spans,
    )
