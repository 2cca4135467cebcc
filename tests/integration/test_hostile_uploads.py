"""Every refusal of a document over real HTTP, and a service that is as good after it as before."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import httpx
import psutil
import pytest

from tests.bad_documents import REFUSED, BadDocument, owner_locked_pdf
from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.service_process import ServiceFolder, ServiceProcess, served

pytestmark = pytest.mark.slow

HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"
STATUS_OF = {
    "no_file": 400,
    "too_large": 413,
    "unsupported_type": 415,
    "empty_document": 422,
    "no_text_layer": 422,
    "encrypted": 422,
    "corrupt": 422,
    "too_many_pages": 422,
    "parse_timeout": 422,
    "parse_memory": 422,
    "not_a_resume": 422,
}
ANSWER_WITHIN_S = 15.0
WORKER_MEMORY_BYTES = 1_000_000_000
WORKER_AT_START_BYTES = 200_000_000  # the limit counts from there
GROWTH_BYTES = 400_000_000
N_WORKERS = 2


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    settings = {
        "PARSE_WORKERS": str(N_WORKERS),
        "PARSE_MEMORY_BYTES": str(WORKER_MEMORY_BYTES),
        "JOBS_PROVIDER": "off",
        "RATE_LIMIT_UPLOADS": "off",
    }
    with served(ServiceFolder(tmp_path_factory.mktemp("hostile"), settings)) as process:
        assert upload(process, "warm_up.pdf", resume_pdf(PEOPLE[0])).status_code == 201
        yield process


@pytest.mark.parametrize("bad", REFUSED, ids=lambda bad: bad.filename)
def test_bad_document_is_refused_with_its_code_and_costs_nothing_else(
    service: ServiceProcess, bad: BadDocument
) -> None:
    content = bad.make()
    before = service.rss_bytes()
    with WorkerMemory(service) as memory:
        answer = upload(service, bad.filename, content)
    refusal = assert_is_problem(answer)
    assert refusal in bad.codes
    assert memory.peak_bytes <= WORKER_AT_START_BYTES + WORKER_MEMORY_BYTES
    assert service.rss_bytes() - before < GROWTH_BYTES
    assert_reads_resumes(service)


def test_missing_file_is_refused(service: ServiceProcess) -> None:
    answer = httpx.post(f"{service.base_url}/predict", data={"user_id": "nobody"}, timeout=30)
    assert assert_is_problem(answer) == "no_file"


def test_empty_form_is_refused(service: ServiceProcess) -> None:
    answer = httpx.post(f"{service.base_url}/predict", timeout=30)
    assert assert_is_problem(answer) == "no_file"


def test_refusal_repeats_neither_file_name_nor_text(service: ServiceProcess) -> None:
    secret = "rumpelstiltskin"
    answer = upload(service, f"{secret}.pdf", f"%PDF-1.4 {secret}".encode())
    assert assert_is_problem(answer) == "corrupt"
    assert secret not in answer.text
    assert secret not in service.log_tail(1_000_000)


def test_pdf_locked_against_changes_only_is_read(service: ServiceProcess) -> None:
    assert upload(service, "owner_locked.pdf", owner_locked_pdf()).status_code == 201


def test_docx_under_a_pdf_name_is_read_by_its_content(service: ServiceProcess) -> None:
    answer = upload(service, "resume.pdf", resume_docx(PEOPLE[3]))
    assert answer.status_code == 201
    assert answer.json()["profile"]["contact"]["email"] == PEOPLE[3].email


def test_a_client_that_writes_everything_first_sees_the_refusal(service: ServiceProcess) -> None:
    """A socket closed under a writing client would lose the answer."""
    body = b"--b\r\n" + b"x" * 11_000_000 + b"\r\n--b--\r\n"
    address = httpx.URL(service.base_url)
    for _ in range(3):
        connection = http.client.HTTPConnection(address.host, address.port, timeout=20)
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        with closing(connection):
            connection.request("POST", "/predict", body, headers)
            with connection.getresponse() as answer:
                assert answer.status == 413
                assert b"too_large" in answer.read()


def test_large_body_is_cut_off_while_it_arrives(service: ServiceProcess) -> None:
    """A body of a gigabyte without a declared length: the answer comes long before its end."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'
        for _ in range(1_000):
            sent += 1_000_000
            yield b"x" * 1_000_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    before = service.rss_bytes()
    try:
        answer = httpx.post(
            f"{service.base_url}/predict", content=endless(), headers=headers, timeout=30
        )
        assert assert_is_problem(answer) == "too_large"
    except (httpx.WriteError, httpx.ReadError):
        pass  # the connection was closed under the sender: cut off all the same
    assert sent < 100_000_000
    assert service.rss_bytes() - before < GROWTH_BYTES
    assert_reads_resumes(service)


def test_many_bad_documents_at_once_lose_no_worker(service: ServiceProcess) -> None:
    bad = [kind for kind in REFUSED if kind.filename in {"operators.pdf", "nested.docx", "cut.pdf"}]
    contents = [(kind.filename, kind.make()) for kind in bad] * 4
    with ThreadPoolExecutor(len(contents)) as pool:
        answers = list(pool.map(lambda each: upload(service, *each, timeout_s=120), contents))
    # Those that found every place taken are told to come back; that is no failure of the service.
    told_to_wait = [answer for answer in answers if answer.status_code == 503]
    assert all(answer.json()["code"] == "overloaded" for answer in told_to_wait)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in told_to_wait)
    assert all(answer.status_code < 500 for answer in answers if answer not in told_to_wait)
    assert_reads_resumes(service)
    assert reader_state(service) == {"workers": N_WORKERS, "busy": 0}


@pytest.mark.real
def test_hostile_files_get_an_answer_in_time_and_never_a_5xx(service: ServiceProcess) -> None:
    if not HOSTILE.is_dir():
        pytest.skip("the folder of hostile files is not beside the project")
    files = sorted(p for p in HOSTILE.rglob("*") if p.is_file() and p.suffix != ".csv")
    account = Account()
    with WorkerMemory(service) as memory:
        for file in files:
            account.add(file, service)
    account.print()
    assert not account.failures
    assert memory.peak_bytes <= WORKER_AT_START_BYTES + WORKER_MEMORY_BYTES
    assert_reads_resumes(service)


@dataclass
class Account:
    """What became of each file: its code or ``read``, and how long the answer took."""

    outcomes: list[tuple[float, str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, file: Path, service: ServiceProcess) -> None:
        started = time.monotonic()
        answer = upload(service, file.name, file.read_bytes(), timeout_s=60)
        took_s = time.monotonic() - started
        outcome = "read" if answer.status_code in {200, 201} else str(answer.json()["code"])
        self.outcomes.append((took_s, outcome, file.name))
        if answer.status_code >= 500 or took_s > ANSWER_WITHIN_S:
            self.failures.append(f"{file.name}: {answer.status_code} {outcome} in {took_s:.1f} s")

    def print(self) -> None:
        for code in sorted({outcome for _, outcome, _ in self.outcomes}):
            print(f"{code}: {sum(1 for _, outcome, _ in self.outcomes if outcome == code)}")
        for took_s, outcome, name in sorted(self.outcomes, reverse=True)[:8]:
            print(f"{took_s:5.1f} s  {outcome}  {name}")


class WorkerMemory:
    """Watches the largest resident size of any one worker process, every 20 ms."""

    def __init__(self, service: ServiceProcess) -> None:
        self.peak_bytes = 0
        self._service = service
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._run)

    def __enter__(self) -> WorkerMemory:
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._watch.join()

    def _run(self) -> None:
        while not self._ended.wait(0.02):
            for worker in self._service.workers():
                try:
                    self.peak_bytes = max(self.peak_bytes, worker.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue


def upload(
    service: ServiceProcess, filename: str, content: bytes, *, timeout_s: float = ANSWER_WITHIN_S
) -> httpx.Response:
    """A new analysis each time, never the stored one."""
    return httpx.post(
        f"{service.base_url}/predict",
        params={"force": "true"},
        files={"file": (filename, content)},
        timeout=timeout_s,
    )


def assert_is_problem(answer: httpx.Response) -> str:
    """The code of a refusal that has the contract's shape."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text[:200]
    problem = answer.json()
    assert answer.status_code == problem["status"] == STATUS_OF[problem["code"]]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert {"type", "title", "detail", "instance", "errors"} <= problem.keys()
    return str(problem["code"])


def reader_state(service: ServiceProcess) -> dict[str, int]:
    health = httpx.get(f"{service.base_url}/health", timeout=10).json()
    [detail] = [part["detail"] for part in health["parts"] if part["name"] == "reader"]
    return {name: detail[name] for name in ("workers", "busy")}


def assert_reads_resumes(service: ServiceProcess) -> None:
    """As many at once as there are workers, so that a lost one would be missed."""
    with ThreadPoolExecutor(N_WORKERS) as pool:
        uploads = [
            pool.submit(upload, service, "resume.pdf", resume_pdf(person))
            for person in PEOPLE[:N_WORKERS]
        ]
        assert [each.result().status_code for each in uploads] == [201] * N_WORKERS
