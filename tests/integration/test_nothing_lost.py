"""A 201 is a promise: SIGKILL at random moments of uploads, and nothing acknowledged is lost.

Every upload has an Idempotency-Key and ``force=true``; one that was cut off is sent again with its
key after the next start. So at the end each document is there exactly once, whatever happened.
``SIGKILL_ROUNDS`` says how often the service is killed: 4 times, by ``scripts/test --full`` 6.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.postgres_server import postgres_server
from tests.service_process import BARE_UVICORN, ServiceFolder, ServiceProcess, run_command, served

pytestmark = pytest.mark.slow

N_ROUNDS = int(os.environ.get("SIGKILL_ROUNDS", "4"))
N_CLIENTS = 4
ORPHANS_END_WITHIN_S = 20.0
LAST_RETRIES_WITHIN_S = 90.0
POSTED = (
    ("Software Developer", "Python, Docker and PostgreSQL for a freight platform."),
    ("Registered Nurse", "Patient care and triage in an emergency department."),
    ("Accountant", "Month-end close, general ledger, Microsoft Excel."),
    ("Head Cook", "Menu planning and food safety for a hotel kitchen."),
    ("Secondary School Teacher", "Mathematics, lesson planning, Google Classroom."),
    ("Electrician", "Conduit, wiring and motor controls in new buildings."),
)
SETTINGS = {
    "JOBS_WAIT_S": "20",
    "PARSE_WORKERS": "2",
    "RATE_LIMIT_UPLOADS": "off",
    "RATE_LIMIT_JOBS": "off",
    "RATE_LIMIT_DEFAULT": "off",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceFolder]:
    if request.param == "sqlite":
        yield ServiceFolder(tmp_path / "service", SETTINGS)
        return
    server = postgres_server()
    url = server.fresh_database()
    yield ServiceFolder(tmp_path / "service", {**SETTINGS, "DATABASE_URL": url})
    server.drop(url)


def test_acknowledged_predictions_survive_sigkill(folder: ServiceFolder, tmp_path: Path) -> None:
    import_postings(folder, tmp_path / "postings.json")
    chance = random.Random(20)
    clients = [Client(number) for number in range(N_CLIENTS)]
    acknowledged: dict[str, Any] = {}
    n_interrupted = 0
    for _ in range(N_ROUNDS):
        with served(folder, start=BARE_UVICORN) as service:
            assert_all_there(service, acknowledged)
            uploads = Uploads(service, clients)
            delay_s = chance.choice([0.0, chance.uniform(0, 0.4)])
            uploads.run_until_killed(after=chance.randint(0, 5), delay_s=delay_s)
            assert_orphans_end(service)
        assert_sound(folder)
        acknowledged |= uploads.acknowledged
        n_interrupted += uploads.n_interrupted
    with served(folder, start=BARE_UVICORN) as service:
        acknowledged |= answer_the_rest(service, clients)
        assert_all_there(service, acknowledged)
        assert_each_document_once(service, acknowledged)
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
    assert_sound(folder)


@dataclass(frozen=True)
class Upload:
    key: str
    filename: str
    content: bytes


class Client:
    """Uploads without end, no two the same; what was never answered comes again first."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.unanswered: deque[Upload] = deque()
        self._new = documents(f"client {number}")
        self._n_made = 0

    def next_upload(self) -> Upload:
        if self.unanswered:
            return self.unanswered.popleft()
        self._n_made += 1
        return Upload(f"{self.number}-{self._n_made}", *next(self._new))

    def send(self, service: ServiceProcess, upload: Upload) -> httpx.Response:
        """Raises what httpx raises; then, and after a refusal for now, it is still to be sent."""
        try:
            answer = predict(
                service,
                upload.filename,
                upload.content,
                user_id=f"client {self.number}",
                key=upload.key,
            )
        except httpx.TransportError:
            self.unanswered.append(upload)
            raise
        if answer.status_code != 201:
            # The claim of a process that was killed is held until it runs out.
            assert answer.status_code == 409, answer.text
            assert answer.json()["code"] == "idempotency_key_in_use"
            self.unanswered.append(upload)
        return answer


@dataclass
class Uploads:
    """Several clients that upload different resumes until their service is gone."""

    service: ServiceProcess
    clients: list[Client]
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
        with ThreadPoolExecutor(len(self.clients)) as pool:
            running = [pool.submit(self._upload_on, client) for client in self.clients]
            try:
                assert self._enough.wait(timeout=120), self.service.log_tail()
                time.sleep(delay_s)
            finally:
                self.service.kill()
            for run in running:
                run.result()

    def _upload_on(self, client: Client) -> None:
        while True:
            try:
                answer = client.send(self.service, client.next_upload())
            except httpx.ConnectError:
                return
            except httpx.TransportError:
                with self._lock:
                    self.n_interrupted += 1
                return
            if answer.status_code == 201:
                self._note(answer)
            else:
                time.sleep(0.2)

    def _note(self, answer: httpx.Response) -> None:
        prediction = answer.json()
        with self._lock:
            self.acknowledged[prediction["prediction_id"]] = prediction
            if len(self.acknowledged) >= self._kill_after:
                self._enough.set()


def answer_the_rest(service: ServiceProcess, clients: list[Client]) -> dict[str, Any]:
    """Every upload that was ever begun gets its answer once nobody kills the service."""
    answered: dict[str, Any] = {}
    deadline = time.monotonic() + LAST_RETRIES_WITHIN_S
    for client in clients:
        while client.unanswered:
            assert time.monotonic() < deadline, [upload.key for upload in client.unanswered]
            answer = client.send(service, client.next_upload())
            if answer.status_code == 201:
                answered[answer.json()["prediction_id"]] = answer.json()
            else:
                time.sleep(0.5)
    return answered


def predict(
    service: ServiceProcess,
    filename: str,
    content: bytes,
    *,
    user_id: str = "somebody",
    key: str | None = None,
    timeout_s: float = 60,
) -> httpx.Response:
    return httpx.post(
        f"{service.base_url}/predict",
        params={"force": "true"},
        files={"file": (filename, content)},
        data={"user_id": user_id},
        headers={"Idempotency-Key": key} if key else {},
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


def assert_each_document_once(service: ServiceProcess, acknowledged: dict[str, Any]) -> None:
    """What nobody was told of would be here too: whole, and one for each document."""
    with httpx.Client(base_url=service.base_url, timeout=30) as client:
        ids = [summary["prediction_id"] for summary in listed(client)]
        assert set(ids) == set(acknowledged)
        kept = [client.get(f"/predictions/{prediction_id}").json() for prediction_id in ids]
    assert len({prediction["document_sha256"] for prediction in kept}) == len(kept)
    for prediction in kept:
        assert prediction["jobs_status"] in {"ok", "empty"}
        assert (prediction["jobs_status"] == "ok") == bool(prediction["jobs"])


def listed(client: httpx.Client) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        parameters = {"limit": "100"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/predictions", params=parameters).json()
        yield from page["data"]
        if not page["has_more"]:
            return
        cursor = page["next_cursor"]


def assert_sound(folder: ServiceFolder) -> None:
    """By SQLite's own checks; PostgreSQL goes on through a killed client as if nothing were."""
    if "DATABASE_URL" in folder.settings:
        return
    with closing(sqlite3.connect(f"file:{folder.database}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def assert_orphans_end(service: ServiceProcess) -> None:
    """Workers of a killed service see that it is gone and leave no process behind."""
    deadline = time.monotonic() + ORPHANS_END_WITHIN_S
    while service.session_members():
        assert time.monotonic() < deadline, [p.cmdline() for p in service.session_members()]
        time.sleep(0.1)
