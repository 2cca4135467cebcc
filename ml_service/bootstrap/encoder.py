"""Which engine turns text into vectors, on this machine or on another."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass

from ml_service.bootstrap.begun import Begun
from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Embeddings
from ml_service.domain.prediction import EncoderRef
from ml_service.inference.batching import BatchFigures
from ml_service.inference.canary import Canary, has_canary, read_canary
from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.engines.base import Engine
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.processor import has_native_bf16
from ml_service.inference.remote.encoder import RemoteEncoder
from ml_service.inference.remote.engine import RemoteEngine
from ml_service.inference.remote.fallback import EncoderWithFallback
from ml_service.inference.remote.requests import RequestBounds
from ml_service.inference.remote.token import BearerToken
from ml_service.inference.vector_cache import VectorCache
from ml_service.inference.weights import MINILM
from ml_service.settings import Settings

AnyEncoder = LocalEncoder | RemoteEncoder | EncoderWithFallback


def chosen_encoder(settings: Settings) -> AnyEncoder:
    """By ``INFERENCE_MODE``; neither loaded nor asked yet. Raises ModelUnavailable."""
    if settings.inference_mode == "local":
        return local_encoder(settings)
    remote = remote_encoder(settings)
    if settings.inference_mode == "remote":
        return remote
    return EncoderWithFallback(remote, local_encoder(settings))


def local_encoder(settings: Settings) -> LocalEncoder:
    return LocalEncoder(
        lambda: begun_engine.take(settings),
        model_id=MINILM.model_id,
        max_waiting_tokens=settings.encoder_queue_tokens,
        cache=VectorCache(settings.vector_cache_bytes),
    )


def remote_encoder(settings: Settings) -> RemoteEncoder:
    """Its space is that of the canary in ``ENCODER_DIR``. Raises ModelUnavailable."""
    bounds = RequestBounds(
        timeout_s=settings.inference_timeout_s, max_retries=settings.inference_max_retries
    )
    return RemoteEncoder(_remote_engine(settings), read_canary(settings.encoder_dir), bounds=bounds)


def _remote_engine(settings: Settings) -> RemoteEngine:
    url, model = settings.inference_url, settings.inference_model
    token = BearerToken(settings.inference_token_file)
    if settings.inference_protocol == "torchserve":
        from ml_service.inference.engines.torchserve import (  # noqa: PLC0415 - brings an HTTP client
            TorchServeEngine,
        )

        return TorchServeEngine(url, model=model, token=token)
    from ml_service.inference.engines.open_inference import (  # noqa: PLC0415 - brings an HTTP client
        OpenInferenceEngine,
    )

    return OpenInferenceEngine(url, model=model, token=token)


def proven_engine(settings: Settings) -> Engine:
    """Loaded, and found to give the vectors that are known.

    Raises ModelUnavailable or WeightsMismatch.
    """
    engine = encoding_engine(settings)
    canary = _canary_of(settings, engine.ref)
    doubt = canary.doubt(engine.embed_batch(canary.texts)) if canary is not None else None
    if doubt is not None:
        raise ModelUnavailable(f"The encoder is not what its manifest names: {doubt}.")
    return engine


class BegunEngine(Begun[Engine]):
    """Its session is made without the interpreter, while the rest is imported."""

    def __init__(self) -> None:
        super().__init__(proven_engine, name="encoder")

    def begin(self, settings: Settings) -> None:
        """Does nothing where no ONNX Runtime is wanted: torch is not imported beside others."""
        if settings.inference_mode != "remote" and _is_onnx_wanted(settings):
            super().begin(settings)


begun_engine = BegunEngine()


def encoding_engine(settings: Settings) -> Engine:
    """Loaded, which takes up to seconds. Raises ModelUnavailable or WeightsMismatch."""
    n_threads = settings.omp_num_threads or os.cpu_count() or 1
    if _is_onnx_wanted(settings):
        return OnnxEngine(settings.encoder_dir, n_threads=n_threads)
    precision = settings.embedding_precision
    if precision == "auto":
        precision = "bf16" if has_native_bf16() else "fp32"
    return SentenceTransformersEngine(MINILM, precision=precision, n_threads=n_threads)


async def vector_of(text: str, encoder: AnyEncoder, settings: Settings) -> Embeddings:
    """The reference's where the canary has it: a remote encoder may not be there yet.

    Raises ModelUnavailable.
    """
    if not await asyncio.to_thread(has_canary, settings.encoder_dir):
        return await encoder.embed_documents([text])
    canary = await asyncio.to_thread(read_canary, settings.encoder_dir)
    known = canary.vector_of(text)
    if known is None:
        return await encoder.embed_documents([text])
    ref = EncoderRef(canary.model_id, canary.revision, "fp32", "sentence-transformers")
    return Embeddings(vectors=known, encoder=ref)


@dataclass(frozen=True, slots=True)
class RemoteFigures:
    """Counts since the start: calls by outcome, calls that the local encoder answered by why."""

    calls: Mapping[str, int]
    fallbacks: Mapping[str, int]
    retries: int


def remote_figures(encoder: AnyEncoder) -> RemoteFigures | None:
    """None where nothing is remote."""
    if isinstance(encoder, LocalEncoder):
        return None
    fallbacks = encoder.fallbacks if isinstance(encoder, EncoderWithFallback) else {}
    return RemoteFigures(encoder.outcomes, fallbacks, encoder.retries)


@dataclass(frozen=True, slots=True)
class LocalEncoding:
    """How the encoder in this process is doing."""

    engine: str
    batches: BatchFigures
    waiting_texts: int
    waiting_tokens: int
    cache_bytes: int
    n_cache_found: int
    n_cache_missed: int


def local_encoding(encoder: AnyEncoder) -> LocalEncoding | None:
    """None where no encoder runs in this process, or not yet."""
    local = encoder.local if isinstance(encoder, EncoderWithFallback) else encoder
    if not isinstance(local, LocalEncoder) or not local.ready:
        return None
    return LocalEncoding(
        engine=local.ref.engine,
        batches=local.batcher.figures,
        waiting_texts=local.batcher.waiting_texts,
        waiting_tokens=local.batcher.waiting_tokens,
        cache_bytes=local.cache.size_bytes,
        n_cache_found=local.cache.n_found,
        n_cache_missed=local.cache.n_missed,
    )


def _canary_of(settings: Settings, ref: EncoderRef) -> Canary | None:
    """None where the folder has none or is of another encoder than the one that was loaded."""
    try:
        if not has_canary(settings.encoder_dir):
            return None
    except ModelUnavailable:
        return None
    canary = read_canary(settings.encoder_dir)
    is_its_own = (canary.model_id, canary.revision) == (ref.model_id, ref.revision)
    return canary if is_its_own else None


def _is_onnx_wanted(settings: Settings) -> bool:
    wanted = settings.embedding_engine
    return wanted == "onnx" or (wanted == "auto" and _is_installed("onnxruntime"))


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
