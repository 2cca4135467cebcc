"""The one method that every embedding engine implements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef


class Engine(Protocol):
    """Blocking and not thread-safe: ``LocalEncoder`` calls it from one thread."""

    @property
    def ref(self) -> EncoderRef: ...

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        """Unit vectors, float32 of shape (len(texts), n_dims), in the order of ``texts``."""
        ...
