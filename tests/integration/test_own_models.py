"""Models that people send while the service runs, over HTTP, and rows for them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ml_service.bootstrap.engine import running_engine
from ml_service.settings import Settings
from tests.integration.conftest import client_of
from tests.model_shelves import shelf_with_occupations
from tests.onnx_graphs import classifier, echo, regressor, with_manifest

ADMIN, WRITER = {"X-API-Key": "the admin"}, {"X-API-Key": "a writer"}
KEYS = ",".join(
    f"{name}:{scope}:{sha256(secret.encode()).hexdigest()}"
    for name, scope, secret in (
        ("ops", "admin", ADMIN["X-API-Key"]),
        ("web", "write", WRITER["X-API-Key"]),
    )
)
RESUME = """Registered nurse
Experience
Intensive care nurse, City Hospital, 2016 to 2024
Looked after ventilated patients, gave medication, trained new colleagues and kept records
Ward nurse, County Hospital, 2012 to 2016
Surgical ward, wound care, discharge planning with families and social workers
Education
Bachelor of Science in Nursing, State University, 2012
Skills
Intensive care, triage, medication, electronic health records, patient education
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shelf_with_occupations(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def settings(folder: Path, data_dir: Path) -> Settings:
    return Settings(
        _env_file=None,
        models_dir=folder,
        data_dir=data_dir,
        jobs_provider="off",
        api_keys=KEYS,
        allow_model_upload=True,
        max_model_bytes=300_000,
        max_upload_bytes=20_000,
        rate_limit_default="off",
        parse_workers=1,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with running_engine(settings) as engine, client_of(engine, settings) as client:
        client.headers.update(ADMIN)
        yield client


def everything(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def send(api: httpx.AsyncClient, content: bytes, name: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", None)
    return await api.post(
        "/api/v1/upload-model",
        files={"model_file": ("model.bin", content)},
        data={"model_name": name, **more},
        headers=headers,
    )


async def predict(api: httpx.AsyncClient, name: str, rows: Any, **more: Any) -> httpx.Response:
    return await api.post("/api/v1/predict", json={"model_name": name, "input_data": rows, **more})


def refused(response: httpx.Response, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    problem = response.json()
    assert problem["code"] == code
    return str(problem["detail"])


@pytest.mark.asyncio(loop_scope="session")
async def test_a_graph_is_taken_and_answers_at_once(api: httpx.AsyncClient) -> None:
    sent = await send(api, with_manifest(classifier(), title="Sums"), "sums")

    assert sent.status_code == 201
    card = sent.json()
    assert (card["title"], card["kind"], card["aliases"]) == ("Sums", "onnx", ["champion"])
    assert (await api.get(sent.headers["Location"])).json()["features"] == card["features"]
    answer = (await predict(api, "sums", [[1, 1], [-1, -1]])).json()
    assert (answer["model_name"], answer["version"]) == ("sums", card["revision"])
    assert [row["label"] for row in answer["predictions"]] == ["yes", "no"]
    first = answer["predictions"][0]
    assert first["confidence"] == max(first["probabilities"].values())


@pytest.mark.asyncio(loop_scope="session")
async def test_the_same_again_is_the_same(api: httpx.AsyncClient) -> None:
    first = await send(api, regressor(), "again")
    second = await send(api, regressor(), "again")

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["revision"] == second.json()["revision"]


@pytest.mark.asyncio(loop_scope="session")
async def test_a_later_one_waits_until_it_is_promoted(api: httpx.AsyncClient) -> None:
    first = (await send(api, classifier(), "later")).json()["revision"]
    waits = (await send(api, classifier(2.0), "later")).json()
    promoted = (await send(api, classifier(3.0), "later", promote="true")).json()

    assert waits["aliases"] == []
    assert promoted["aliases"] == ["champion"]
    answered = [
        (await predict(api, "later", [1, 1], **asked)).json()["version"]
        for asked in ({}, {"version": "champion"}, {"version": first})
    ]
    assert answered == [promoted["revision"], promoted["revision"], first]


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_refused_leaves_nothing_and_is_noted(
    api: httpx.AsyncClient, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything(folder)

    with caplog.at_level(logging.INFO, logger="ml_service"):
        said = refused(await send(api, b"\x80\x04nothing", "evil"), 422, "model_refused")

    assert "skl2onnx" in said
    assert everything(folder) == before
    assert any("evil" in line and "(by ops)" in line for line in caplog.messages)


@pytest.mark.asyncio(loop_scope="session")
async def test_only_admins_may_send_models(api: httpx.AsyncClient) -> None:
    refused(await send(api, regressor(), "mine", headers=WRITER), 403, "forbidden")
    refused(await send(api, regressor(), "mine", headers={"X-API-Key": "x"}), 401, "unauthorized")
    refused(await predict(api, "mine", [1, 2]), 404, "model_not_found")


@pytest.mark.asyncio(loop_scope="session")
async def test_a_model_may_be_larger_than_a_resume_and_has_a_bound(
    api: httpx.AsyncClient,
) -> None:
    about = {"limits": ["".join(map(str, range(30_000)))]}
    large = await send(api, regressor(), "large", manifest=json.dumps({"about": about}))

    assert large.status_code == 201
    said = refused(await send(api, bytes(600_000), "large"), 413, "too_large")
    assert "0.3 MB" in said
    rows = [[1, 2]] * 60_000
    assert "0.02 MB" in refused(await predict(api, "large", rows), 413, "too_large")


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"model_name": "x"}, "/model_file"),
        ({"model_name": "Bad Name", "model_file": b"x"}, "/name"),
        ({"model_file": b"x"}, "/model_name"),
        ({"model_name": "x", "model_file": b"x", "promote": "maybe"}, "/promote"),
        ({"model_name": "x", "model_file": b"x", "colour": "red"}, "/colour"),
    ],
)
async def test_a_field_that_does_not_fit_is_named(
    api: httpx.AsyncClient, fields: dict[str, Any], pointer: str
) -> None:
    files = [
        (name, (None if isinstance(value, str) else "f", value)) for name, value in fields.items()
    ]
    response = await api.post("/api/v1/upload-model", files=files)

    refused(response, 422, "invalid_request")
    assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.asyncio(loop_scope="session")
async def test_half_an_upload_leaves_nothing(api: httpx.AsyncClient, folder: Path) -> None:
    request = api.build_request(
        "POST",
        "/api/v1/upload-model",
        files=[("model_file", ("m.onnx", regressor())), ("model_name", (None, b"half"))],
    )
    content = request.read()[:-4]
    headers = {"Content-Type": request.headers["Content-Type"]}

    response = await api.post("/api/v1/upload-model", content=content, headers=headers)

    assert "cut off" in refused(response, 422, "invalid_request")
    assert not (folder / "half").exists()


@pytest.mark.asyncio(loop_scope="session")
async def test_uploads_are_off_unless_they_are_allowed(
    api: httpx.AsyncClient, settings: Settings
) -> None:
    closed = settings.model_copy(update={"allow_model_upload": False})
    async with running_engine(closed) as engine, client_of(engine, closed) as client:
        client.headers.update(ADMIN)

        said = refused(await send(client, regressor(), "closed"), 403, "forbidden")
        # Nor may it be larger than a resume.
        refused(await send(client, bytes(250_000), "closed"), 413, "too_large")

    assert "ALLOW_MODEL_UPLOAD" in said


@pytest.mark.asyncio(loop_scope="session")
async def test_two_at_once_are_not_tried(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(send(api, echo(), f"at-once-{n}") for n in range(3)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, 503, 503]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert "Another model" in refused(busy, 503, "overloaded")
    assert int(busy.headers["Retry-After"]) > 0


@pytest.mark.asyncio(loop_scope="session")
async def test_a_row_that_does_not_fit_is_named(api: httpx.AsyncClient) -> None:
    await send(api, classifier(), "named")

    response = await predict(api, "named", [{"x_0": 1, "x_1": 2}, {"x_0": 1, "x_1": "two"}])

    refused(response, 422, "invalid_request")
    assert response.json()["errors"] == [
        {"detail": "x_1: this must be a number.", "pointer": "/input_data/1/x_1"}
    ]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("rows", [None, 7, "x", [], [[]], [None], {}, [{}], [[1]], [[1, 2], 3]])
async def test_odd_rows_are_refused_and_nothing_breaks(api: httpx.AsyncClient, rows: Any) -> None:
    await send(api, classifier(), "odd")

    refused(await predict(api, "odd", rows), 422, "invalid_request")
    refused(await predict(api, "occupations", rows), 422, "invalid_request")


@pytest.mark.asyncio(loop_scope="session")
async def test_inference_is_the_same_in_other_words(api: httpx.AsyncClient) -> None:
    await send(api, regressor(), "values")

    response = await api.post("/inference", json={"model_type": "values", "data": [1, 2]})

    answer = response.json()
    assert answer["model_type"] == "values"
    assert answer["predictions"][0]["value"] == 3.0
    assert answer["predictions"][0]["confidence"] is None


@pytest.mark.asyncio(loop_scope="session")
async def test_a_header_names_the_model_where_the_body_may(api: httpx.AsyncClient) -> None:
    revision = (await send(api, regressor(), "by-header")).json()["revision"]
    rows, same = {"input_data": [1, 2]}, {"data": [1, 2]}

    async def answer(path: str, header: str, body: dict[str, Any]) -> httpx.Response:
        return await api.post(path, json=body, headers={"X-Model": header})

    for header in ("by-header", f"by-header@{revision}"):
        told = (await answer("/api/v1/predict", header, rows)).json()
        assert (told["model_name"], told["version"]) == ("by-header", revision)
        assert (await answer("/inference", header, same)).json()["model_type"] == "by-header"
    agreed = await answer("/api/v1/predict", "by-header", {**rows, "model_name": "by-header"})
    assert agreed.json()["predictions"][0]["value"] == 3.0
    refused(await answer("/api/v1/predict", "nowhere", rows), 404, "model_not_found")
    for path, header, body, pointer in (
        ("/api/v1/predict", "by-header", {**rows, "model_name": "occupations"}, "/model_name"),
        ("/inference", "by-header", {**same, "model_type": "occupations"}, "/model_type"),
        ("/api/v1/predict", "by-header@champion", {**rows, "version": "champion"}, "/version"),
        ("/api/v1/predict", "", rows, "/X-Model"),
        ("/api/v1/predict", "x" * 129, rows, "/X-Model"),
    ):
        response = await answer(path, header, body)
        refused(response, 422, "invalid_request")
        assert response.json()["errors"][0]["pointer"] == pointer


@pytest.mark.asyncio(loop_scope="session")
async def test_words_that_could_not_be_told_again_leave_the_list_as_it_was(
    api: httpx.AsyncClient, folder: Path
) -> None:
    before = everything(folder)
    for metrics in ('{"n": ' * 900 + "1" + "}" * 900, '{"n": 1e999}', r'{"n": "\ud800"}'):
        manifest = f'{{"metrics": {{"held_out": {metrics}}}}}'
        refused(await send(api, regressor(), "odd-words", manifest=manifest), 422, "model_refused")

    assert everything(folder) == before
    assert (await api.get("/api/v1/models")).status_code == 200


@pytest.mark.asyncio(loop_scope="session")
async def test_a_career_model_reads_texts(api: httpx.AsyncClient) -> None:
    one = await api.post("/api/v1/predict", json={"input_data": {"text": RESUME}})
    two = await predict(api, "occupations@champion", [{"text": RESUME}] * 2)

    (row,) = one.json()["predictions"]
    assert row["label"] == row["career_paths"][0]["title"]
    assert row["confidence"] == row["career_paths"][0]["confidence"]
    assert row["probabilities"] is None
    assert two.json()["predictions"] == [row, row]
    mixed = await predict(api, "occupations", [{"text": RESUME}, {"text": "No resume."}])
    assert "input_data/1/text" in refused(mixed, 422, "not_a_resume")


@pytest.mark.asyncio(loop_scope="session")
async def test_other_versions_and_models_are_not_found(api: httpx.AsyncClient) -> None:
    refused(await predict(api, "nowhere", [1]), 404, "model_not_found")
    refused(await predict(api, "occupations", [1], version="0" * 12), 404, "model_not_found")
    refused(await predict(api, "occupations@champion", [1], version="champion"), 422,
            "invalid_request")  # fmt: skip
    refused(await api.get("/api/v1/models/occupations/0123456789ab"), 404, "model_not_found")


@pytest.mark.asyncio(loop_scope="session")
async def test_what_is_put_into_the_folder_by_hand_is_found(
    api: httpx.AsyncClient, folder: Path
) -> None:
    (folder / "by-hand.onnx").write_bytes(regressor())
    (folder / "broken.onnx").write_bytes(b"nothing")

    async with asyncio.timeout(30):
        while (await predict(api, "by-hand", [1, 2])).status_code == 404:
            await asyncio.sleep(0.2)
        while not (unreadable := (await api.get("/api/v1/models")).json()["unreadable"]):
            await asyncio.sleep(0.2)

    assert not (folder / "by-hand.onnx").exists()
    assert [told["name"] for told in unreadable] == ["broken.onnx"]
    assert "no ONNX graph" in unreadable[0]["reason"]


@pytest.mark.asyncio(loop_scope="session")
async def test_the_same_graph_answers_tensors(api: httpx.AsyncClient) -> None:
    await send(api, regressor(), "tensors")
    tensor = {"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}

    response = await api.post("/v2/models/tensors/infer", json={"inputs": [tensor]})

    assert response.json()["outputs"][0]["data"] == [3.0]
