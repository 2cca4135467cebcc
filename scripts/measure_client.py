"""What callers of the client see of a bad network, and of a service that is killed.

.venv/bin/python scripts/measure_client.py                    # both parts
.venv/bin/python scripts/measure_client.py network --uploads 30
.venv/bin/python scripts/measure_client.py kill --uploads 200

Network: a proxy between client and service plays one fault after the other on half of the requests,
then all of them mixed. Kill: the service is ended with SIGKILL in the middle of the uploads and
started again after a fifth of them were answered without it. Every upload has force=true, so what
is recorded twice is counted twice; lost is what was answered and stands nowhere after sync().
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from unreliable_proxy import FAULTS, MEANING, Fault, UnreliableProxy

from backend_client import ResumeClient, ResumeClientError, Retries, Timeouts
from tests.documents import PEOPLE, resume_pdf
from tests.service_process import ServiceFolder, ServiceProcess, free_port

SETTINGS = {"JOBS_PROVIDER": "off", "PARSE_WORKERS": "2"}
N_CALLERS = 4
SYNC_WITHIN_S = 120.0


@dataclass
class Uploads:
    """What callers were answered, and how long they waited."""

    sources: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def n_answered(self) -> int:
        return self.sources.total()

    def send(self, client: ResumeClient, document: bytes, user_id: str) -> None:
        began_s = time.monotonic()
        try:
            prediction = client.predict(document, user_id=user_id, force=True)
        except ResumeClientError as error:
            with self.lock:
                self.errors[error.code] += 1
            return
        with self.lock:
            self.seconds.append(time.monotonic() - began_s)
            self.sources[prediction.source] += 1
            if prediction.degraded_reason:
                self.reasons[prediction.degraded_reason] += 1


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("part", nargs="?", choices=["network", "kill", "both"], default="both")
    arguments.add_argument("--uploads", type=int, help="in each row, default 20; killed: 200")
    given = arguments.parse_args()
    if given.part in {"network", "both"}:
        measure_network(given.uploads or 20)
    if given.part in {"kill", "both"}:
        measure_kill(given.uploads or 200)


def measure_network(n_uploads: int) -> None:
    columns = "meets half of the requests        uploads service local errors tries   p50    max"
    print(f"{columns}  twice  lost")
    rows: list[tuple[str, tuple[Fault, ...]]] = [(fault, (fault,)) for fault in FAULTS]
    rows.append(("all mixed", FAULTS[1:]))
    with tempfile.TemporaryDirectory() as scratch, Served(Path(scratch)) as service:
        for name, faults in rows:
            with UnreliableProxy(service.port, faults=faults, seed=len(name)) as proxy:
                row = network_row(proxy, service, name, Path(scratch) / name, n_uploads)
            print(f"{name:<11} {row}", flush=True)
    for fault, sentence in MEANING.items():
        print(f"  {fault:<11} {sentence}")


def network_row(
    proxy: UnreliableProxy, service: Served, name: str, folder: Path, n_uploads: int
) -> str:
    # Shorter than the defaults, so that a run takes minutes.
    timeouts, retries = Timeouts(read_s=20), Retries(first_delay_s=0.2)
    documents = list(resumes(name, n_uploads))
    uploads = Uploads()
    with ResumeClient(
        proxy.base_url, outbox_dir=folder, timeouts=timeouts, retries=retries
    ) as client:
        send_all(uploads, client, documents, user_id=name)
        n_tries = proxy.n_requests
    with ResumeClient(service.base_url, outbox_dir=folder, fallback="off") as direct:
        sync_all(direct)
        recorded = recorded_documents(direct, name)
    return (
        f"{'':<21} {n_uploads:>7} {uploads.sources['ml-service']:>7} {uploads.sources['local']:>5} "
        f"{uploads.errors.total():>6} {n_tries:>5} {statistics.median(uploads.seconds):>5.1f}s "
        f"{max(uploads.seconds):>5.1f}s {sum(n - 1 for n in recorded.values()):>6} "
        f"{uploads.n_answered - len(recorded):>5}  {dict(uploads.errors) or ''}"
    )


@dataclass(frozen=True)
class Killed:
    """``recorded`` counts by sha256 how often each document stands in the history at the end."""

    uploads: Uploads
    n_before: int
    n_synced: int
    recorded: Counter[str]


def measure_kill(n_uploads: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        killed = kill_amid(Path(scratch), n_uploads)
    uploads, recorded = killed.uploads, killed.recorded
    twice = sum(n > 1 for n in recorded.values())
    print(f"{n_uploads} uploads by {N_CALLERS} callers; SIGKILL after {killed.n_before} answers")
    print(f"  answered by the service   {uploads.sources['ml-service']:>5}")
    print(f"  answered in this process  {uploads.sources['local']:>5}  {dict(uploads.reasons)}")
    print(f"  errors                    {uploads.errors.total():>5}  {dict(uploads.errors)}")
    print(f"  sent by sync()            {killed.n_synced:>5}")
    print(f"  documents in the history  {len(recorded):>5}")
    print(f"  of these more than once   {twice:>5}")
    print(f"  a caller waited           {statistics.median(uploads.seconds):>5.1f} s in the median")
    print(f"  and at the longest        {max(uploads.seconds):>5.1f} s")


def kill_amid(scratch: Path, n_uploads: int) -> Killed:
    """A third is answered, the service is killed, a fifth is answered without it, it comes back."""
    documents, uploads, user_id = list(resumes("kill", n_uploads)), Uploads(), "killed"
    port = free_port()
    with Served(scratch, port) as first:
        client = ResumeClient(first.base_url, outbox_dir=scratch / "outbox")
        sending = threading.Thread(
            target=send_all, args=(uploads, client, documents), kwargs={"user_id": user_id}
        )
        sending.start()
        while uploads.n_answered < n_uploads // 3 and sending.is_alive():
            time.sleep(0.02)
        n_before = uploads.n_answered
        first.process.kill()
        while uploads.sources["local"] < n_uploads // 5 and sending.is_alive():
            time.sleep(0.02)
    with client, Served(scratch, port):
        sending.join()
        n_synced = sync_all(client)
        return Killed(uploads, n_before, n_synced, recorded_documents(client, user_id))


def send_all(
    uploads: Uploads, client: ResumeClient, documents: list[bytes], *, user_id: str
) -> None:
    with ThreadPoolExecutor(N_CALLERS) as callers:
        for document in documents:
            callers.submit(uploads.send, client, document, user_id)


def sync_all(client: ResumeClient) -> int:
    """How many entries were sent; raises what the last one met when time is up."""
    deadline, n_sent = time.monotonic() + SYNC_WITHIN_S, 0
    while True:
        report = client.sync()
        n_sent += len(report.sent)
        if report.n_left == 0:
            return n_sent
        if report.refused or time.monotonic() > deadline:
            raise SystemExit(f"not everything could be sent: {report}")
        time.sleep(1)


def recorded_documents(client: ResumeClient, user_id: str) -> Counter[str]:
    """How often each document stands in the history, by its sha256."""
    export = client.export_user(user_id).read()
    return Counter(one.prediction.document_sha256 for one in export.predictions)


def resumes(mark: str, n_resumes: int) -> Iterator[bytes]:
    """No two the same."""
    for number in range(n_resumes):
        person = PEOPLE[number % len(PEOPLE)]
        yield resume_pdf(replace(person, summary=f"{person.summary} Reference {mark} {number}."))


class Served:
    """The service as a process of its own, at a port that outlives it."""

    def __init__(self, scratch: Path, port: int | None = None) -> None:
        self._folder = ServiceFolder(scratch / "service", SETTINGS)
        self.port = port or free_port()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Served:
        self._folder.path.mkdir(parents=True, exist_ok=True)
        command = ["-m", "ml_service", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        self._log = self._folder.log.open("ab")
        self.process = ServiceProcess(
            self._folder, [sys.executable, *command], self.port, self._log
        )
        self.process.wait_until_ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close()


if __name__ == "__main__":
    main()
