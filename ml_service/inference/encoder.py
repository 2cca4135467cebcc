"""An engine made usable from the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.health import Part
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.engines.base import Engine

WARM_UP_TEXT = "Registered nurse with six years of experience in intensive care."


class LocalEncoder:
    """Satisfies the port ``Encoder``. One thread owns the engine, so that calls queue fairly."""

    def __init__(self, make_engine: Callable[[], Engine], *, model_id: str) -> None:
        """``model_id`` is what the engine will hold: it is named while that is missing."""
        self._make_engine = make_engine
        self._model_id = model_id
        self._engine: Engine | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")

    async def start(self) -> None:
        """Load and warm up. Raises ModelUnavailable or WeightsMismatch."""
        loop = asyncio.get_running_loop()
        self._engine = await loop.run_in_executor(self._thread, self._make_engine)
        await self.embed_documents([WARM_UP_TEXT])

    @property
    def ready(self) -> bool:
        return self._engine is not None

    @property
    def ref(self) -> EncoderRef:
        return self._loaded().ref

    async def part(self) -> Part:
        if not self.ready:
            return Part("encoder", "not_ready", needed=True, detail={"missing": self._model_id})
        ref = self.ref
        detail = {
            "model_id": ref.model_id,
            "revision": ref.revision,
            "precision": ref.precision,
            "engine": ref.engine,
        }
        return Part("encoder", "ready", needed=True, detail=detail)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        engine = self._loaded()
        if not texts:
            return Embeddings(vectors=np.zeros((0, 0), dtype=np.float32), encoder=engine.ref)
        loop = asyncio.get_running_loop()
        vectors = await loop.run_in_executor(self._thread, engine.embed_batch, texts)
        return Embeddings(vectors=vectors, encoder=engine.ref)

    async def close(self) -> None:
        """Wait for the text in work; later calls raise ModelUnavailable."""
        self._engine = None
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    def _loaded(self) -> Engine:
        if self._engine is None:
            raise ModelUnavailable
        return self._engine
