"""Open Inference Protocol v2, against a server that says whatever a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from ml_service.domain.ports import Float32Array
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.open_inference import OpenInferenceEngine
from ml_service.inference.engines.open_inference_model import (
    ModelFace,
    configured_face,
    face_of,
)
from ml_service.inference.remote.failures import RemoteFailure
from ml_service.inference.remote.token import BearerToken
from tests.inference_stand_in import (
    MODEL,
    InferenceStandIn,
    OneVersion,
    OpenInference,
    changed,
    saying,
    status,
    with_headers,
)

TEXTS = ("Registered nurse", "Größe: zwölf 🧑‍🍳", "")


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


def engine_of(server: InferenceStandIn, model: str = MODEL) -> OpenInferenceEngine:
    return OpenInferenceEngine(server.url, model=model, token=BearerToken(None))


@pytest.mark.parametrize("column", [True, False])
@pytest.mark.parametrize("in_binary", [True, False])
async def test_vectors_come_back_as_json_and_in_binary(
    onnx: OnnxEngine, expected: Float32Array, in_binary: bool, column: bool
) -> None:
    with InferenceStandIn(
        OpenInference(onnx.embed_batch, in_binary=in_binary, column=column)
    ) as server:
        engine = engine_of(server)
        await engine.learn()
        found = await engine.embed(TEXTS, n_dims=384)
        await engine.close()

    assert found.precision == "int8-static"
    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)
    (request,) = server.inferences
    assert ("inference-header-content-length" in request.headers) == in_binary


async def test_vectors_that_are_not_unit_are_made_so(
    speaks: OpenInference, server: InferenceStandIn, onnx: OnnxEngine
) -> None:
    speaks.embed = lambda texts: 7 * onnx.embed_batch(texts)
    engine = engine_of(server)

    found = await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-6)


def output(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(stated: dict[str, Any]) -> None:
        stated["outputs"][0][key] = value

    return change


def number(value: object) -> Callable[[dict[str, Any]], None]:
    def change(stated: dict[str, Any]) -> None:
        stated["outputs"][0]["data"][5] = value

    return change


LIES = {
    "another id": changed(lambda stated: stated.update(id="other")),
    "no id": changed(lambda stated: stated.pop("id")),
    "no outputs": changed(lambda stated: stated.pop("outputs")),
    "outputs of another kind": changed(lambda stated: stated.update(outputs=[3])),
    "another output": changed(output("name", "labels")),
    "whole numbers": changed(output("datatype", "INT64")),
    "fewer numbers than the shape": changed(output("shape", [3, 385])),
    "another shape": changed(output("shape", [384, 3])),
    "a shape of one side": changed(output("shape", [3 * 384])),
    "a shape of words": changed(output("shape", ["3", "384"])),
    "a shape below zero": changed(output("shape", [-3, -384])),
    "a shape of many sides": changed(output("shape", [1] * 70 + [3, 384])),
    "a shape beyond any": changed(
        lambda stated: stated["outputs"][0].update(shape=[0, 10**30], data=[])
    ),
    "a list for a name": changed(output("name", ["vectors"])),
    "a list for a type": changed(output("datatype", ["FP32"])),
    "numbers whose squares are none": changed(output("data", [1e300] * 3 * 384)),
    "no data": changed(lambda stated: stated["outputs"][0].pop("data")),
    "ragged rows": changed(output("data", [[1.0], [2.0, 3.0]])),
    "words": changed(number("0.5")),
    "null": changed(number(None)),
    "truth": changed(output("data", [True] * 3 * 384)),
    "NaN": changed(number(float("nan"))),
    "infinity": changed(number(float("inf"))),
    "too large a number": saying(b'{"id": "x", "outputs": [{"name": "vectors", "data": [1e999]}]}'),
    "vectors of no length": changed(output("data", [0.0] * 3 * 384)),
    "a size that is none": changed(output("parameters", {"binary_data_size": -4})),
    "more binary than there is": changed(output("parameters", {"binary_data_size": 4608})),
    "no JSON": saying(b"<html>"),
    "no object": saying(b"[1]"),
    "nothing": saying(b""),
    "too long": saying(b" " * 1_000_000),
    "deep": saying(b"[" * 60_000),
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_answer_that_is_none_is_refused(server: InferenceStandIn, lie: str) -> None:
    server.play(LIES[lie])
    engine = engine_of(server)
    await engine.learn()

    with pytest.raises(RemoteFailure) as failed:
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert failed.value.kind == "bad_answer"
    assert not failed.value.passing


@pytest.mark.parametrize("stated", ["-1", "many", "99999999", "9" * 5_000, "²"])
async def test_so_is_one_whose_json_has_no_length(server: InferenceStandIn, stated: str) -> None:
    headers = {"Inference-Header-Content-Length": stated.encode().decode("latin-1")}
    server.play(with_headers(headers))
    engine = engine_of(server)

    with pytest.raises(RemoteFailure, match="length"):
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()


async def test_a_packed_answer_is_refused(server: InferenceStandIn) -> None:
    headers = {"Content-Encoding": "gzip"}
    server.play(with_headers(headers))
    engine = engine_of(server)

    with pytest.raises(RemoteFailure, match="packed"):
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()


@pytest.mark.parametrize(
    ("code", "kind", "passing"),
    [
        (400, "refused", False),
        (422, "refused", False),
        (401, "unavailable", False),
        (404, "unavailable", False),
        (500, "unavailable", False),
        (429, "overloaded", True),
        (502, "unavailable", True),
        (503, "overloaded", True),
        (504, "unavailable", True),
        (302, "unavailable", False),
    ],
)
async def test_a_status_says_whether_another_try_helps(
    server: InferenceStandIn, code: int, kind: str, passing: bool
) -> None:
    server.play(status(code, {"error": "Registered nurse: not accepted"}, Retry_After="3"))
    engine = engine_of(server)

    with pytest.raises(RemoteFailure) as failed:
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert (failed.value.kind, failed.value.passing) == (kind, passing)
    assert failed.value.message == f"The remote encoder answered {code}."
    assert failed.value.retry_after_s == (3.0 if passing else None)


async def test_a_model_that_is_not_there_is_found_out(server: InferenceStandIn) -> None:
    engine = engine_of(server, model="a/b ?")

    await engine.learn()
    with pytest.raises(RemoteFailure, match="404"):
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()


async def test_readiness_is_a_matter_of_the_status(
    speaks: OpenInference, server: InferenceStandIn
) -> None:
    engine = engine_of(server)

    assert await engine.is_ready()
    speaks.ready = False
    assert not await engine.is_ready()
    await engine.close()


def test_a_model_is_known_by_its_metadata() -> None:
    text = {"name": "TEXT", "datatype": "BYTES", "shape": [-1]}
    tokens = {"name": "token_embeddings", "datatype": "FP32", "shape": [-1, -1, 384]}
    vectors = {"name": "sentence_embedding", "datatype": "FP16", "shape": [-1, 384]}

    face = face_of(
        {
            "inputs": [text],
            "outputs": [tokens, vectors],
            "parameters": {"precision": "FP16"},
        }
    )

    assert face == ModelFace("TEXT", column=False, output="sentence_embedding", precision="fp16")
    assert face_of({}) == ModelFace()
    assert face_of({"inputs": None, "outputs": "", "parameters": 3}) == ModelFace()


@pytest.mark.parametrize(
    "odd",
    [
        {"datatype": ["FP32"]},
        {"datatype": None},
        {"name": ["text"]},
        {"name": 7},
    ],
)
def test_a_tensor_whose_name_or_type_is_none_is_no_tensor(odd: dict[str, Any]) -> None:
    tensor = {"name": "text", "datatype": "BYTES", "shape": [-1], **odd}

    with pytest.raises(RemoteFailure, match="takes no texts"):
        face_of({"inputs": [tensor]})
    with pytest.raises(RemoteFailure, match="gives no vectors"):
        face_of({"outputs": [{**tensor, **odd}]})


@pytest.mark.parametrize("shape", [1, "-1,1", None, {}, {"a": 1, "b": 2}])
def test_a_shape_that_is_none_is_taken_for_one_of_texts_alone(shape: object) -> None:
    texts = {"name": "text", "datatype": "BYTES", "shape": shape}

    assert face_of({"inputs": [texts]}) == ModelFace("text", column=False)


@pytest.mark.parametrize(
    ("configured", "precision"),
    [
        ({"parameters": {"precision": {"string_value": "int8"}}}, "int8"),
        ({"parameters": {"precision": "int8"}}, None),
        ({"parameters": []}, None),
        ({}, None),
    ],
)
def test_triton_states_a_precision_in_its_configuration(
    configured: dict[str, Any], precision: str | None
) -> None:
    assert configured_face(ModelFace("TEXT"), configured) == ModelFace("TEXT", precision=precision)


@pytest.mark.parametrize(
    "stated",
    [
        {"inputs": [{"name": "input_ids", "datatype": "INT64", "shape": [-1, -1]}]},
        {"outputs": [{"name": "label", "datatype": "BYTES", "shape": [-1]}]},
    ],
)
def test_a_model_that_is_no_encoder_of_texts_says_so(stated: dict[str, Any]) -> None:
    with pytest.raises(RemoteFailure, match="its model"):
        face_of(stated)


async def test_texts_travel_as_they_are(server: InferenceStandIn) -> None:
    engine = engine_of(server)

    await engine.embed(["half \ud83e of a pair", 'a "quoted"\x00 line\n'], n_dims=384)
    await engine.close()

    sent = json.loads(server.inferences[0].body)["inputs"][0]["data"]
    assert sent == ["half ? of a pair", 'a "quoted"\x00 line\n']


async def test_a_version_stands_in_every_path(
    speaks: OpenInference, expected: Float32Array
) -> None:
    with InferenceStandIn(OneVersion(speaks, f"{MODEL}/versions/2")) as server:
        engine = engine_of(server, f"{MODEL}@2")
        await engine.learn()
        found = await engine.embed(TEXTS, n_dims=384)
        is_ready = await engine.is_ready()
        await engine.close()
        other = engine_of(server)
        with pytest.raises(RemoteFailure, match="404"):
            await other.embed(TEXTS, n_dims=384)
        await other.close()

    assert is_ready
    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)
