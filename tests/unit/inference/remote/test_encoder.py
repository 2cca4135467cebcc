"""An encoder behind an inference server that fails, lies, goes away and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from ml_service.domain.errors import ModelUnavailable
from ml_service.domain.ports import Float32Array
from ml_service.domain.prediction import EncoderRef, ModelRef
from ml_service.inference.canary import Canary
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.open_inference import OpenInferenceEngine
from ml_service.inference.remote.encoder import RemoteEncoder
from ml_service.inference.remote.engine import RemoteVectors
from ml_service.inference.remote.requests import RequestBounds
from ml_service.inference.remote.token import BearerToken
from tests.inference_stand_in import (
    MODEL,
    InferenceStandIn,
    OpenInference,
    another_model,
    breaks_off,
    changed,
    cut_off,
    hangs,
    normal,
    slow,
    status,
)
from tests.service_process import free_port

TEXTS = ("Registered nurse", "Größe: zwölf 🧑‍🍳", "")
REF = EncoderRef("all-MiniLM-L6-v2", "53aa51172d14", "int8-static", "open-inference")


@pytest.fixture(scope="module")
def expected(onnx: OnnxEngine) -> Float32Array:
    return onnx.embed_batch(TEXTS)


@pytest.fixture
def speaks(onnx: OnnxEngine) -> OpenInference:
    return OpenInference(onnx.embed_batch)


@pytest.fixture
def server(speaks: OpenInference) -> Iterator[InferenceStandIn]:
    with InferenceStandIn(speaks) as server:
        yield server


@asynccontextmanager
async def remote(
    url: str,
    canary: Canary,
    *,
    timeout_s: float = 5.0,
    max_retries: int = 2,
    looks_every_s: float = 60.0,
) -> AsyncIterator[RemoteEncoder]:
    engine = OpenInferenceEngine(url, model=MODEL, token=BearerToken(None))
    bounds = RequestBounds(timeout_s=timeout_s, max_retries=max_retries)
    encoder = RemoteEncoder(engine, canary, bounds=bounds, looks_every_s=looks_every_s)
    await encoder.start()
    try:
        yield encoder
    finally:
        await encoder.close()


@dataclass
class Breaking:
    """An engine that breaks on what its server says, until that makes sense."""

    embed_batch: Callable[[Sequence[str]], Float32Array]
    breaks: bool = True
    name: str = "breaking"

    async def learn(self) -> None:
        if self.breaks:
            raise TypeError("unhashable type, said Jane Doe")

    async def embed(self, texts: Sequence[str], *, n_dims: int) -> RemoteVectors:
        if self.breaks:
            raise OverflowError("said Jane Doe")
        return RemoteVectors(await asyncio.to_thread(self.embed_batch, texts), None)

    async def is_ready(self) -> bool:
        if self.breaks:
            raise AttributeError("said Jane Doe")
        return True

    async def close(self) -> None:
        """Nothing is open."""


async def becomes(true: Callable[[], bool], *, within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.02)


async def reason_of(encoder: RemoteEncoder) -> str:
    return str((await encoder.part()).detail.get("reason"))


async def test_it_answers_as_the_encoder_that_it_is(
    server: InferenceStandIn, canary: Canary, expected: Float32Array
) -> None:
    async with remote(server.url, canary) as encoder:
        found = await encoder.embed_documents(TEXTS)
        part = await encoder.part()

    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)
    assert found.encoder == REF
    assert found.degraded_reason is None
    assert part.state == "ready"
    assert part.detail == {
        "model_id": "all-MiniLM-L6-v2",
        "revision": "53aa51172d14",
        "precision": "int8-static",
        "engine": "open-inference",
        "where": "remote",
        "breaker": "closed",
    }


async def test_a_precision_that_nobody_states_is_unknown(
    speaks: OpenInference, server: InferenceStandIn, canary: Canary
) -> None:
    speaks.parameters = {"precision": "Jane Doe, 12 Elm Street"}
    async with remote(server.url, canary) as encoder:
        assert encoder.ref.precision == "unknown"
        assert (await encoder.embed_documents(TEXTS)).encoder.precision == "unknown"


async def test_many_texts_travel_in_several_requests_and_come_back_in_order(
    server: InferenceStandIn, canary: Canary, expected: Float32Array
) -> None:
    async with remote(server.url, canary) as encoder:
        n_before = len(server.inferences)
        found = await encoder.embed_documents(TEXTS * 50)
        n_requests = len(server.inferences) - n_before

    np.testing.assert_allclose(found.vectors, np.tile(expected, (50, 1)), atol=1e-6)
    assert n_requests == 5


async def test_of_no_text_nobody_is_asked(server: InferenceStandIn, canary: Canary) -> None:
    async with remote(server.url, canary) as encoder:
        n_before = len(server.inferences)
        found = await encoder.embed_documents([])

    assert len(found.vectors) == 0
    assert len(server.inferences) == n_before


@pytest.mark.parametrize("trouble", [status(429), status(503), status(502), breaks_off, cut_off])
async def test_what_passes_is_tried_again(
    server: InferenceStandIn, canary: Canary, trouble: Any
) -> None:
    async with remote(server.url, canary) as encoder:
        server.play(trouble, trouble, normal)
        await encoder.embed_documents(TEXTS)

        assert encoder.retries == 2
        assert encoder.outcomes == {"ok": 1}


async def test_only_so_often_as_was_set(server: InferenceStandIn, canary: Canary) -> None:
    async with remote(server.url, canary, max_retries=1) as encoder:
        n_before = len(server.inferences)
        server.play(status(503))
        with pytest.raises(ModelUnavailable, match="answered 503"):
            await encoder.embed_documents(TEXTS)

    assert len(server.inferences) - n_before == 2


async def test_what_does_not_pass_is_not(server: InferenceStandIn, canary: Canary) -> None:
    async with remote(server.url, canary) as encoder:
        n_before = len(server.inferences)
        server.play(status(400))
        with pytest.raises(ModelUnavailable, match="answered 400"):
            await encoder.embed_documents(TEXTS)

    assert len(server.inferences) - n_before == 1


async def test_it_waits_as_long_as_the_server_asks(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary) as encoder:
        server.play(status(503, Retry_After="1"), normal)
        began = time.monotonic()
        await encoder.embed_documents(TEXTS)

    assert time.monotonic() - began >= 1.0


async def test_but_not_beyond_its_deadline_and_then_leaves_it_alone(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary, timeout_s=20.0) as encoder:
        server.play(status(429, Retry_After="30"))
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="429"):
            await encoder.embed_documents(TEXTS)
        n_requests = len(server.inferences)
        with pytest.raises(ModelUnavailable, match="429"):
            await encoder.embed_documents(TEXTS)

    assert time.monotonic() - began < 10.0
    assert len(server.inferences) == n_requests


async def test_a_server_that_hangs_costs_no_more_than_the_deadline(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary, timeout_s=1.0) as encoder:
        server.play(hangs)
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="within 1 s"):
            await encoder.embed_documents(TEXTS)

    assert 0.9 < time.monotonic() - began < 2.7


async def test_a_slow_one_is_waited_for(server: InferenceStandIn, canary: Canary) -> None:
    async with remote(server.url, canary, timeout_s=5.0) as encoder:
        server.play(slow(1.0))
        found = await encoder.embed_documents(TEXTS)

    assert found.encoder == REF


async def test_failures_in_a_row_open_the_breaker_and_a_proof_closes_it(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary, max_retries=0) as encoder:
        server.play(status(500))
        for _ in range(3):
            with pytest.raises(ModelUnavailable, match="answered 500"):
                await encoder.embed_documents(TEXTS)
        part = await encoder.part()
        with pytest.raises(ModelUnavailable, match="500"):
            _ = encoder.ref

        server.play(normal)
        await becomes(lambda: encoder.ready)
        found = await encoder.embed_documents(TEXTS)

    assert (part.state, part.detail["breaker"]) == ("not_ready", "open")
    assert found.encoder == REF
    assert encoder.outcomes == {"unavailable": 3, "ok": 1}


async def test_texts_that_the_server_refuses_do_not(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary) as encoder:
        server.play(status(400))
        for _ in range(5):
            with pytest.raises(ModelUnavailable):
                await encoder.embed_documents(TEXTS)

        assert encoder.ready


async def test_a_server_that_is_not_there_yet_is_waited_for(
    speaks: OpenInference, canary: Canary, expected: Float32Array
) -> None:
    port = free_port()
    async with remote(f"http://127.0.0.1:{port}", canary) as encoder:
        assert not encoder.ready
        assert await reason_of(encoder) == "The remote encoder cannot be reached."
        assert encoder.space == ModelRef(canary.model_id, canary.revision)
        with pytest.raises(ModelUnavailable, match="cannot be reached"):
            await encoder.embed_documents(TEXTS)

        with InferenceStandIn(speaks, port=port):
            await becomes(lambda: encoder.ready)
            found = await encoder.embed_documents(TEXTS)

    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)


async def test_an_answer_that_nobody_foresaw_keeps_nothing_from_starting_nor_ends_the_watch(
    onnx: OnnxEngine, canary: Canary, caplog: pytest.LogCaptureFixture
) -> None:
    engine = Breaking(onnx.embed_batch)
    bounds = RequestBounds(timeout_s=5.0, max_retries=2)
    encoder = RemoteEncoder(engine, canary, bounds=bounds, looks_every_s=0.05)
    await encoder.start()
    assert await reason_of(encoder) == (
        "The remote encoder's answer is not usable: reading it failed."
    )
    for _ in range(2):
        engine.breaks = False
        await becomes(lambda: encoder.ready)
        await encoder.embed_documents(TEXTS)
        engine.breaks = True
        with pytest.raises(ModelUnavailable, match="not usable"):
            await encoder.embed_documents(TEXTS)
        await becomes(lambda: not encoder.ready)
    await encoder.close()

    assert "set off OverflowError" in caplog.text
    assert "Jane" not in caplog.text


async def test_one_that_went_away_is_noticed_without_a_text(
    speaks: OpenInference, server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary, looks_every_s=0.1) as encoder:
        speaks.ready = False
        server.play(status(503))
        await becomes(lambda: not encoder.ready)

        assert await reason_of(encoder) == "The remote encoder answered 503."


async def test_another_model_is_never_taken_for_ours(
    speaks: OpenInference, server: InferenceStandIn, canary: Canary
) -> None:
    speaks.embed = another_model
    async with remote(server.url, canary) as encoder:
        assert "not those of all-MiniLM-L6-v2" in await reason_of(encoder)
        with pytest.raises(ModelUnavailable, match="another one"):
            await encoder.embed_documents(TEXTS)


async def test_nor_one_that_takes_its_place_between_two_requests(
    speaks: OpenInference, server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary) as encoder:
        await encoder.embed_documents(TEXTS)
        speaks.embed = another_model
        with pytest.raises(ModelUnavailable, match="another one"):
            await encoder.embed_documents(TEXTS)

        assert not encoder.ready
        assert encoder.outcomes == {"ok": 1, "not_proven": 1}


async def test_nor_one_whose_vectors_have_other_dimensions(
    speaks: OpenInference, server: InferenceStandIn, canary: Canary
) -> None:
    speaks.embed = lambda texts: another_model(texts)[:, :256]
    async with remote(server.url, canary) as encoder:
        assert "384" in await reason_of(encoder)


async def test_numbers_that_are_none_open_the_breaker_too(
    server: InferenceStandIn, canary: Canary
) -> None:
    nan = changed(lambda stated: stated["outputs"][0]["data"].__setitem__(0, float("nan")))
    async with remote(server.url, canary) as encoder:
        server.play(nan)
        for _ in range(3):
            with pytest.raises(ModelUnavailable, match="not usable"):
                await encoder.embed_documents(TEXTS)

        assert not encoder.ready


async def test_callers_at_once_get_their_own_vectors(
    server: InferenceStandIn, canary: Canary, expected: Float32Array
) -> None:
    async with remote(server.url, canary) as encoder:
        found = await asyncio.gather(*(encoder.embed_documents([text]) for text in TEXTS * 10))

    vectors = np.concatenate([one.vectors for one in found])
    np.testing.assert_allclose(vectors, np.tile(expected, (10, 1)), atol=1e-6)


async def test_more_callers_than_the_server_serves_are_no_fault_of_its(
    server: InferenceStandIn, canary: Canary
) -> None:
    async with remote(server.url, canary, timeout_s=1.0, max_retries=0) as encoder:
        server.play(slow(0.7))
        calls = (encoder.embed_documents(TEXTS) for _ in range(24))
        ended = await asyncio.gather(*calls, return_exceptions=True)

        answered = sum(not isinstance(one, BaseException) for one in ended)
        assert 1 <= answered <= 8
        assert encoder.outcomes["overloaded"] + encoder.outcomes["timeout"] == 24 - answered
        assert encoder.outcomes["overloaded"] >= 8
