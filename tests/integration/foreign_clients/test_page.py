"""docs/open-inference: every line of it, run as it stands against a running service."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service_process import PROJECT, ServiceFolder, ServiceProcess, served

pytestmark = pytest.mark.slow

PAGE = (PROJECT / "docs" / "open-inference" / "README.md").read_text(encoding="utf-8")
SHOWN_AT = "127.0.0.1:8000"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


LINES = [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    folder = ServiceFolder(tmp_path_factory.mktemp("page"), {"PARSE_WORKERS": "1"})
    with served(folder) as running:
        yield running


def run_here(command: list[str], text: str, service: ServiceProcess) -> str:
    here = text.replace(SHOWN_AT, service.base_url.removeprefix("http://"))
    done = subprocess.run([*command, here], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_curl_works(line: str, service: ServiceProcess) -> None:
    assert json.loads(run_here(["sh", "-c"], line, service))


def test_the_example_with_triton_s_client_works(commands: Path, service: ServiceProcess) -> None:
    (example,) = blocks("python")

    said = run_here([str(commands / "python"), "-c"], example, service)

    assert said.startswith("(2, 384)")
