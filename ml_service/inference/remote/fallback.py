"""A remote encoder with a local one beside it that the operator declared."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ml_service.domain.health import Part
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.remote.encoder import RemoteEncoder
from ml_service.inference.remote.failures import RemoteFailure

log = logging.getLogger(__name__)


class EncoderWithFallback:
    """Each answer names the engine that gave it; those of the local one say why it did."""

    def __init__(self, remote: RemoteEncoder, local: LocalEncoder) -> None:
        self._remote = remote
        self._local = local
        self._fallbacks: Counter[str] = Counter()

    async def start(self) -> None:
        """Raises ModelUnavailable or WeightsMismatch when the local one cannot be loaded."""
        await self._local.start()
        await self._remote.start()

    @property
    def ready(self) -> bool:
        return self._remote.ready or self._local.ready

    @property
    def ref(self) -> EncoderRef:
        """Who would be asked now."""
        return self._remote.ref if self._remote.ready else self._local.ref

    @property
    def space(self) -> ModelRef:
        return self._remote.space if self._remote.ready else self._local.space

    @property
    def local(self) -> LocalEncoder:
        return self._local

    @property
    def outcomes(self) -> Mapping[str, int]:
        return self._remote.outcomes

    @property
    def retries(self) -> int:
        return self._remote.retries

    @property
    def fallbacks(self) -> Mapping[str, int]:
        """Calls since the start that the local one answered, by why the remote one did not."""
        return self._fallbacks

    async def part(self) -> Part:
        """Ready with either; ``reason`` says why the local one answers."""
        remote = await self._remote.part()
        if self._remote.ready or not self._local.ready:
            return remote
        local = await self._local.part()
        detail = {name: remote.detail[name] for name in ("breaker", "reason")}
        return replace(local, detail={**local.detail, **detail, "where": "local-fallback"})

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        try:
            return await self._remote.embed(texts)
        except RemoteFailure as failure:
            found = await self._local.embed_documents(texts)
            self._fallbacks[failure.kind] += 1
            log.info("the local encoder answers: remote encoder %s", failure.kind)
            return replace(found, degraded_reason=f"remote_encoder_{failure.kind}")

    async def close(self) -> None:
        await self._remote.close()
        await self._local.close()
