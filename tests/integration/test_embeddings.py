"""``POST /api/v1/embeddings``: vectors, their bytes, their bounds."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import numpy as np
import pytest

from ml_service.bootstrap.engine import Engine

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAID = ["Registered nurse", "", "Köchin\nLine two", "Registered nurse"]


async def embed(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await api.post("/api/v1/embeddings", json=body)


async def test_texts_become_vectors_that_name_their_encoder(
    api: httpx.AsyncClient, engine: Engine
) -> None:
    expected = await engine.encoder.embed_documents(SAID)

    told = (await embed(api, texts=SAID)).json()

    ref = engine.encoder.ref
    assert told["model"] == {
        "model_id": ref.model_id,
        "revision": ref.revision,
        "precision": ref.precision,
        "engine": ref.engine,
    }
    assert told["n_dims"] == 384
    assert np.array_equal(np.array(told["vectors"], dtype=np.float32), expected.vectors)


async def test_base64_holds_the_same_numbers(api: httpx.AsyncClient) -> None:
    numbers = (await embed(api, texts=SAID)).json()["vectors"]
    packed = (await embed(api, texts=SAID, encoding="base64")).json()["vectors"]

    read = [np.frombuffer(base64.b64decode(row), dtype="<f4") for row in packed]
    assert np.array_equal(np.array(numbers, dtype=np.float32), np.array(read))


async def test_the_encoder_may_be_named_to_be_sure_of_it(
    api: httpx.AsyncClient, engine: Engine
) -> None:
    ref = engine.encoder.ref
    for model in (ref.model_id, f"{ref.model_id}@{ref.revision}"):
        assert (await embed(api, texts=["a"], model=model)).status_code == 200
    for model in ("another", f"{ref.model_id}@0123456789ab", "occupations"):
        refused = await embed(api, texts=["a"], model=model)
        assert (refused.status_code, refused.json()["code"]) == (404, "model_not_found")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "/texts"),
        ({"texts": []}, 422, "/texts"),
        ({"texts": ["a"] * 513}, 422, "/texts"),
        ({"texts": "a"}, 422, "/texts"),
        ({"texts": [1]}, 422, "/texts/0"),
        ({"texts": ["a"], "encoding": "hex"}, 422, "/encoding"),
        ({"texts": ["a"], "colour": "blue"}, 422, "/colour"),
        ({"texts": ["a" * 600_000] * 2}, 413, None),
    ],
)
async def test_bounds_are_told(
    api: httpx.AsyncClient, body: Any, status: int, field: str | None
) -> None:
    answer = await embed(api, **body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == ([field] if field else [])
