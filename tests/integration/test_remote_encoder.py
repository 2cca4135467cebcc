"""The service with its encoder behind a real MLServer: not there, there, killed, stopped, back."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ml_service.settings import Settings
from tests.documents import resume_pdf
from tests.engine_servers import EngineServer, mlserver, remote_settings
from tests.inference_stand_in import InferenceStandIn, OpenInference, another_model
from tests.integration.remote_service import becomes_ready, part_of_health, served
from tests.people import PEOPLE
from tests.service_process import free_port

pytestmark = pytest.mark.asyncio(loop_scope="module")

TIMEOUT_S = 3.0


def settings_of(server: EngineServer, tmp_path: Path, mode: str = "remote") -> Settings:
    return remote_settings(
        server,
        inference_mode=mode,
        inference_timeout_s=TIMEOUT_S,
        data_dir=tmp_path / "data",
        parse_workers=1,
        jobs_provider="off",
    )


async def upload(api: httpx.AsyncClient, person: int = 0) -> httpx.Response:
    files = {"file": ("resume.pdf", resume_pdf(PEOPLE[person]))}
    return await api.post("/predict", files=files, params={"force": "true"})


async def figures(api: httpx.AsyncClient) -> dict[str, float]:
    text = (await api.get("/metrics")).text
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "encoder" in sample.name
    }


async def test_a_service_waits_for_its_encoder_and_survives_its_end(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        _env_file=None,
        inference_mode="remote",
        inference_url=url,
        inference_timeout_s=TIMEOUT_S,
        data_dir=tmp_path / "data",
        parse_workers=1,
        jobs_provider="off",
    )
    async with served(settings) as api:
        part = await part_of_health(api, "encoder")
        ready = await api.get("/health/ready")
        early = await upload(api)

        assert ready.status_code == 503
        assert (part["state"], part["breaker"]) == ("not_ready", "open")
        assert part["reason"] == "The remote encoder cannot be reached."
        assert str(port) not in ready.text
        assert (early.status_code, early.json()["code"]) == (503, "model_unavailable")

        for number in range(2):
            with mlserver(tmp_path / f"mlserver{number}", port=port) as server:
                await becomes_ready(api)
                await a_prediction_is_made(api)
                await one_is_lost_when_the_server_is_killed(api, server)
        assert (await api.get("/health/ready")).status_code == 503


async def a_prediction_is_made(api: httpx.AsyncClient) -> None:
    answer = await upload(api)

    assert answer.status_code == 201, answer.text
    prediction = answer.json()
    assert prediction["encoder"] == {
        "model_id": "all-MiniLM-L6-v2",
        "revision": "53aa51172d14",
        "precision": "int8-static",
        "engine": "open-inference",
    }
    assert prediction["degraded_reason"] is None
    assert prediction["career_paths"][0]["soc_code"] == "15-1252.00"


async def one_is_lost_when_the_server_is_killed(
    api: httpx.AsyncClient, server: EngineServer
) -> None:
    server.stop()
    uploading = asyncio.create_task(upload(api))
    await asyncio.sleep(1.5)  # read by then, and sent
    killed_at = time.monotonic()
    server.kill()
    answer = await uploading

    assert (answer.status_code, answer.json()["code"]) == (503, "model_unavailable")
    assert time.monotonic() - killed_at < TIMEOUT_S
    for _ in range(3):
        assert (await upload(api)).status_code == 503
    assert (await part_of_health(api, "encoder"))["state"] == "not_ready"


async def test_a_server_that_stands_still_costs_the_deadline_and_no_more(tmp_path: Path) -> None:
    with mlserver(tmp_path / "mlserver") as server:
        async with served(settings_of(server, tmp_path)) as api:
            server.stop()
            began = time.monotonic()
            answer = await upload(api)
            took_s = time.monotonic() - began
            server.go_on()
            again = await upload(api)

    assert answer.status_code == 503
    assert "within 3 s" in answer.json()["detail"]
    assert took_s < 2 * TIMEOUT_S + 3
    assert again.status_code == 201, again.text


async def test_a_declared_fallback_is_named_and_counted(tmp_path: Path) -> None:
    with mlserver(tmp_path / "mlserver") as server:
        settings = settings_of(server, tmp_path, mode="remote-with-local-fallback")
        async with served(settings) as api:
            remote = (await upload(api)).json()
            server.kill()
            answer = await upload(api)
            local = answer.json()
            stored = (await api.get(answer.headers["location"])).json()
            ready = await api.get("/health/ready")
            part = await part_of_health(api, "encoder")
            seen = await figures(api)

    assert (remote["encoder"]["engine"], remote["degraded_reason"]) == ("open-inference", None)
    assert local["encoder"]["engine"] == "onnxruntime"
    assert local["degraded_reason"] == "remote_encoder_unreachable"
    assert stored == local
    assert remote["career_path"] == local["career_path"]
    assert ready.status_code == 200
    assert part["state"] == "ready"
    assert seen["ml_service_encoder_fallbacks_total unreachable"] >= 1
    assert seen["ml_service_remote_encoder_calls_total ok"] >= 1
    assert seen["ml_service_remote_encoder_calls_total unreachable"] >= 1
    assert seen["ml_service_remote_encoder_retries_total"] >= 1


async def test_a_server_with_another_model_makes_no_prediction(tmp_path: Path) -> None:
    with InferenceStandIn(OpenInference(another_model)) as server:
        settings = Settings(
            _env_file=None,
            inference_mode="remote",
            inference_url=server.url,
            data_dir=tmp_path / "data",
            parse_workers=1,
            jobs_provider="off",
        )
        async with served(settings) as api:
            answer = await upload(api)
            part = await part_of_health(api, "encoder")

    assert (answer.status_code, answer.json()["code"]) == (503, "model_unavailable")
    assert "not those of all-MiniLM-L6-v2" in str(part["reason"])
    assert part["state"] == "not_ready"
