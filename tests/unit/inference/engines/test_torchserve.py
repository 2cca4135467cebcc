"""TorchServe's inference API, against a server that says whatever a test wants."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ml_service.domain.ports import Float32Array
from ml_service.inference.engines.onnx import OnnxEngine
from ml_service.inference.engines.torchserve import TorchServeEngine
from ml_service.inference.remote.failures import RemoteFailure
from ml_service.inference.remote.token import BearerToken
from tests.inference_stand_in import (
    MODEL,
    InferenceStandIn,
    OneVersion,
    Play,
    TorchServe,
    changed,
    saying,
    status,
)

TEXTS = ("Registered nurse", "Größe: zwölf 🧑‍🍳", "")


@pytest.fixture(scope="module")
def expected(onnx: OnnxEngine) -> Float32Array:
    return onnx.embed_batch(TEXTS)


@pytest.fixture
def speaks(onnx: OnnxEngine) -> TorchServe:
    return TorchServe(onnx.embed_batch, key="abcd-_12")


@pytest.fixture
def server(speaks: TorchServe) -> Iterator[InferenceStandIn]:
    with InferenceStandIn(speaks) as server:
        yield server


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key_file.json"
    write_key(file, "abcd-_12")
    return file


def write_key(file: Path, key: str) -> None:
    keys = {"management": {"key": "other"}, "inference": {"key": key}, "API": {"key": "third"}}
    file.write_text(json.dumps(keys), encoding="utf-8")


def engine_of(server: InferenceStandIn, file: Path | None, model: str = MODEL) -> TorchServeEngine:
    return TorchServeEngine(server.url, model=model, token=BearerToken(file))


async def test_vectors_come_back(
    server: InferenceStandIn, key_file: Path, expected: Float32Array
) -> None:
    engine = engine_of(server, key_file)
    await engine.learn()
    found = await engine.embed(TEXTS, n_dims=384)
    is_ready = await engine.is_ready()
    await engine.close()

    assert is_ready
    assert found.precision == "int8-static"
    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)


async def test_a_bare_list_of_vectors_is_understood(
    server: InferenceStandIn, key_file: Path, expected: Float32Array
) -> None:
    server.play(saying(json.dumps(expected.tolist()).encode()))
    engine = engine_of(server, key_file)
    found = await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert found.vectors.shape == (3, 384)
    assert found.precision is None


async def test_a_new_token_is_read_once_from_its_file(
    speaks: TorchServe, server: InferenceStandIn, key_file: Path
) -> None:
    engine = engine_of(server, key_file)
    await engine.embed(TEXTS, n_dims=384)

    speaks.key = "newkey_8"
    write_key(key_file, "newkey_8")
    found = await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert len(found.vectors) == len(TEXTS)
    assert len(server.inferences) == 3


async def test_the_same_token_is_not_tried_again(
    speaks: TorchServe, server: InferenceStandIn, key_file: Path
) -> None:
    speaks.key = "another1"
    engine = engine_of(server, key_file)

    with pytest.raises(RemoteFailure, match="400 InvalidKeyException") as failed:
        await engine.embed(TEXTS, n_dims=384)
    is_ready = await engine.is_ready()
    await engine.close()

    # It is not the texts that are refused: the next ones would be as well.
    assert failed.value.kind == "unavailable"
    assert len(server.inferences) == 1
    assert not is_ready


@pytest.mark.parametrize(
    "content", ["", "{}", '{"inference": 3}', '{"inference": {"key": ""}}', "two words", "{"]
)
async def test_a_file_without_a_token_is_named(
    server: InferenceStandIn, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "key"
    file.write_text(content, encoding="utf-8")
    engine = engine_of(server, file)

    with pytest.raises(RemoteFailure, match="INFERENCE_TOKEN_FILE") as failed:
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert str(tmp_path) not in failed.value.message
    assert not server.inferences


async def test_a_file_may_hold_the_token_alone(server: InferenceStandIn, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("abcd-_12\n", encoding="utf-8")
    engine = engine_of(server, file)

    await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert server.inferences[0].headers["authorization"] == "Bearer abcd-_12"


ERRORS: dict[str, tuple[Play, str, str]] = {
    "handler raised": (
        status(
            503, {"code": 503, "type": "InternalServerException", "message": "Prediction failed"}
        ),
        "overloaded",
        "503 InternalServerException.",
    ),
    "no worker": (
        status(503, {"code": 503, "type": "ServiceUnavailableException"}),
        "overloaded",
        "503 ServiceUnavailableException.",
    ),
    "out of memory": (status(507, {"type": "InternalServerException"}), "unavailable", "507"),
    "too large": (status(413), "refused", "413."),
    "bad texts": (status(400, {"type": "BadRequestException"}), "refused", "BadRequestException"),
    "a page": (status(500, "<html>"), "unavailable", "500."),
    "a type that quotes": (status(500, {"type": "Jane Doe"}), "unavailable", "500."),
}


@pytest.mark.parametrize("name", ERRORS)
async def test_its_errors_are_named(server: InferenceStandIn, key_file: Path, name: str) -> None:
    play, kind, words = ERRORS[name]
    server.play(play)
    engine = engine_of(server, key_file)

    with pytest.raises(RemoteFailure, match=words) as failed:
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert failed.value.kind == kind
    assert "Jane" not in failed.value.message


@pytest.mark.parametrize(
    "lie",
    [
        changed(lambda stated: stated["vectors"].pop()),
        changed(lambda stated: stated["vectors"][0].pop()),
        changed(lambda stated: stated["vectors"][0].__setitem__(0, float("nan"))),
        changed(lambda stated: stated.pop("vectors")),
        saying(b'"vectors"'),
        saying(b"null"),
    ],
)
async def test_an_answer_that_is_none_is_refused(
    server: InferenceStandIn, key_file: Path, lie: Play
) -> None:
    server.play(lie)
    engine = engine_of(server, key_file)

    with pytest.raises(RemoteFailure) as failed:
        await engine.embed(TEXTS, n_dims=384)
    await engine.close()

    assert failed.value.kind == "bad_answer"


async def test_a_version_stands_in_its_path(
    speaks: TorchServe, key_file: Path, expected: Float32Array
) -> None:
    with InferenceStandIn(OneVersion(speaks, f"{MODEL}/1.0")) as server:
        engine = engine_of(server, key_file, f"{MODEL}@1.0")
        found = await engine.embed(TEXTS, n_dims=384)
        await engine.close()
        other = engine_of(server, key_file)
        with pytest.raises(RemoteFailure, match="404"):
            await other.embed(TEXTS, n_dims=384)
        await other.close()

    np.testing.assert_allclose(found.vectors, expected, atol=1e-6)
