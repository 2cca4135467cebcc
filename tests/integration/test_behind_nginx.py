"""Two replicas on one PostgreSQL behind nginx, with the very configuration of compose.yaml."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.documents import resume_pdf
from tests.people import PEOPLE
from tests.postgres_server import postgres_server
from tests.service_process import PROJECT, ServiceFolder, ServiceProcess, free_port, served

pytestmark = [pytest.mark.full, pytest.mark.postgres]

CONFIGURATION = PROJECT / "docs" / "deploying" / "nginx.conf"
KEY = "the-key-of-the-web-product"
HEADERS = {"X-API-Key": KEY}


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ServiceProcess]]:
    if _nginx() is None and os.environ.get("CI") == "true":
        pytest.fail("nginx is not installed")
    if _nginx() is None:
        pytest.skip("nginx is not installed")
    server = postgres_server()
    url = server.fresh_database()
    settings = {
        "DATABASE_URL": url,
        "API_KEYS": f"web:write:{hashlib.sha256(KEY.encode()).hexdigest()}",
        "PARSE_WORKERS": "1",
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
    }
    folder = tmp_path_factory.mktemp("replicas")
    with ExitStack() as stack:
        yield [
            stack.enter_context(served(ServiceFolder(folder / name, settings)))
            for name in ("service", "replica")
        ]
    server.drop(url)


@pytest.fixture
def proxy(replicas: list[ServiceProcess], tmp_path: Path) -> Iterator[httpx.Client]:
    with (
        nginx([address_of(replica) for replica in replicas], tmp_path) as url,
        httpx.Client(base_url=url, timeout=60, headers=HEADERS) as client,
    ):
        yield client


@contextmanager
def nginx(addresses: list[str], folder: Path) -> Iterator[str]:
    """Names and places that only the containers have are replaced; nothing else is."""
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8")
    for name, address in zip(("service", "replica"), addresses, strict=True):
        text = text.replace(f"server {name}:8000", f"server {address}")
    text = text.replace("listen 8080", f"listen 127.0.0.1:{port}")
    text = re.sub(r"/tmp\b", str(folder), text)  # noqa: S108 - the containers' tmpfs
    text = re.sub(r"/dev/std(err|out)", f"{folder}/nginx.log", text)
    # Root's workers become nobody, who may not enter a test's folder.
    own_user = "user root;\n" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(f"daemon off;\n{own_user}{text}", encoding="utf-8")
    command = [
        _nginx() or "nginx",
        "-p",
        str(folder),
        "-e",
        str(folder / "nginx.log"),
        "-c",
        str(file),
    ]
    with subprocess.Popen(command) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/live", process, folder / "nginx.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def address_of(replica: ServiceProcess) -> str:
    return replica.base_url.removeprefix("http://")


def _nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8") if log.exists() else "no log")


def upload(client: httpx.Client, person: int) -> httpx.Response:
    files = {"file": (f"{person}.pdf", resume_pdf(PEOPLE[person]))}
    return client.post("/predict", files=files, data={"user_id": "marta"})


def test_either_replica_shows_what_the_other_one_saved(
    proxy: httpx.Client, replicas: list[ServiceProcess]
) -> None:
    made = [upload(proxy, person) for person in range(4)]

    assert [answer.status_code for answer in made] == [201] * 4
    expected = [answer.json()["prediction_id"] for answer in reversed(made)]
    for replica in replicas:
        page = httpx.get(f"{replica.base_url}/predictions/user/marta", headers=HEADERS).json()
        assert [row["prediction_id"] for row in page["data"]] == expected


def test_both_replicas_are_asked(proxy: httpx.Client, tmp_path: Path) -> None:
    for _ in range(20):
        proxy.get("/career-paths/15-1252.00").raise_for_status()

    log = (tmp_path / "nginx.log").read_text(encoding="utf-8")
    assert len(set(re.findall(r"127\.0\.0\.1:\d+$", log, re.MULTILINE))) == 2


def test_no_path_reaches_the_log_of_the_proxy(proxy: httpx.Client, tmp_path: Path) -> None:
    proxy.get("/predictions/user/somebody-with-a-name")

    assert "somebody" not in (tmp_path / "nginx.log").read_text(encoding="utf-8")


def test_events_come_as_they_happen(proxy: httpx.Client) -> None:
    files = {"file": ("resume.pdf", resume_pdf(PEOPLE[5]))}
    at: list[float] = []
    with proxy.stream(
        "POST", "/predict", files=files, headers={"Accept": "text/event-stream"}
    ) as answer:
        lines = []
        for line in answer.iter_lines():
            if line.startswith("event:"):
                lines.append(line)
                at.append(time.monotonic())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert lines[-1] == "event: prediction"
    assert at[-1] - at[0] > 0.05, "held back: all events came at once"


def test_the_service_says_what_is_too_large(proxy: httpx.Client) -> None:
    answer = proxy.post("/predict", files={"file": ("huge.pdf", b"%PDF" + b" " * 10_000_100)})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_replica_that_is_gone_is_not_noticed(
    replicas: list[ServiceProcess], tmp_path: Path
) -> None:
    gone = f"127.0.0.1:{free_port()}"
    with (
        nginx([address_of(replicas[0]), gone], tmp_path) as url,
        httpx.Client(base_url=url, timeout=60, headers=HEADERS) as client,
    ):
        statuses = [upload(client, person).status_code for person in range(4)]

    assert set(statuses) <= {200, 201}
