"""The Open Inference Protocol over the whole app: what each route answers, and each refusal."""

from __future__ import annotations

import gzip
import hashlib
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
from pydantic import SecretStr

from ml_service.app.open_inference.requests import JSON_BYTES_HEADER
from ml_service.bootstrap.database import open_database
from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.bootstrap.service import Service, service_over
from ml_service.settings import Settings
from tests.documents import resume_text
from tests.integration.conftest import client_of, client_over
from tests.model_shelves import shelf_with_occupations
from tests.people import PEOPLE
from tests.plain_graphs import ROOTS, shelve_roots

ENCODER = "/v2/models/all-MiniLM-L6-v2"
CAREER = "/v2/models/occupations"
GRAPH = f"/v2/models/{ROOTS}"
RESUME = resume_text(PEOPLE[0])
PAIR = {"name": "values", "shape": [1, 2], "datatype": "FP32", "data": [4.0, 9.0]}
NAME = {"name": "names", "shape": [1], "datatype": "BYTES", "data": ["Jürgen"]}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("open_inference")
    shelf_with_occupations(folder / "models")
    shelve_roots(folder / "models")
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        models_dir=folder / "models",
        parse_workers=1,
        jobs_provider="off",
        rate_limit_default="off",
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own_engine(settings: Settings) -> AsyncIterator[Engine]:
    async with running_engine(settings) as engine:
        yield engine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(own_engine: Engine, settings: Settings) -> AsyncIterator[Service]:
    async with (
        open_database(settings) as database,
        service_over(own_engine, database, settings) as service,
    ):
        yield service


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(service: Service, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_over(service, settings) as client:
        yield client


pytestmark = pytest.mark.asyncio(loop_scope="session")


def texts(*said: str) -> dict[str, Any]:
    return {"name": "text", "shape": [len(said)], "datatype": "BYTES", "data": list(said)}


def in_binary(tensor: dict[str, Any], n_bytes: int) -> dict[str, Any]:
    stated = {name: value for name, value in tensor.items() if name != "data"}
    return {**stated, "parameters": {"binary_data_size": n_bytes}}


async def infer(api: httpx.AsyncClient, model: str, **stated: Any) -> httpx.Response:
    return await api.post(f"{model}/infer", json=stated)


def outputs_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {output["name"]: output for output in answer.json()["outputs"]}


def refusal(answer: httpx.Response) -> str:
    """Every refusal has the protocol's body and this service's id of the request."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert set(told) == {"error", "code", "request_id"}
    assert told["request_id"] == answer.headers["x-request-id"]
    return str(told["error"])


async def test_the_server_says_what_it_is(api: httpx.AsyncClient) -> None:
    assert (await api.get("/v2/health/live")).json() == {"live": True}
    assert (await api.get("/v2/health/ready")).json() == {"ready": True}
    server = (await api.get("/v2")).json()
    assert server["name"] == "ml-service"
    assert "binary_tensor_data" in server["extensions"]
    models = (await api.get("/v2/models")).json()["models"]
    assert models == ["all-MiniLM-L6-v2", "occupations", ROOTS]


async def test_vectors_are_those_of_the_encoder(api: httpx.AsyncClient, own_engine: Engine) -> None:
    said = ["Registered nurse in intensive care", "Köchin"]
    expected = await own_engine.encoder.embed_documents(said)

    answer = await infer(api, ENCODER, id="r-7", inputs=[texts(*said)])
    embeddings = await api.post("/api/v1/embeddings", json={"texts": said})

    vectors = outputs_of(answer)["vectors"]
    assert vectors["shape"] == [2, 384]
    assert np.array_equal(
        np.array(vectors["data"], dtype=np.float32).reshape(2, 384), expected.vectors
    )
    assert np.array_equal(
        np.array(embeddings.json()["vectors"], dtype=np.float32), expected.vectors
    )
    told = answer.json()
    ref = own_engine.encoder.ref
    assert (told["model_name"], told["model_version"]) == (ref.model_id, ref.revision)
    assert told["id"] == "r-7"
    assert told["parameters"] == {"precision": ref.precision, "engine": ref.engine}


async def test_a_resume_gets_the_career_paths_that_an_upload_gets(api: httpx.AsyncClient) -> None:
    answer = await infer(api, CAREER, inputs=[texts(RESUME)])

    outputs = outputs_of(answer)
    assert [outputs[name]["shape"] for name in outputs] == [[1, 5], [1, 5], [1, 5], [1]]
    assert outputs["career_path"]["data"][0] == "Software Developers"
    assert outputs["soc_code"]["data"][0] == "15-1252.00"
    assert outputs["confidence"]["data"] == sorted(outputs["confidence"]["data"], reverse=True)
    assert outputs["abstained"]["data"] == [False]
    assert answer.json()["parameters"] == {"arm": "champion"}


async def test_a_graph_takes_and_gives_every_kind_of_tensor(api: httpx.AsyncClient) -> None:
    answer = await infer(api, GRAPH, inputs=[PAIR, NAME])

    outputs = outputs_of(answer)
    assert outputs["roots"]["data"] == [2.0, 3.0]
    assert (outputs["halves"]["datatype"], outputs["halves"]["data"]) == ("FP16", [4.0, 9.0])
    assert outputs["same_names"]["data"] == ["Jürgen"]


async def test_tensors_go_in_binary_both_ways(api: httpx.AsyncClient) -> None:
    name = "Jürgen".encode()
    raw = struct.pack("<2f", 4.0, -1.0) + struct.pack("<I", len(name)) + name
    stated = {
        "inputs": [
            in_binary(PAIR, 8),
            in_binary(NAME, 4 + len(name)),
        ],
        "outputs": [
            {"name": "same_names"},
            {"name": "roots", "parameters": {"binary_data": True}},
            {"name": "halves", "parameters": {"binary_data": True}},
        ],
    }
    head = json.dumps(stated).encode()

    answer = await api.post(
        f"{GRAPH}/infer", content=head + raw, headers={JSON_BYTES_HEADER: str(len(head))}
    )

    n_bytes = int(answer.headers[JSON_BYTES_HEADER])
    names, roots, halves = json.loads(answer.content[:n_bytes])["outputs"]
    assert names["data"] == ["Jürgen"]
    assert [out["parameters"] for out in (roots, halves)] == [
        {"binary_data_size": 8},
        {"binary_data_size": 4},
    ]
    root, nan, *half = struct.unpack("<2f2e", answer.content[n_bytes:])
    assert (root, half) == (2.0, [4.0, -1.0])
    assert np.isnan(nan)


async def test_nan_is_refused_in_json_with_what_to_do(api: httpx.AsyncClient) -> None:
    answer = await infer(api, GRAPH, inputs=[{**PAIR, "data": [4.0, -1.0]}, NAME])

    assert answer.status_code == 400
    assert "binary_data" in refusal(answer)


async def test_a_body_may_be_packed(api: httpx.AsyncClient) -> None:
    packed = gzip.compress(json.dumps({"inputs": [PAIR, NAME]}).encode())

    taken = await api.post(f"{GRAPH}/infer", content=packed, headers={"Content-Encoding": "gzip"})
    refused = await api.post(f"{GRAPH}/infer", content=packed, headers={"Content-Encoding": "br"})

    assert outputs_of(taken)["roots"]["data"] == [2.0, 3.0]
    assert refused.status_code == 415
    assert "gzip or deflate" in refusal(refused)


async def test_the_repository_loads_and_unloads(api: httpx.AsyncClient) -> None:
    async def state() -> tuple[str, str]:
        index = (await api.post("/v2/repository/index")).json()
        (found,) = (entry for entry in index if entry["name"] == ROOTS)
        return found["state"], found["reason"]

    assert (await api.post(f"/v2/repository/models/{ROOTS}/load")).json() == {
        "name": ROOTS,
        "load": True,
    }
    assert await state() == ("READY", "")
    assert (await api.post(f"/v2/repository/models/{ROOTS}/unload")).status_code == 200
    assert (await state())[0] == "UNAVAILABLE"
    ready = (await api.post("/v2/repository/index", json={"ready": True})).json()
    assert [entry["name"] for entry in ready] == ["all-MiniLM-L6-v2", "occupations"]
    assert (await api.get(f"{GRAPH}/ready")).json() == {"name": ROOTS, "ready": True}
    assert (await state())[0] == "READY"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v2/models/nobody", None, 404),
        ("GET", "/v2/models/nobody/ready", None, 404),
        ("GET", f"{CAREER}/versions/ffffffffffff", None, 404),
        ("GET", f"{CAREER}/versions/latest/ready", None, 404),
        ("GET", f"{ENCODER}/versions/1", None, 404),
        ("GET", f"{CAREER}/versions/challenger", None, 404),
        ("POST", "/v2/models/nobody/infer", {"inputs": [PAIR]}, 404),
        ("POST", f"{GRAPH}/infer", {"inputs": []}, 400),
        ("POST", f"{GRAPH}/infer", {"inputs": [PAIR]}, 400),
        ("POST", f"{GRAPH}/infer", {"inputs": [{**PAIR, "shape": [2]}, NAME]}, 400),
        ("POST", f"{GRAPH}/infer", {"inputs": [PAIR, NAME], "outputs": [{"name": "x"}]}, 400),
        ("POST", f"{CAREER}/infer", {"inputs": [texts("no resume")]}, 400),
        ("POST", f"{CAREER}/infer", {"inputs": [texts(*[RESUME] * 17)]}, 413),
        ("POST", f"{ENCODER}/infer", {"inputs": [texts("x" * 4_000_000)]}, 413),
        ("POST", f"{ENCODER}/infer", {"inputs": [texts("x" * 11_000_000)]}, 413),
        ("POST", "/v2/repository/index", [], 400),
        ("POST", "/v2/repository/models/nobody/load", {}, 404),
        ("POST", f"/v2/repository/models/{ROOTS}/load", {"parameters": {"config": "{}"}}, 400),
        ("POST", f"/v2/repository/models/{ROOTS}/load", {"parameters": {"file:a": ""}}, 400),
        ("POST", "/v2/repository/models/nobody/unload", {}, 404),
        ("POST", "/v2/repository/models/occupations/unload", {}, 409),
        ("POST", "/v2/repository/models/all-MiniLM-L6-v2/unload", {}, 409),
        ("GET", "/v2/nothing", None, 404),
        ("GET", "/v2?colour=blue", None, 400),
        ("DELETE", "/v2/models", None, 405),
    ],
)
async def test_a_refusal_has_the_status_and_the_body_of_the_protocol(
    api: httpx.AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    answer = await api.request(method, path, json=body)

    assert answer.status_code == status
    assert refusal(answer)


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ([PAIR], "Input 'names'"),
        ([{**PAIR, "shape": [2]}, NAME], "Input 'values'"),
        ([{**PAIR, "datatype": "FP64"}, NAME], "Input 'values'"),
        ([PAIR, NAME, {**NAME, "name": "more"}], "input 'more'"),
    ],
)
async def test_an_input_that_does_not_fit_is_named(
    api: httpx.AsyncClient, inputs: list[dict[str, Any]], named: str
) -> None:
    assert named in refusal(await infer(api, GRAPH, inputs=inputs))


async def test_who_asks_for_a_model_that_is_not_there_learns_where_they_are_listed(
    api: httpx.AsyncClient,
) -> None:
    said = refusal(await api.get("/v2/models/nobody"))

    listed = [word for word in said.split() if word.startswith("/")]
    assert listed == ["/api/v1/models", "/v2/models"]
    for path in listed:
        assert "roots" in (await api.get(path)).text


async def test_a_full_service_says_when_to_come_back(
    service: Service, api: httpx.AsyncClient
) -> None:
    held = [service.hosting.permits.take() for _ in range(service.hosting.permits.limit)]
    for permit in held:
        permit.__enter__()
    try:
        answers = [
            await infer(api, GRAPH, inputs=[PAIR, NAME]),
            await api.post("/api/v1/embeddings", json={"texts": ["a"]}),
        ]
    finally:
        for permit in held:
            permit.__exit__(None, None, None)

    assert "in work" in refusal(answers[0])
    assert answers[1].json()["code"] == "overloaded"
    assert [answer.status_code for answer in answers] == [503, 503]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
    assert (await infer(api, GRAPH, inputs=[PAIR, NAME])).status_code == 200


async def test_keys_and_limits_answer_in_the_protocol_too(
    own_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    keys = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("read", "write", "admin")}
    said = ",".join(f"{name}:{name}:{digest}" for name, digest in keys.items())
    guarded = settings.model_copy(
        update={
            "api_keys": SecretStr(said),
            "data_dir": tmp_path,
            "rate_limit_default": "20/minute",
        }
    )
    load = f"/v2/repository/models/{ROOTS}/load"
    async with client_of(own_engine, guarded) as api:

        async def asked(method: str, path: str, key: str, body: Any = None) -> httpx.Response:
            return await api.request(method, path, json=body, headers={"X-API-Key": key})

        call = {"inputs": [PAIR, NAME]}
        assert (await api.get("/v2/health/ready")).status_code == 200
        unkeyed = await api.get("/v2")
        assert (unkeyed.status_code, bool(refusal(unkeyed))) == (401, True)
        assert (await asked("GET", GRAPH, "read")).status_code == 200
        assert (await asked("POST", "/v2/repository/index", "read")).status_code == 200
        for path, key, status in (
            (f"{GRAPH}/infer", "read", 200),
            (load, "write", 403),
            (load, "admin", 200),
        ):
            assert (await asked("POST", path, key, call)).status_code == status
        limited = [await asked("GET", "/v2", "read") for _ in range(20)][-1]
        assert (limited.status_code, bool(refusal(limited))) == (429, True)
        assert int(limited.headers["retry-after"]) >= 1
