"""The one method that every embedding engine implements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef


def whole_characters(texts: Sequence[str]) -> list[str]:
    """Half of a character pair, which JSON can carry, is no text to a tokenizer: it becomes '?'."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


class Engine(Protocol):
    """Blocking; safe to call from ``n_at_once`` threads at a time."""

    @property
    def ref(self) -> EncoderRef: ...

    @property
    def n_at_once(self) -> int:
        """So many batches at a time are worth while on this machine."""
        ...

    @property
    def texts_at_once(self) -> int:
        """So many texts in one batch are worth while; 1 where batches gain nothing."""
        ...

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        """Unit vectors, float32 of shape (len(texts), n_dims), in the order of ``texts``."""
        ...
