"""A full service over real HTTP: told to come back at once, and every place is free afterwards."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from tests.bad_documents import operator_bomb_pdf
from tests.documents import PEOPLE, resume_pdf
from tests.service_process import ServiceFolder, ServiceProcess, served

pytestmark = pytest.mark.slow

RESUME = resume_pdf(PEOPLE[0])
N_AT_ONCE = 60
N_PLACES = 4
ANSWER_WITHIN_S = 15.0
UPLOAD_TIMEOUT_S = 1
MAX_UPLOAD_BYTES = 2_000_000
GROWTH_BYTES = 200_000_000


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    settings = {
        "MAX_UPLOADS_IN_WORK": str(N_PLACES),
        "MAX_UPLOAD_BYTES": str(MAX_UPLOAD_BYTES),
        "UPLOAD_TIMEOUT_S": str(UPLOAD_TIMEOUT_S),
        "PARSE_WORKERS": "2",
        "JOBS_PROVIDER": "off",
        "RATE_LIMIT_UPLOADS": "off",
        "RATE_LIMIT_DEFAULT": "off",
    }
    with served(ServiceFolder(tmp_path_factory.mktemp("overload"), settings)) as process:
        assert upload(process).status_code == 201
        yield process


def upload(service: ServiceProcess, *, padding: int = 0) -> httpx.Response:
    """A PDF may be followed by anything; a large one is still the same resume."""
    file = ("a.pdf", RESUME + b"\n" * padding)
    return httpx.post(f"{service.base_url}/predict?force=true", files={"file": file}, timeout=60)


def timed_upload(service: ServiceProcess, padding: int) -> tuple[httpx.Response, float]:
    begin = time.monotonic()
    return upload(service, padding=padding), time.monotonic() - begin


def reader_of(service: ServiceProcess) -> dict[str, Any]:
    parts = httpx.get(f"{service.base_url}/health", timeout=10).json()["parts"]
    (detail,) = (part["detail"] for part in parts if part["name"] == "reader")
    found: dict[str, Any] = detail
    return found


def wait_until(service: ServiceProcess, name: str, wanted: int, *, within_s: float = 5.0) -> None:
    deadline = time.monotonic() + within_s
    while (reader := reader_of(service))[name] != wanted:
        assert time.monotonic() < deadline, reader
        time.sleep(0.02)


def wait_until_in_work(service: ServiceProcess, n_uploads: int, *, within_s: float = 5.0) -> None:
    wait_until(service, "uploads_in_work", n_uploads, within_s=within_s)


@contextmanager
def half_uploaded(
    service: ServiceProcess, content: bytes, *, missing: int
) -> Iterator[socket.socket]:
    """A connection on which all of an upload but its last bytes was sent."""
    body = b"\r\n".join(
        [
            b"--b",
            b'Content-Disposition: form-data; name="file"; filename="a.pdf"',
            b"",
            content,
            b"--b--",
            b"",
        ]
    )
    address = httpx.URL(service.base_url)
    head = (
        f"POST /predict HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.host, address.port), timeout=20) as connection:
        connection.sendall(head.encode() + body[: len(body) - missing])
        yield connection


@pytest.mark.parametrize("padding", [0, MAX_UPLOAD_BYTES // 2])
def test_a_burst_is_answered_within_a_bound_and_leaves_every_place_free(
    service: ServiceProcess, padding: int
) -> None:
    before = service.rss_bytes()
    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        answers = list(pool.map(lambda _: timed_upload(service, padding), range(N_AT_ONCE)))

    statuses = Counter(answer.status_code for answer, _ in answers)
    for status, n_answers in statuses.items():
        longest_s = max(seconds for answer, seconds in answers if answer.status_code == status)
        print(f"{n_answers} x {status} within {longest_s:.1f} s")
    assert set(statuses) == {201, 503}
    assert statuses[201] >= N_PLACES
    assert max(seconds for _, seconds in answers) < ANSWER_WITHIN_S
    for answer, _ in answers:
        if answer.status_code == 503:
            assert answer.json()["code"] == "overloaded"
            assert 1 <= int(answer.headers["retry-after"]) <= 30
    assert reader_of(service)["uploads_in_work"] == 0
    assert service.rss_bytes() - before < GROWTH_BYTES
    assert upload(service).status_code == 201


def test_a_client_that_goes_away_frees_its_place_and_its_worker(service: ServiceProcess) -> None:
    """The document would keep a worker busy until it is cut off, for seconds."""
    with half_uploaded(service, operator_bomb_pdf(), missing=0):
        wait_until_in_work(service, 1)
        wait_until(service, "busy", 1)

    wait_until_in_work(service, 0, within_s=2.0)
    assert reader_of(service)["busy"] == 0
    assert upload(service).status_code == 201


def test_a_client_that_goes_away_while_it_sends_frees_its_place(service: ServiceProcess) -> None:
    with half_uploaded(service, RESUME, missing=100):
        wait_until_in_work(service, 1)

    wait_until_in_work(service, 0, within_s=0.5 * UPLOAD_TIMEOUT_S)


def test_an_upload_that_does_not_arrive_keeps_no_place(service: ServiceProcess) -> None:
    with half_uploaded(service, RESUME, missing=100) as connection:
        wait_until_in_work(service, 1)
        answer = connection.recv(65_536)

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert reader_of(service)["uploads_in_work"] == 0


def test_places_held_by_slow_senders_are_refused_to_others_at_once(
    service: ServiceProcess,
) -> None:
    with ExitStack() as senders:
        for _ in range(N_PLACES):
            senders.enter_context(half_uploaded(service, RESUME, missing=100))
        wait_until_in_work(service, N_PLACES)
        refused = upload(service)

    assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    wait_until_in_work(service, 0)
