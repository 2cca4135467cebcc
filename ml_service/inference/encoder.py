"""An engine on this machine made usable from the event loop, for many callers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import numpy as np

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.health import Part, PartDetail
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.hosting.loaded import CANARY
from ml_service.inference.batching import Batcher
from ml_service.inference.engines.base import Engine
from ml_service.inference.vector_cache import VectorCache


class LocalEncoder:
    """Satisfies the port ``Encoder``."""

    def __init__(
        self,
        make_engine: Callable[[], Engine],
        *,
        model_id: str,
        max_waiting_tokens: int,
        cache: VectorCache,
    ) -> None:
        """``model_id`` is what the engine will hold: it is named while that is missing."""
        self._make_engine = make_engine
        self._model_id = model_id
        self._max_waiting_tokens = max_waiting_tokens
        self._engine: Engine | None = None
        self._batcher: Batcher | None = None
        self.cache = cache

    async def start(self) -> None:
        """Load and warm up. Raises ModelUnavailable or WeightsMismatch."""
        self._engine = await asyncio.to_thread(self._make_engine)
        self._batcher = Batcher(self._engine, max_waiting_tokens=self._max_waiting_tokens)
        await self._batcher.embed([CANARY])

    @property
    def ready(self) -> bool:
        return self._batcher is not None

    @property
    def ref(self) -> EncoderRef:
        if self._engine is None:
            raise ModelUnavailable
        return self._engine.ref

    @property
    def space(self) -> ModelRef:
        return ModelRef(self.ref.model_id, self.ref.revision)

    @property
    def batcher(self) -> Batcher:
        """Raises ModelUnavailable."""
        if self._batcher is None:
            raise ModelUnavailable
        return self._batcher

    async def part(self) -> Part:
        if not self.ready:
            return Part("encoder", "not_ready", needed=True, detail={"missing": self._model_id})
        ref = self.ref
        detail: PartDetail = {
            "model_id": ref.model_id,
            "revision": ref.revision,
            "precision": ref.precision,
            "engine": ref.engine,
            "waiting_texts": self.batcher.waiting_texts,
        }
        return Part("encoder", "ready", needed=True, detail=detail)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        """Raises ModelUnavailable, or Overloaded before anything is begun."""
        batcher, ref = self.batcher, self.ref
        if not texts:
            return Embeddings(vectors=np.zeros((0, 0), dtype=np.float32), encoder=ref)
        found = self.cache.find(texts)
        missing = list(dict.fromkeys(text for at, text in enumerate(texts) if at not in found))
        made: dict[str, Float32Array] = {}
        if missing:
            made = dict(zip(missing, await batcher.embed(missing), strict=True))
            self.cache.keep(made)
        rows = [found[at] if at in found else made[text] for at, text in enumerate(texts)]
        return Embeddings(vectors=np.stack(rows), encoder=ref)

    async def close(self) -> None:
        """Wait for the texts in work; later calls raise ModelUnavailable."""
        batcher, self._batcher, self._engine = self._batcher, None, None
        if batcher is not None:
            await batcher.close()
