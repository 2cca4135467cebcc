"""What tells intents: a model of the host over the encoder that runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from ml_service.bootstrap.announcing import announced
from ml_service.bootstrap.encoder import AnyEncoder, chosen_encoder, vector_of
from ml_service.bootstrap.matrices import multiply_on_one_thread
from ml_service.bootstrap.models import model_host
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.errors import ModelError, ModelNotFound
from ml_service.domain.health import Part, PartState
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.host import ModelHost
from ml_service.hosting.loaded import CANARY
from ml_service.hosting.model_files import kind_of, read_manifest
from ml_service.intents.files import INTENTS
from ml_service.settings import Settings
from ml_service.use_cases.classify_intents import ClassifyIntents
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.understand_texts import UnderstandTexts

FULL = "Too many texts are being understood at this moment. Try again shortly."


@dataclass(frozen=True, slots=True)
class IntentsState:
    """How it stands; ``mode`` says where the encoder runs, as INFERENCE_MODE does."""

    host: ModelHost
    encoder: AnyEncoder
    default: str
    mode: str

    async def part(self) -> Part:
        """The service is ready without it."""
        encoder = await self.encoder.part()
        revision = self.host.answering.get(self.default, {}).get("champion")
        detail = {
            "mode": self.mode,
            "model": self.default,
            "revision": revision,
            "engine": encoder.detail.get("engine"),
        }
        if revision is None:
            return Part("intents", "not_configured", needed=False, detail=detail)
        state: PartState = "not_ready"
        if encoder.state == "ready":
            state = await asyncio.to_thread(self._state, ModelRef(self.default, revision))
        return Part("intents", state, needed=False, detail=detail)

    def _state(self, ref: ModelRef) -> PartState:
        """It loads when it is first asked for; what is known to be in its way is told before."""
        if self.host.state_of(ref).state == "failed":
            return "not_ready"
        try:
            kind = kind_of(read_manifest(self.host.shelf.folder_of(ref.model_id, ref.revision)))
        except (ModelNotFound, ModelError):
            return "not_ready"
        return "ready" if kind == INTENTS else "not_ready"


@dataclass(frozen=True, slots=True)
class Intents:
    understand: UnderstandTexts
    state: IntentsState
    permits: Permits


def intents_of(settings: Settings, host: ModelHost, encoder: AnyEncoder) -> Intents:
    default = settings.intents_model
    classify = ClassifyIntents(host=host, encoder=encoder, default=default)
    return Intents(
        understand=UnderstandTexts(classify, host=host, default=default),
        state=IntentsState(host, encoder, default, settings.inference_mode),
        permits=Permits(settings.max_uploads_in_work, full=FULL),
    )


@asynccontextmanager
async def understanding_intents(settings: Settings) -> AsyncIterator[UnderstandTexts]:
    """Without what reads documents. Raises ModelUnavailable or WeightsMismatch."""
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(multiply_on_one_thread)
        encoder = await asyncio.to_thread(chosen_encoder, settings)
        stack.push_async_callback(encoder.close)
        with announced("loading the encoder"):
            await encoder.start()
        canary = await vector_of(CANARY, encoder, settings)
        catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
        host = model_host(settings, catalogue, canary)
        stack.push_async_callback(host.close)
        await host.refresh()
        yield intents_of(settings, host, encoder).understand
