"""A declared local encoder answers for a remote one, and says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ml_service.domain.errors import WeightsMismatch
from ml_service.domain.prediction import ModelRef
from ml_service.inference.canary import Canary
from ml_service.inference.encoder import LocalEncoder
from ml_service.inference.engines.base import Engine
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.open_inference import OpenInferenceEngine
from ml_service.inference.remote.encoder import RemoteEncoder
from ml_service.inference.remote.fallback import EncoderWithFallback
from ml_service.inference.remote.requests import RequestBounds
from ml_service.inference.remote.token import BearerToken
from ml_service.inference.vector_cache import VectorCache
from tests.inference_stand_in import MODEL, InferenceStandIn, OpenInference, another_model, status
from tests.service_process import free_port

TEXTS = ("Registered nurse", "Welder")


def local(engine: Engine) -> LocalEncoder:
    return LocalEncoder(
        lambda: engine, model_id=MODEL, max_waiting_tokens=10_000, cache=VectorCache(0)
    )


@asynccontextmanager
async def both(url: str, canary: Canary, engine: Engine) -> AsyncIterator[EncoderWithFallback]:
    remote = RemoteEncoder(
        OpenInferenceEngine(url, model=MODEL, token=BearerToken(None)),
        canary,
        bounds=RequestBounds(timeout_s=2.0, max_retries=0),
    )
    encoder = EncoderWithFallback(remote, local(engine))
    await encoder.start()
    try:
        yield encoder
    finally:
        await encoder.close()


async def test_while_the_remote_one_answers_it_does(onnx: OnnxEngine, canary: Canary) -> None:
    with InferenceStandIn(OpenInference(onnx.embed_batch)) as server:
        async with both(server.url, canary, onnx) as encoder:
            found = await encoder.embed_documents(TEXTS)
            part = await encoder.part()

    assert found.encoder.engine == "open-inference"
    assert found.degraded_reason is None
    assert (part.state, part.detail["where"]) == ("ready", "remote")
    assert encoder.fallbacks == {}


async def test_otherwise_the_answer_names_who_gave_it_and_why(
    onnx: OnnxEngine, canary: Canary
) -> None:
    with InferenceStandIn(OpenInference(onnx.embed_batch)) as server:
        async with both(server.url, canary, onnx) as encoder:
            server.play(status(503))
            found = await encoder.embed_documents(TEXTS)

    assert found.encoder == onnx.ref
    assert found.degraded_reason == "remote_encoder_overloaded"
    assert encoder.fallbacks == {"overloaded": 1}
    assert encoder.outcomes == {"overloaded": 1}


async def test_a_server_that_never_was_there_leaves_it_ready(
    onnx: OnnxEngine, canary: Canary
) -> None:
    async with both(f"http://127.0.0.1:{free_port()}", canary, onnx) as encoder:
        found = await encoder.embed_documents(TEXTS)
        part = await encoder.part()

        assert encoder.ref == onnx.ref
        assert encoder.space == ModelRef(onnx.ref.model_id, onnx.ref.revision)

    assert found.degraded_reason == "remote_encoder_unreachable"
    assert part.state == "ready"
    assert part.detail["engine"] == "onnxruntime"
    assert part.detail["where"] == "local-fallback"
    assert part.detail["breaker"] == "open"
    assert part.detail["reason"] == "The remote encoder cannot be reached."


async def test_another_model_is_not_mixed_in(onnx: OnnxEngine, canary: Canary) -> None:
    with InferenceStandIn(OpenInference(another_model)) as server:
        async with both(server.url, canary, onnx) as encoder:
            found = await encoder.embed_documents(TEXTS)

    assert found.encoder == onnx.ref
    assert found.degraded_reason == "remote_encoder_not_proven"


async def test_without_the_local_one_nothing_starts(canary: Canary) -> None:
    def damaged() -> Engine:
        raise WeightsMismatch

    remote = RemoteEncoder(
        OpenInferenceEngine("http://127.0.0.1:1", model=MODEL, token=BearerToken(None)),
        canary,
        bounds=RequestBounds(timeout_s=1.0, max_retries=0),
    )
    encoder = EncoderWithFallback(
        remote,
        LocalEncoder(damaged, model_id=MODEL, max_waiting_tokens=10, cache=VectorCache(0)),
    )

    with pytest.raises(WeightsMismatch):
        await encoder.start()
    await encoder.close()
