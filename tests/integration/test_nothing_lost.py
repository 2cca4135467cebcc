"""A 201 is a promise: SIGKILL at random moments of uploads, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.service_process import BARE_UVICORN, ServiceFolder, ServiceProcess, run_command, served

pytestmark = pytest.mark.slow

N_ROUNDS = 20
N_CLIENTS = 4
ORPHANS_END_WITHIN_S = 20.0
POSTED = (
    ("Software Developer", "Python, Docker and PostgreSQL for a freight platform."),
    ("Registered Nurse", "Patient care and triage in an emergency department."),
    ("Accountant", "Month-end close, general ledger, Microsoft Excel."),
    ("Head Cook", "Menu planning and food safety for a hotel kitchen."),
    ("Secondary School Teacher", "Mathematics, lesson planning, Google Classroom."),
    ("Electrician", "Conduit, wiring and motor controls in new buildings."),
)


def test_acknowledged_predictions_survive_sigkill(tmp_path: Path) -> None:
    folder = ServiceFolder(tmp_path / "service", {"JOBS_WAIT_S": "20", "PARSE_WORKERS": "2"})
    import_postings(folder, tmp_path / "postings.json")
    chance = random.Random(20)
    acknowledged: dict[str, Any] = {}
    n_interrupted = 0
    for round_number in range(N_ROUNDS):
        with served(folder, start=BARE_UVICORN) as service:
            assert_all_there(service, acknowledged)
            assert_sound(folder.database)
            uploads = Uploads(service, round_number)
            delay_s = chance.choice([0.0, chance.uniform(0, 0.4)])
            uploads.run_until_killed(after=chance.randint(0, 5), delay_s=delay_s)
            assert_orphans_end(service)
        acknowledged |= uploads.acknowledged
        n_interrupted += uploads.n_interrupted
    with served(folder, start=BARE_UVICORN) as service:
        assert_all_there(service, acknowledged)
        assert_nothing_half_written(service)
        assert_sound(folder.database)
        service.terminate()
        assert "Application shutdown complete" in service.log_tail()
    print(f"{len(acknowledged)} acknowledged, {n_interrupted} cut off in {N_ROUNDS} rounds")
    # Without these the rounds would have shown nothing.
    assert len(acknowledged) >= N_ROUNDS
    assert n_interrupted >= N_ROUNDS // 2
    assert any(prediction["jobs"] for prediction in acknowledged.values())


def test_nothing_is_acknowledged_before_it_is_committed(tmp_path: Path) -> None:
    """While somebody else holds the database's write lock there can be no 201."""
    folder = ServiceFolder(tmp_path, {"JOBS_PROVIDER": "off", "PARSE_WORKERS": "1"})
    with served(folder, start=BARE_UVICORN) as service:
        assert predict(service, "first.pdf", resume_pdf(PEOPLE[0])).status_code == 201
        with closing(sqlite3.connect(folder.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            try:
                answer = predict(service, "second.pdf", resume_pdf(PEOPLE[1]), timeout_s=5)
                assert answer.status_code == 503
                assert answer.json()["code"] == "storage_unavailable"
            except httpx.ReadTimeout:
                pass  # it waits for the lock, which is as right
            service.kill()
            other.execute("ROLLBACK")
    assert_sound(folder.database)


@dataclass
class Uploads:
    """Several clients that upload different resumes until their service is gone."""

    service: ServiceProcess
    round_number: int
    acknowledged: dict[str, Any] = field(default_factory=dict)
    n_interrupted: int = 0
    _kill_after: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _enough: threading.Event = field(default_factory=threading.Event)

    def run_until_killed(self, *, after: int, delay_s: float) -> None:
        """Kill ``delay_s`` seconds after ``after`` uploads were acknowledged."""
        self._kill_after = after
        if after == 0:
            self._enough.set()
        with ThreadPoolExecutor(N_CLIENTS) as pool:
            clients = [pool.submit(self._upload_on, number) for number in range(N_CLIENTS)]
            try:
                assert self._enough.wait(timeout=120), self.service.log_tail()
                time.sleep(delay_s)
            finally:
                self.service.kill()
            for client in clients:
                client.result()

    def _upload_on(self, client_number: int) -> None:
        for filename, content in documents(f"{self.round_number} {client_number}"):
            try:
                answer = predict(self.service, filename, content, user_id=f"client {client_number}")
            except httpx.ConnectError:
                return
            except httpx.TransportError:
                with self._lock:
                    self.n_interrupted += 1
                return
            assert answer.status_code == 201, answer.text
            self._note(answer)

    def _note(self, answer: httpx.Response) -> None:
        prediction = answer.json()
        with self._lock:
            self.acknowledged[prediction["prediction_id"]] = prediction
            if len(self.acknowledged) >= self._kill_after:
                self._enough.set()


def predict(
    service: ServiceProcess,
    filename: str,
    content: bytes,
    *,
    user_id: str = "somebody",
    timeout_s: float = 60,
) -> httpx.Response:
    return httpx.post(
        f"{service.base_url}/predict",
        files={"file": (filename, content)},
        data={"user_id": user_id},
        timeout=timeout_s,
    )


def documents(mark: str) -> Iterator[tuple[str, bytes]]:
    """Resumes without end, no two the same, PDF and DOCX in turn."""
    for number in range(10_000):
        person = PEOPLE[number % len(PEOPLE)]
        marked = replace(person, summary=f"{person.summary} Reference {mark} {number}.")
        if number % 2:
            yield f"{person.file_stem}.docx", resume_docx(marked)
        else:
            yield f"{person.file_stem}.pdf", resume_pdf(marked)


def import_postings(folder: ServiceFolder, file: Path) -> None:
    postings = [
        {"job_id": f"p{number}", "title": title, "description": text, "employer_name": "Anywhere"}
        for number, (title, text) in enumerate(POSTED)
    ]
    file.write_text(json.dumps(postings), encoding="utf-8")
    run_command(folder, "jobs", "import", str(file))


def assert_all_there(service: ServiceProcess, acknowledged: dict[str, Any]) -> None:
    """Each is answered exactly as it was acknowledged, its jobs included."""
    with httpx.Client(base_url=service.base_url, timeout=30) as client:
        for prediction_id, prediction in acknowledged.items():
            assert client.get(f"/predictions/{prediction_id}").json() == prediction


def assert_nothing_half_written(service: ServiceProcess) -> None:
    """Also what nobody was told of is there as a whole: in the lists and by its id."""
    with httpx.Client(base_url=service.base_url, timeout=30) as client:
        for summary in listed(client):
            answer = client.get(f"/predictions/{summary['prediction_id']}")
            assert answer.status_code == 200
            assert answer.json()["jobs_status"] in {"ok", "empty"}
            assert (answer.json()["jobs_status"] == "ok") == bool(answer.json()["jobs"])


def listed(client: httpx.Client) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        parameters = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/predictions", params=parameters).json()
        yield from page["data"]
        if not page["has_more"]:
            return
        cursor = page["next_cursor"]


def assert_sound(database: Path) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def assert_orphans_end(service: ServiceProcess) -> None:
    """Workers of a killed service see that it is gone and leave no process behind."""
    deadline = time.monotonic() + ORPHANS_END_WITHIN_S
    while service.session_members():
        assert time.monotonic() < deadline, [p.cmdline() for p in service.session_members()]
        time.sleep(0.1)
