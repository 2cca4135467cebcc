"""SIGTERM, SIGKILL and a board that is slow: what was begun ends well, or is done once."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents import PEOPLE, resume_pdf
from tests.jsearch_stand_in import JSearchStandIn
from tests.service_process import ServiceFolder, ServiceProcess, run_command, served

pytestmark = pytest.mark.slow

RESUME = resume_pdf(PEOPLE[0])


@pytest.fixture
def board() -> Iterator[JSearchStandIn]:
    with JSearchStandIn() as stand_in:
        stand_in.play("slow")
        yield stand_in


def folder_of(path: Path, board: JSearchStandIn, *, jobs_wait_s: float) -> ServiceFolder:
    settings = {
        "JOBS_PROVIDER": "jsearch",
        "RAPIDAPI_KEY": "a-key-nobody-may-see",
        "JSEARCH_BASE_URL": board.url,
        "JOBS_WAIT_S": str(jobs_wait_s),
        "PARSE_WORKERS": "1",
    }
    return ServiceFolder(path, settings)


def upload(service: ServiceProcess, key: str | None = None) -> httpx.Response:
    return httpx.post(
        f"{service.base_url}/predict?force=true",
        files={"file": ("resume.pdf", RESUME)},
        data={"user_id": "me"},
        headers={"Idempotency-Key": key} if key else {},
        timeout=60,
    )


def n_saved(folder: ServiceFolder) -> int:
    with closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as connection:
        (n_rows,) = connection.execute("SELECT count(*) FROM predictions").fetchone()
        return int(n_rows)


def stored_in(folder: ServiceFolder) -> dict[str, Any]:
    """The only prediction, as a process of its own reads it."""
    run_command(folder, "history", "export", "--out", "stored.jsonl", "--quiet")
    stored: dict[str, Any] = json.loads((folder.path / "stored.jsonl").read_bytes())
    return stored


def hold_keys_until(folder: ServiceFolder, year: int) -> None:
    """Claims of a killed process run out by time; a test does not wait for it."""
    with closing(sqlite3.connect(folder.database)) as connection, connection:
        connection.execute(
            "UPDATE idempotency_keys SET held_until = ? || substr(held_until, 5)", (str(year),)
        )


def asks_the_board(board: JSearchStandIn, *, n_requests: int = 1) -> None:
    deadline = time.monotonic() + 30
    while len(board.requests) < n_requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_sigterm_answers_what_is_in_work_and_is_no_failure(
    tmp_path: Path, board: JSearchStandIn
) -> None:
    folder = folder_of(tmp_path, board, jobs_wait_s=20)
    with served(folder) as service, ThreadPoolExecutor(2) as pool:
        answer: Future[httpx.Response] = pool.submit(upload, service)
        asks_the_board(board)
        ended = pool.submit(service.terminated_with)
        time.sleep(0.5)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{service.base_url}/health/live", timeout=5)

        assert ended.result() == 0
        acknowledged = answer.result()
        assert acknowledged.status_code == 201, acknowledged.text
        assert acknowledged.json()["jobs_status"] == "ok"
        assert "Traceback" not in service.log_tail(1_000_000)
    assert stored_in(folder) == acknowledged.json()


def test_late_jobs_are_given_up_at_the_end_and_the_prediction_stays(
    tmp_path: Path, board: JSearchStandIn
) -> None:
    folder = folder_of(tmp_path, board, jobs_wait_s=0.05)
    with served(folder) as service:
        acknowledged = upload(service)
        assert acknowledged.json()["jobs_status"] == "pending"

        assert service.terminated_with() == 0

        assert "Application shutdown complete" in service.log_tail()
        assert "Traceback" not in service.log_tail(1_000_000)
        assert "never retrieved" not in service.log_tail(1_000_000)
    assert stored_in(folder)["jobs_status"] == "pending"


def test_stages_are_told_before_the_work_has_ended(tmp_path: Path, board: JSearchStandIn) -> None:
    folder = folder_of(tmp_path, board, jobs_wait_s=20)
    with (
        served(folder) as service,
        httpx.stream(
            "POST",
            f"{service.base_url}/predict",
            files={"file": ("resume.pdf", RESUME)},
            headers={"Accept": "text/event-stream"},
            timeout=60,
        ) as answer,
    ):
        lines = answer.iter_lines()
        matching = json.dumps({"stage": "match", "state": "started"})
        assert any(line == f"data: {matching}" for line in lines)
        # Told while the board is being asked: nothing can be saved yet.
        assert n_saved(folder) == 0
        rest = list(lines)

    assert "event: prediction" in rest
    assert n_saved(folder) == 1


def hold_answers_back(folder: ServiceFolder) -> None:
    """An answer is kept before it is sent. Keeping one takes hours from now on, saving does not."""
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.execute(
            "CREATE TRIGGER held_back BEFORE UPDATE OF answer ON idempotency_keys BEGIN "
            "SELECT count(*) FROM sqlite_schema a, sqlite_schema b, sqlite_schema c, "
            "sqlite_schema d, sqlite_schema e, sqlite_schema f, sqlite_schema g, sqlite_schema h; "
            "END"
        )


def give_answers_again(folder: ServiceFolder) -> None:
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.execute("DROP TRIGGER held_back")


def test_an_upload_that_was_saved_and_not_answered_is_done_once_under_its_key(
    tmp_path: Path,
) -> None:
    folder = ServiceFolder(tmp_path, {"JOBS_PROVIDER": "off", "PARSE_WORKERS": "1"})
    with served(folder) as service, ThreadPoolExecutor(1) as pool:
        hold_answers_back(folder)
        sent = pool.submit(upload, service, "cut-off")
        while n_saved(folder) == 0:
            assert not sent.done()
            time.sleep(0.01)
        service.kill()
        assert isinstance(sent.exception(), httpx.TransportError)
    give_answers_again(folder)
    with served(folder) as service:
        again = upload(service, "cut-off")
        assert again.status_code == 201
        assert again.headers["idempotent-replayed"] == "true"
        stored = httpx.get(service.base_url + again.headers["location"], timeout=30)
        assert stored.json() == again.json()
    assert n_saved(folder) == 1


def test_a_key_of_a_process_that_was_killed_before_it_saved_is_free_again(
    tmp_path: Path, board: JSearchStandIn
) -> None:
    folder = folder_of(tmp_path, board, jobs_wait_s=20)
    with served(folder) as service, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(upload, service, "cut-off")
        asks_the_board(board)
        service.kill()
        assert isinstance(sent.exception(), httpx.TransportError)
    board.play("normal")
    with served(folder) as service:
        hold_keys_until(folder, 2999)
        assert upload(service, "cut-off").status_code == 409
        hold_keys_until(folder, 2000)
        answer = upload(service, "cut-off")

        assert answer.status_code == 201
        assert "idempotent-replayed" not in answer.headers
    assert n_saved(folder) == 1


def test_sigterm_before_the_service_is_ready_is_no_failure(tmp_path: Path) -> None:
    folder = ServiceFolder(tmp_path, {"JOBS_PROVIDER": "off", "PARSE_WORKERS": "1"})
    with folder.log.open("wb") as log:
        command = [sys.executable, "-m", "ml_service", "serve", "--port", "0"]
        starting = subprocess.Popen(
            command, cwd=tmp_path, env=folder.environment(), stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + 60
            while b"loading the encoder" not in folder.log.read_bytes():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            starting.send_signal(signal.SIGTERM)
            assert starting.wait(timeout=60) == 0
        finally:
            starting.kill()
