"""Two revisions of the shipped model in one service: aliases, traffic, a shadow, removal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
from pydantic import SecretStr

from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.bootstrap.models import model_shelf
from ml_service.domain.prediction import ModelRef
from ml_service.hosting.model_files import (
    WEIGHTS_FILE,
    Manifest,
    read_arrays,
    read_manifest,
    write_model,
)
from ml_service.hosting.shelf import ModelShelf
from ml_service.settings import Settings
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.model_shelves import shelf_with_occupations
from tests.people import PEOPLE

OCCUPATIONS = "/api/v1/models/occupations"


def another_revision(shelf: ModelShelf) -> str:
    """Weights that differ in the last place of one of them."""
    _, folder = shelf.champion("occupations")
    manifest = read_manifest(folder)
    arrays = read_arrays(folder, manifest)
    name = next(name for name, array in arrays.items() if array.dtype.kind == "f" and array.size)
    changed = arrays[name].copy()
    changed.flat[0] = np.nextafter(changed.flat[0], changed.dtype.type(np.inf))

    def write(into: Path) -> Manifest:
        return write_model(into, {**arrays, name: changed}, manifest)

    return shelf.add("occupations", write)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hosting")
    shelf_with_occupations(folder / "models")
    return Settings(
        _env_file=None,
        data_dir=folder / "data",
        models_dir=folder / "models",
        parse_workers=1,
        jobs_provider="off",
        rate_limit_uploads="off",
        rate_limit_default="off",
    )


@pytest.fixture(scope="module")
def second(settings: Settings) -> str:
    return another_revision(model_shelf(settings))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hosting(settings: Settings, second: str) -> AsyncIterator[Engine]:
    async with running_engine(settings) as engine:
        yield engine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(hosting: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(hosting, settings) as client:
        yield client


@pytest.fixture
def first(hosting: Engine) -> str:
    return hosting.models.default.revision


async def registered(api: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    answer = await api.get(OCCUPATIONS)
    assert answer.status_code == 200, answer.text
    return {row["revision"]: row for row in answer.json()["data"]}


async def upload(
    api: httpx.AsyncClient, *, status: int = 201, at: int = 0, **fields: str
) -> dict[str, Any]:
    answer = await api.post(
        "/predict", files={"file": ("resume.pdf", resume_pdf(PEOPLE[at]))}, data=fields
    )
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def put(api: httpx.AsyncClient, path: str, body: object, *, status: int = 200) -> Any:
    answer = await api.put(f"{OCCUPATIONS}/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_registry_tells_what_there_is_and_how_it_stands(
    api: httpx.AsyncClient, first: str, second: str
) -> None:
    rows = await registered(api)

    assert rows[first]["aliases"] == ["champion"]
    assert (rows[first]["state"], rows[second]["state"]) == ("ready", "registered")
    assert rows[first]["kind"] == "career"
    assert rows[first]["sha256"].startswith(first)
    assert rows[first]["memory_bytes"] > 1_000_000
    assert rows[second]["memory_bytes"] is None
    everything = (await api.get("/api/v1/models")).json()
    assert {row["model_id"] for row in everything["data"]} == {"occupations"}
    (encoder,) = everything["encoders"]
    assert (encoder["state"], encoder["model_id"]) == ("ready", "all-MiniLM-L6-v2")
    health = (await api.get("/api/v1/health")).json()
    assert health["status"] == "ready"


async def test_a_revision_is_promoted_under_the_same_service(
    api: httpx.AsyncClient, first: str, second: str
) -> None:
    before = await upload(api, user_id="swap")
    told = await put(api, "aliases/champion", {"revision": second})
    after = await upload(api, user_id="swap")

    assert (told["revision"], told["state"], told["aliases"]) == (second, "ready", ["champion"])
    assert before["model"] == {"model_id": "occupations", "revision": first, "arm": "champion"}
    assert after["model"]["revision"] == second
    assert after["career_path"] == before["career_path"]
    assert (await registered(api))[first]["state"] in {"draining", "unloaded"}
    explained = await api.get(f"/predictions/{before['prediction_id']}/explanation")
    assert explained.status_code == 200, explained.text
    await put(api, "aliases/champion", {"revision": first})


async def test_a_torn_revision_is_not_promoted(
    api: httpx.AsyncClient, settings: Settings, first: str
) -> None:
    shelf = model_shelf(settings)
    torn = await asyncio.to_thread(another_revision_of_zeros, shelf)

    told = await put(api, "aliases/champion", {"revision": torn}, status=503)

    assert told["code"] == "weights_mismatch"
    rows = await registered(api)
    assert rows[torn]["state"] == "failed"
    assert rows[torn]["reason"] == told["detail"]
    assert rows[first]["aliases"] == ["champion"]
    assert (await upload(api))["model"]["revision"] == first
    removed = await api.delete(f"{OCCUPATIONS}/{torn}")
    assert removed.status_code == 204
    assert torn not in await registered(api)


def another_revision_of_zeros(shelf: ModelShelf) -> str:
    _, folder = shelf.champion("occupations")
    manifest = read_manifest(folder)

    def write(into: Path) -> Manifest:
        whole = write_model(into, {"nothing": np.zeros(3)}, manifest)
        (into / WEIGHTS_FILE).write_bytes(b"torn")
        return whole

    return shelf.add("occupations", write)


async def test_a_request_names_its_version(api: httpx.AsyncClient, first: str, second: str) -> None:
    for version in (second, first):
        named = await upload(api, model=f"occupations@{version}", at=1)
        assert named["model"] == {"model_id": "occupations", "revision": version, "arm": None}
    refused = await upload(api, status=404, model="occupations@ffffffffffff")
    assert refused["code"] == "model_not_found"
    challenger = await upload(api, status=404, model="occupations@challenger")
    assert challenger["code"] == "model_not_found"


async def test_traffic_is_shared_and_its_arms_are_counted(
    api: httpx.AsyncClient, first: str, second: str
) -> None:
    await put(api, "aliases/challenger", {"revision": second})
    shared = await put(api, "traffic", {"weights": {"champion": 1, "challenger": 1}})
    assert shared["weights"] == {"champion": 0.5, "challenger": 0.5}
    assert shared["arms"] == []

    made = [await upload(api, user_id=f"user-{at}", at=at % 3) for at in range(12)]
    again = [await upload(api, user_id=f"user-{at}", at=at % 3, status=200) for at in range(12)]

    assert [row["model"] for row in again] == [row["model"] for row in made]
    arms = [row["model"]["arm"] for row in made]
    assert set(arms) == {"champion", "challenger"}
    judged = next(row for row in made if row["model"]["arm"] == "challenger")
    patched = await api.patch(f"/predictions/{judged['prediction_id']}", json={"feedback": "wrong"})
    assert patched.status_code == 200
    told = await figures_of(api, n_measured=12)
    assert {arm["arm"]: arm["n_answered"] for arm in told} == {
        name: arms.count(name) for name in ("champion", "challenger")
    }
    assert {arm["arm"]: arm["accuracy"] for arm in told} == {"champion": None, "challenger": 0.0}
    assert all(arm["mean_s"] > 0 for arm in told)
    in_use = await api.delete(f"{OCCUPATIONS}/{second}")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "model_in_use")


async def figures_of(api: httpx.AsyncClient, *, n_measured: int) -> list[dict[str, Any]]:
    """What arms answered is noted after the answers were given."""
    async with asyncio.timeout(20):
        while True:
            told: list[dict[str, Any]] = (await api.get(f"{OCCUPATIONS}/traffic")).json()["arms"]
            n_noted = sum(arm["n_answered"] for arm in told if arm["mean_s"] is not None)
            if n_noted + sum(arm["n_shadowed"] for arm in told) >= n_measured:
                return told
            await asyncio.sleep(0.1)


async def test_a_shadow_sees_what_is_answered_and_agrees_or_not(
    api: httpx.AsyncClient, first: str, second: str
) -> None:
    await put(api, "traffic", {"weights": {"champion": 1}, "shadow": "challenger"})
    made = [await upload(api, user_id=f"other-{at}", at=at) for at in range(3)]

    assert {row["model"]["revision"] for row in made} == {first}
    told = {arm["arm"]: arm for arm in await figures_of(api, n_measured=6)}
    assert (told["challenger"]["n_shadowed"], told["challenger"]["agreement"]) == (3, 1.0)
    assert (told["challenger"]["revision"], told["challenger"]["n_answered"]) == (second, 0)
    await put(api, "traffic", {"weights": {"champion": 1}})
    dropped = await api.delete(f"{OCCUPATIONS}/aliases/challenger")
    assert dropped.status_code == 204


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("aliases/winner", {"revision": "aaaaaa"}, 422, "invalid_request"),
        ("aliases/champion", {"revision": "ffffffffffff"}, 404, "model_not_found"),
        ("aliases/champion", {"revision": "../../etc"}, 404, "model_not_found"),
        ("traffic", {"weights": {"winner": 1}}, 422, "invalid_request"),
        ("aliases/champion", {}, 422, "invalid_request"),
        ("traffic", {"weights": {}}, 422, "invalid_request"),
        ("traffic", {"weights": {"champion": -1}}, 422, "invalid_request"),
        ("traffic", {"weights": {"champion": 1e308}}, 422, "invalid_request"),
        ("traffic", {"weights": {"challenger": 1}}, 404, "model_not_found"),
    ],
)
async def test_what_cannot_be_done_is_told(
    api: httpx.AsyncClient, path: str, body: object, status: int, code: str
) -> None:
    assert (await put(api, path, body, status=status))["code"] == code


async def test_the_registry_is_changed_by_admins_alone(
    hosting: Engine, settings: Settings, tmp_path: Path, first: str
) -> None:
    writer = "writer:write:" + "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    guarded = settings.model_copy(update={"api_keys": SecretStr(writer), "data_dir": tmp_path})
    async with client_of(hosting, guarded) as client:
        client.headers["X-API-Key"] = "secret"
        listed = await client.get(OCCUPATIONS)
        refused = [
            await client.put(f"{OCCUPATIONS}/aliases/champion", json={"revision": first}),
            await client.put(f"{OCCUPATIONS}/traffic", json={"weights": {"champion": 1}}),
            await client.delete(f"{OCCUPATIONS}/{first}"),
        ]
    assert listed.status_code == 200
    assert [answer.status_code for answer in refused] == [403, 403, 403]


async def test_anonymous_callers_are_no_admins(
    hosting: Engine, settings: Settings, tmp_path: Path, first: str
) -> None:
    open_to_all = settings.model_copy(update={"allow_anonymous": True, "data_dir": tmp_path})
    async with client_of(hosting, open_to_all) as client:
        client.headers["X-Forwarded-For"] = "203.0.113.9"
        refused = await client.put(f"{OCCUPATIONS}/aliases/champion", json={"revision": first})
    assert refused.status_code == 403


async def test_a_header_names_the_version_as_the_field_does(
    api: httpx.AsyncClient, second: str
) -> None:
    document = {"file": ("resume.pdf", resume_pdf(PEOPLE[2]))}
    named = {"X-Model": f"occupations@{second}"}

    answer = await api.post("/predict", files=document, headers=named)
    twice = await api.post("/predict", files=document, data={"model": "occupations"}, headers=named)

    assert answer.json()["model"] == {"model_id": "occupations", "revision": second, "arm": None}
    assert (twice.status_code, twice.json()["code"]) == (422, "invalid_request")


async def test_what_is_asked_for_is_loaded_at_the_start(settings: Settings, second: str) -> None:
    asked = settings.model_copy(update={"preload_models": (f"occupations@{second}",)})
    async with running_engine(asked) as engine:
        assert engine.host.state_of(ModelRef("occupations", second)).state == "ready"
