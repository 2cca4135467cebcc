"""Intents with the encoder behind a real MLServer and a real TorchServe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ml_service.settings import Settings
from tests.engine_servers import EngineServer, mlserver, remote_settings, torchserve
from tests.integration.remote_service import becomes_ready, part_of_health, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

BATCH = "/api/v1/intents/classify/batch"
TEXTS = ["remote python jobs in Berlin since last week", "erase everything you know about me", "hm"]
TIMEOUT_S = 10.0
Server = Callable[[Path], AbstractContextManager[EngineServer]]


async def told(api: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await api.post(BATCH, json={"texts": TEXTS})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


@pytest.fixture
def usual(tmp_path: Path) -> dict[str, Any]:
    return {
        "inference_timeout_s": TIMEOUT_S,
        "data_dir": tmp_path / "data",
        "parse_workers": 1,
        "jobs_provider": "off",
    }


@pytest.mark.parametrize(
    ("server", "engine"), [(mlserver, "open-inference"), (torchserve, "torchserve")]
)
async def test_a_real_server_tells_the_same_intents(
    tmp_path: Path, usual: dict[str, Any], server: Server, engine: str
) -> None:
    async with served(Settings(_env_file=None, **usual)) as api:
        here = await told(api)
    with server(tmp_path / "server") as running:
        async with served(remote_settings(running, **usual)) as api:
            await becomes_ready(api)
            there, part = await told(api), await part_of_health(api, "intents")
            running.kill()
            lost = await api.post(BATCH, json={"texts": ["another text"]})

    assert [one["intent"] for one in there] == [one["intent"] for one in here]
    assert [one["slots"] for one in there] == [one["slots"] for one in here]
    assert [one["confidence"] for one in there] == pytest.approx(
        [one["confidence"] for one in here], abs=0.01
    )
    assert {one["encoder"]["engine"] for one in there} == {engine}
    assert {one["encoder"]["engine"] for one in here} == {"onnxruntime"}
    assert (part["mode"], part["model"], part["engine"]) == ("remote", "intents", engine)
    assert (lost.status_code, lost.json()["code"]) == (503, "model_unavailable")


async def test_the_declared_fallback_tells_them_and_is_named(
    tmp_path: Path, usual: dict[str, Any]
) -> None:
    usual["inference_mode"] = "remote-with-local-fallback"
    with mlserver(tmp_path / "server") as running:
        async with served(remote_settings(running, **usual)) as api:
            await becomes_ready(api)
            running.kill()
            results = await told(api)

    assert {one["encoder"]["engine"] for one in results} == {"onnxruntime"}
    assert {one["degraded_reason"] for one in results} == {"remote_encoder_unreachable"}
    assert [one["intent"] for one in results[:2]] == ["search_jobs", "delete_my_data"]
