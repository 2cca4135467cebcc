"""The reference engine: sentence-transformers on this machine's processor."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

import numpy as np

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.engines.base import whole_characters
from ml_service.inference.memory import return_freed_memory
from ml_service.inference.weights import EncoderManifest, locate_checked

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Precision = Literal["fp32", "bf16"]

_TO_INSTALL = (
    "The engine needs sentence-transformers and torch, which the light install leaves out: "
    "pip install -r requirements.txt, or scripts/start --full."
)
TEXTS_AT_ONCE = 4
"""Larger batches spend more on padding and on memory than they save."""
CALLS_BETWEEN_TRIMS = 128


class SentenceTransformersEngine:
    """Loads on construction, which takes seconds. Raises ModelUnavailable or WeightsMismatch.

    Small batches of texts of one length, each on one processor, several at a time. The reference,
    and what models are trained with, is ``fp32``.
    """

    def __init__(
        self,
        manifest: EncoderManifest,
        *,
        precision: Precision = "fp32",
        n_threads: int | None = None,
    ) -> None:
        """``n_threads`` are all processors where none is given."""
        self._model = load_model(manifest)
        if precision == "bf16":
            self._model.bfloat16()
        self._n_threads = n_threads or os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._n_threads, thread_name_prefix="torch")
        self._n_batches = 0
        self._ref = EncoderRef(
            model_id=manifest.model_id,
            revision=manifest.revision,
            precision=precision,
            engine="sentence-transformers",
        )
        # The tokenizer keeps how to pad from its first texts: no thread changes it after that.
        self._embed(["", "a"])

    @property
    def ref(self) -> EncoderRef:
        return self._ref

    @property
    def n_at_once(self) -> int:
        return self._n_threads

    @property
    def texts_at_once(self) -> int:
        return TEXTS_AT_ONCE

    def embed_batch(self, texts: Sequence[str]) -> Float32Array:
        given = whole_characters(texts)
        if len(given) <= TEXTS_AT_ONCE:  # with its own thread already
            return self._embed(given)
        order = sorted(range(len(given)), key=lambda at: -len(given[at]))
        batches = [order[at : at + TEXTS_AT_ONCE] for at in range(0, len(order), TEXTS_AT_ONCE)]
        found = self._threads.map(self._embed, [[given[at] for at in batch] for batch in batches])
        vectors = np.concatenate(list(found))
        return vectors[np.argsort(np.concatenate(batches))]

    def _embed(self, texts: list[str]) -> Float32Array:
        vectors = self._model.encode(
            texts,
            batch_size=TEXTS_AT_ONCE,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        self._n_batches += 1
        if self._n_batches % CALLS_BETWEEN_TRIMS == 0:
            return_freed_memory()
        found: Float32Array = np.asarray(vectors, dtype=np.float32)
        # What was rounded to bf16 is no unit vector any more.
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


def load_model(manifest: EncoderManifest) -> SentenceTransformer:
    """With one thread of torch's own. Raises ModelUnavailable or WeightsMismatch."""
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelUnavailable(_TO_INSTALL)
    folder = locate_checked(manifest)
    # The hub client reads this when it is imported; at run time nothing may be fetched.
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        import torch  # noqa: PLC0415 - seconds to import
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - as above
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - as above
    except ImportError as missing:
        raise ModelUnavailable(_TO_INSTALL) from missing
    torch.set_num_threads(1)
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no types
    model = SentenceTransformer(
        str(folder), device="cpu", local_files_only=True, trust_remote_code=False
    )
    model.max_seq_length = manifest.max_tokens
    return model
