"""The two services that read transcripts, as processes of their own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.integration.conftest import client_of
from tests.interviews import an_interview, turns
from tests.service_process import (
    MODEL_SERVICE,
    PROJECT,
    ServiceFolder,
    ServiceProcess,
    command,
    run_command,
    served,
)

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

PATH = "/api/v1/scoring"
ANALYZE = f"{PATH}/analyze"


@contextmanager
def service_as_a_process(folder: Path, which: str) -> Iterator[ServiceProcess]:
    settings = ServiceFolder(folder / which, {"MODEL_SERVICE": which})
    with served(settings, start=MODEL_SERVICE, ready_path="/health") as process:
        yield process


@pytest.fixture(scope="module")
def technical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    with service_as_a_process(tmp_path_factory.mktemp("services"), "technical") as process:
        yield process


@pytest.fixture(scope="module")
def communication(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    with service_as_a_process(tmp_path_factory.mktemp("services"), "communication") as process:
        yield process


@pytest_asyncio.fixture(loop_scope="session")
async def here(engine: Engine, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(engine, settings_of(tmp_path / "here")) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def there(
    engine: Engine, tmp_path: Path, communication: ServiceProcess, technical: ServiceProcess
) -> AsyncIterator[httpx.AsyncClient]:
    settings = settings_of(tmp_path / "there").model_copy(
        update={
            "model_service_1_url": communication.base_url,
            "model_service_2_url": technical.base_url,
        }
    )
    async with client_of(engine, settings) as client:
        yield client


def settings_of(folder: Path) -> Settings:
    return Settings(_env_file=None, data_dir=folder, jobs_provider="off")


async def test_services_elsewhere_say_what_services_here_say(
    here: httpx.AsyncClient, there: httpx.AsyncClient
) -> None:
    asked = an_interview(
        "one",
        rubric={"communication": 1, "technical_depth": 2, "structure": 1},
        job="A backend developer with Python and PostgreSQL.",
    )
    both = [(await client.post(ANALYZE, json=asked)).json() for client in (here, there)]

    assert both[0]["criteria"] == both[1]["criteria"]
    assert both[1]["services"] == {"communication": "ok", "technical": "ok"}
    assert both[1]["missing"] == []


async def test_bad_input_is_refused_before_a_service_is_asked(there: httpx.AsyncClient) -> None:
    refused = await there.post(ANALYZE, json={**an_interview("bad"), "transcript": []})

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_a_service_tells_its_name_and_scores_what_it_knows(
    technical: ServiceProcess,
) -> None:
    async with httpx.AsyncClient(base_url=technical.base_url, timeout=30) as client:
        health = await client.get("/health")
        answer = await client.post("/predict", json={"transcript": turns()})
        refused = await client.post("/predict", json={"transcript": []})
        unknown = await client.get("/predictions")

    assert (health.status_code, health.json()) == (
        200,
        {"status": "ready", "service": "technical"},
    )
    reading = answer.json()
    assert (reading["service"], set(reading)) == ("technical", {"service", "revision", "criteria"})
    assert "technical_depth" in {one["criterion"] for one in reading["criteria"]}
    assert "communication" not in {one["criterion"] for one in reading["criteria"]}
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/transcript")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


async def test_one_down_is_a_partial_report_and_both_down_are_503(
    engine: Engine, tmp_path: Path
) -> None:
    with (
        service_as_a_process(tmp_path, "communication") as first,
        service_as_a_process(tmp_path, "technical") as second,
    ):
        settings = settings_of(tmp_path / "main").model_copy(
            update={
                "model_service_1_url": first.base_url,
                "model_service_2_url": second.base_url,
                "inference_max_retries": 1,
            }
        )
        async with client_of(engine, settings) as client:
            whole = await client.post(ANALYZE, json=an_interview("whole"))
            await asyncio.to_thread(second.kill)
            partial = await client.post(ANALYZE, json=an_interview("partial"))
            health = await client.get(f"{PATH}/health")
            again = await client.post(ANALYZE, json=an_interview("partial"))
            await asyncio.to_thread(first.kill)
            gone = await client.post(ANALYZE, json=an_interview("gone"))
            dark = await client.get(f"{PATH}/health")
            kept = await client.get(f"{PATH}/partial")
            alive = await client.get("/health/ready")

    assert (whole.status_code, whole.json()["missing"]) == (201, [])
    assert partial.status_code == 201, partial.text
    _is_partial(partial.json())
    assert (again.status_code, again.json()) == (200, partial.json())
    assert health.json() == {
        "status": "degraded",
        "ml_services": {"model_service_1": "ok", "model_service_2": "unavailable"},
        "all_services_healthy": False,
    }
    assert (gone.status_code, gone.json()["code"]) == (503, "interview_services_unavailable")
    assert dark.json()["status"] == "unavailable"
    assert kept.json() == partial.json()
    assert alive.status_code == 200


def _is_partial(report: dict[str, Any]) -> None:
    assert report["services"] == {"communication": "ok", "technical": "unavailable"}
    scores = {one["criterion"]: one["score"] for one in report["criteria"]}
    assert scores["technical_depth"] == scores["problem_solving"] == "not assessed"
    assert isinstance(scores["communication"], float)
    assert sum(one["weight"] for one in report["criteria"]) == pytest.approx(1)
    assert sum(one["asked_weight"] for one in report["criteria"]) == pytest.approx(1)
    assert any("'technical' did not answer" in sentence for sentence in report["missing"])


NOT_SAID_WHICH = (
    "Set MODEL_SERVICE to communication or technical: it says which service this process is."
)
BOGUS = "setting MODEL_SERVICE: Input should be 'communication' or 'technical'"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({}, NOT_SAID_WHICH),
        ({"MODEL_SERVICE": "bogus"}, BOGUS),
    ],
)
async def test_a_process_that_is_not_told_which_it_is_says_what_to_set(
    tmp_path: Path, named: dict[str, str], said: str
) -> None:
    folder = ServiceFolder(tmp_path, named)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", *MODEL_SERVICE, "--port", "0"],
        cwd=tmp_path,
        env={**folder.environment(), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == said


async def test_the_command_line_prints_a_report(tmp_path: Path) -> None:
    folder = ServiceFolder(tmp_path, {"COLUMNS": "180"})
    file = tmp_path / "transcript.json"
    said = {"transcript": turns(), "rubric": {"technical_depth": 3, "relevance": 1}}
    await asyncio.to_thread(file.write_text, json.dumps(said), encoding="utf-8")

    printed = await asyncio.to_thread(run_command, folder, "interview", str(file))
    report = json.loads(
        await asyncio.to_thread(run_command, folder, "interview", "--json", str(file))
    )
    await asyncio.to_thread(file.write_text, "[]", encoding="utf-8")
    refused = await asyncio.to_thread(command, folder, "interview", str(file))

    assert f"Overall {report['overall']:g} of 100" in printed
    assert "Technical depth" in printed
    assert "not for selection" in " ".join(printed.split())
    assert [one["asked_weight"] for one in report["criteria"]] == [0.75, 0.25]
    assert report["services"] == {"communication": "ok", "technical": "ok"}
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "invalid_request: The transcript is empty." in refused.stderr
    assert not folder.database.exists()
