"""Keys, limits, logs and traces of a service that runs as a process, over real sockets."""

from __future__ import annotations

import hashlib
import json
import socket
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents import resume_pdf
from tests.otlp_collector import Collector, collecting
from tests.people import PEOPLE
from tests.service_process import BARE_UVICORN, ServiceFolder, ServiceProcess, served

KEY = "the key of the website"
HEADERS = {"X-API-Key": KEY}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, collector: Collector) -> ServiceFolder:
    settings = {
        "API_KEYS": f"website:write:{hashlib.sha256(KEY.encode()).hexdigest()}",
        "RATE_LIMIT_JOBS": "2/minute",
        "LOG_FORMAT": "json",
        "PARSE_WORKERS": "1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    return ServiceFolder(tmp_path_factory.mktemp("live"), settings)


@pytest.fixture(scope="module")
def service(folder: ServiceFolder) -> Iterator[ServiceProcess]:
    with served(folder, start=BARE_UVICORN) as running:
        yield running


@pytest.fixture
def api(service: ServiceProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.base_url, timeout=60) as client:
        yield client


def upload(api: httpx.Client, **headers: str) -> httpx.Response:
    files = {"file": ("resume.pdf", resume_pdf(PEOPLE[2]))}
    return api.post("/predict", files=files, headers=headers)


def test_a_large_upload_without_a_key_gets_to_see_why(api: httpx.Client) -> None:
    answers = [
        api.post("/predict", files={"file": ("resume.pdf", b"x" * n_bytes)})
        for n_bytes in (10_000, 900_000)
    ]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_who_asks_first_is_told_before_the_body(service: ServiceProcess) -> None:
    host, port = service.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n"
        )
        answer = line.recv(64)

    assert answer.startswith(b"HTTP/1.1 401")


def test_job_searches_have_a_limit_of_their_own(api: httpx.Client) -> None:
    searches = [
        api.get("/jobs/search", params={"query": "nurse"}, headers=HEADERS) for _ in range(3)
    ]
    others = api.get("/career-paths", headers=HEADERS)

    assert [answer.status_code for answer in searches] == [503, 503, 429]
    assert searches[0].headers["ratelimit-policy"] == '"jobs";q=2;w=60'
    assert others.status_code == 200


def test_figures_are_served_to_who_may_read(api: httpx.Client) -> None:
    upload(api, **HEADERS)

    answer = api.get("/metrics", headers=HEADERS)

    assert 'ml_service_uploads_total{outcome="created",reason=""} 1.0' in answer.text
    assert "process_resident_memory_bytes" in answer.text


def lines_of(folder: ServiceFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.log.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_one_json_object_and_each_request_has_one(
    api: httpx.Client, folder: ServiceFolder
) -> None:
    upload(api, **HEADERS, **{"X-Request-Id": "line-of-an-upload"})
    deadline = time.monotonic() + 10

    lines = lines_of(folder)
    while not (found := [it for it in lines if it["request_id"] == "line-of-an-upload"]):
        # It is written after the answer went out.
        assert time.monotonic() < deadline, folder.log.read_text(encoding="utf-8")
        time.sleep(0.05)
        lines = lines_of(folder)
    (line,) = found
    assert {"uvicorn.error", "ml_service.bootstrap.announcing"} <= {it["logger"] for it in lines}
    assert all(datetime.fromisoformat(it["time"]).utcoffset() is not None for it in lines)
    assert (line["method"], line["route"], line["caller"]) == ("POST", "/predict", "website")
    assert line["status"] in {200, 201}
    assert line["duration_ms"] > 0
    assert len(line["trace_id"]) == 32
    assert KEY not in folder.log.read_text(encoding="utf-8")


def test_the_spans_of_an_upload_reach_the_collector(
    api: httpx.Client, collector: Collector
) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    files = {"file": ("resume.pdf", resume_pdf(PEOPLE[3]))}
    api.post(
        "/predict",
        files=files,
        headers=HEADERS | {"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"},
    )

    spans = collector.wait_for("POST /predict", trace_id=trace_id)
    assert {"extract", "embed", "predict", "save", "POST /predict"} <= set(spans)


def test_a_malformed_key_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    folder = ServiceFolder(tmp_path, {"API_KEYS": "website:write:secret-that-is-no-hash"})

    with pytest.raises(AssertionError, match="entry 1 of API_KEYS"), served(folder):
        pass

    written = folder.log.read_text(encoding="utf-8")
    assert "Traceback" not in written
    assert "secret-that-is-no-hash" not in written
