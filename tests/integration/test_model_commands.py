"""``models add`` and ``models test``, over a folder that a service serves meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.model_shelves import shelf_with_occupations
from tests.onnx_graphs import classifier, with_manifest
from tests.service_process import ServiceFolder, ServiceProcess, run_command, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> ServiceFolder:
    models = shelf_with_occupations(tmp_path_factory.mktemp("models"))
    return ServiceFolder(tmp_path_factory.mktemp("service"), {"MODELS_DIR": str(models)})


@pytest.fixture(scope="module")
def service(folder: ServiceFolder) -> Iterator[ServiceProcess]:
    with served(folder) as process:
        yield process


def test_what_a_command_adds_answers_in_the_running_service(
    folder: ServiceFolder, service: ServiceProcess, tmp_path: Path
) -> None:
    file = tmp_path / "sums.zip"
    file.write_bytes(with_manifest(classifier(), example=[1, 2]))
    (tmp_path / "rows.csv").write_text("x_0,x_1\n1,1\n-1,-1\n", encoding="utf-8")

    added = run_command(folder, "models", "add", str(file))
    assert "answers" in added
    wait_for(service, "sums")

    url = ("--url", service.base_url)
    rows = ("--input", str(tmp_path / "rows.csv"))
    of_the_service = run_command(folder, "models", "test", "sums", *url, *rows, "--json")
    here = run_command(folder, "models", "test", "sums", *rows, "--json")

    assert json.loads(here) == json.loads(of_the_service)
    labels = [row["label"] for row in json.loads(here)["predictions"]]
    assert labels == ["yes", "no"]
    assert "yes" in run_command(folder, "models", "test", "sums", *url)
    assert "Registered Nurses" in run_command(folder, "models", "test", "occupations", *url)
    assert "x_0" in run_command(folder, "models", "show", "sums")
    assert "sums" in run_command(folder, "models", "list")


def wait_for(service: ServiceProcess, name: str) -> None:
    deadline = time.monotonic() + 20
    while httpx.get(f"{service.base_url}/api/v1/models/{name}").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
