"""What the writers of short texts want, by a model that the host holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ml_service.domain.errors import InvalidRequest, ModelNotFound
from ml_service.domain.intent import ClassifiedText, ClassifiedTexts
from ml_service.domain.ports import Embeddings, Encoder
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.choice import ModelChoice, read_choice
from ml_service.hosting.host import ModelHost
from ml_service.intents.hosted import HostedIntentModel
from ml_service.intents.model import IntentModel
from ml_service.intents.own_rules import Asides, asides_of, knows_own_intents, reconsidered

MOST_TEXTS = 256
LONGEST_TEXT = 2_000
DEFAULT_INTENTS = "intents"
"""The model that ships."""


@dataclass(frozen=True, slots=True)
class _Told:
    """``seconds`` are the model's own, without the encoder's."""

    texts: tuple[ClassifiedText, ...]
    vectors: Embeddings
    seconds: float


class ClassifyIntents:
    def __init__(self, *, host: ModelHost, encoder: Encoder, default: str) -> None:
        self._host = host
        self._encoder = encoder
        self._default = default

    async def __call__(
        self, texts: Sequence[str], *, model: str | None, who: str | None
    ) -> ClassifiedTexts:
        """``model`` is NAME or NAME@VERSION, None the default; the same ``who`` gets the same arm.

        Raises InvalidRequest, ModelNotFound, also for a model of another kind, ModelUnavailable,
        WeightsMismatch, EmbeddingSpaceMismatch, or Overloaded.
        """
        check_requests(texts)
        choice = ModelChoice(self._default) if model is None else read_choice(model)
        ref = await self._host.choose(choice, who=who)
        async with self._lease(ref) as intents:
            told = await self._told(intents, texts)
        self._host.note(ref, seconds=told.seconds)
        return ClassifiedTexts(
            texts=told.texts,
            model=ref,
            encoder=told.vectors.encoder,
            degraded_reason=told.vectors.degraded_reason,
        )

    async def _told(self, intents: IntentModel, texts: Sequence[str]) -> _Told:
        """With the rules beside the model, which asks it about the parts of texts that refuse."""
        found = await self._asked(intents, texts)
        if not knows_own_intents(intents.intents):
            return found
        asides = await asyncio.to_thread(lambda: [asides_of(text) for text in texts])
        parts = list(dict.fromkeys(part for aside in asides for part in aside.texts))
        answers: dict[str, ClassifiedText] = {}
        seconds = found.seconds
        for at in range(0, len(parts), MOST_TEXTS):
            some = parts[at : at + MOST_TEXTS]
            told = await self._asked(intents, some)
            answers.update(zip(some, told.texts, strict=True))
            seconds += told.seconds
        return _Told(
            await asyncio.to_thread(_reconsidered, texts, found.texts, asides, answers),
            found.vectors,
            seconds,
        )

    async def _asked(self, intents: IntentModel, texts: Sequence[str]) -> _Told:
        vectors = await self._encoder.embed_documents(texts)
        began = time.perf_counter()
        classified = await asyncio.to_thread(intents.classify, texts, vectors)
        return _Told(classified, vectors, time.perf_counter() - began)

    @asynccontextmanager
    async def _lease(self, ref: ModelRef) -> AsyncIterator[IntentModel]:
        async with self._host.lease(ref) as hosted:
            if not isinstance(hosted, HostedIntentModel):
                raise ModelNotFound(f"{ref.model_id} is not a model of intents.")
            yield hosted.model


def _reconsidered(
    texts: Sequence[str],
    found: Sequence[ClassifiedText],
    asides: Sequence[Asides],
    answers: Mapping[str, ClassifiedText],
) -> tuple[ClassifiedText, ...]:
    return tuple(
        reconsidered(text, one, aside, [answers[part] for part in aside.texts])
        for text, one, aside in zip(texts, found, asides, strict=True)
    )


def check_requests(texts: Sequence[str]) -> None:
    """Raises InvalidRequest."""
    if not texts:
        raise InvalidRequest("Send at least one text.", field="texts")
    if len(texts) > MOST_TEXTS:
        raise InvalidRequest(
            f"A request has {MOST_TEXTS} texts at most. Send several requests.", field="texts"
        )
    for at, text in enumerate(texts):
        named = "The text" if len(texts) == 1 else f"Text {at}"
        if not text.strip():
            raise InvalidRequest(f"{named} is empty.", field="texts")
        if len(text) > LONGEST_TEXT:
            raise InvalidRequest(
                f"{named} has more than {LONGEST_TEXT:,} characters. Send the request alone.",
                field="texts",
            )
