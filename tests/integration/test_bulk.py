"""``bulk`` as people run it: in a process of its own, interrupted, killed and run again."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ml_service.contract.prediction import PredictionOut
from tests.bad_documents import encrypted_pdf, invoice_pdf, truncated_pdf
from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.service_process import ServiceFolder

pytestmark = pytest.mark.slow

N_RESUMES = 8
Rows = dict[str, dict[str, str]]


@pytest.fixture
def service(tmp_path: Path) -> ServiceFolder:
    folder = ServiceFolder(tmp_path / "service", {})
    folder.path.mkdir()
    return folder


@pytest.fixture
def resumes(tmp_path: Path) -> Path:
    folder = tmp_path / "resumes"
    for number, content in enumerate(generated()):
        place = folder / f"team {number % 3}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:02}.{'docx' if number % 2 else 'pdf'}").write_bytes(content)
    return folder


def generated() -> Iterator[bytes]:
    for number in range(N_RESUMES):
        person = PEOPLE[number % len(PEOPLE)]
        marked = replace(person, summary=f"{person.summary} Reference {number}.")
        yield resume_docx(marked) if number % 2 else resume_pdf(marked)


class Bulk:
    """One run of the command; ends with the test."""

    def __init__(self, service: ServiceFolder, resumes: Path, out: Path, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ml_service", "bulk", str(resumes), "--out", str(out), *options],
            cwd=service.path,
            env=service.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.journal = out.with_name(out.name + ".journal")

    def wait(self) -> tuple[int, str]:
        said, _ = self._process.communicate(timeout=180)
        return self._process.returncode, said

    def wait_for_outcomes(self, n: int) -> None:
        wait_until(lambda: outcomes_in(self.journal) >= n or self._process.poll() is not None)
        assert self._process.poll() is None, self._process.communicate()[0]

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        return psutil.Process(self._process.pid).children()


@pytest.fixture
def bulk(service: ServiceFolder, resumes: Path, tmp_path: Path) -> Iterator[Callable[..., Bulk]]:
    runs: list[Bulk] = []

    def start(*options: str, out: Path = tmp_path / "results.csv", workers: str = "1") -> Bulk:
        runs.append(Bulk(service, resumes, out, "--workers", workers, *options))
        return runs[-1]

    yield start
    for run in runs:
        run.signal(signal.SIGKILL)


def wait_until(condition: Callable[[], bool], timeout_s: float = 120) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def outcomes_in(journal: Path) -> int:
    return max(0, journal.read_bytes().count(b"\n") - 1) if journal.exists() else 0


def rows_of(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["file"] for row in rows}) == len(rows)
    return {row["file"]: row for row in rows}


def test_every_file_has_a_row_and_a_second_run_does_what_changed(
    bulk: Callable[..., Bulk], resumes: Path, service: ServiceFolder, tmp_path: Path
) -> None:
    (resumes / "locked.pdf").write_bytes(encrypted_pdf())
    (resumes / "cut.pdf").write_bytes(truncated_pdf())
    (resumes / "invoice.pdf").write_bytes(invoice_pdf())
    (resumes / "notes.txt").write_text("not looked at")
    (resumes / "gone.docx").symlink_to(tmp_path / "nowhere")
    (resumes / os.fsdecode(b"caf\xe9.pdf")).write_bytes(resume_pdf(PEOPLE[0]))

    status, said = bulk(workers="2").wait()

    assert status == 0, said
    rows = rows_of(tmp_path / "results.csv")
    assert Counter(row["error_code"] for row in rows.values()) == {
        "": N_RESUMES + 1,
        "encrypted": 1,
        "corrupt": 1,
        "not_a_resume": 1,
        "unreadable": 1,
    }
    assert rows[r"caf\xe9.pdf"]["career_path"] == "Software Developers"
    assert rows["gone.docx"]["error"]
    assert "not looked at: ends in .txt" in said
    assert not any(person.email in (tmp_path / "results.csv").read_text() for person in PEOPLE)
    assert not service.database.exists()

    (resumes / "locked.pdf").write_bytes(resume_pdf(PEOPLE[1]))
    (resumes / "cut.pdf").unlink()
    status, said = bulk("--strict").wait()

    assert status == 1, said
    again = rows_of(tmp_path / "results.csv")
    assert set(rows) - set(again) == {"cut.pdf"}
    changed = {name for name in again if again[name] != rows[name]}
    assert {"locked.pdf"} <= changed <= {"locked.pdf", "gone.docx"}
    assert again["locked.pdf"]["status"] == "analysed"


def test_json_lines_hold_the_answer_of_the_contract(
    bulk: Callable[..., Bulk], resumes: Path, tmp_path: Path
) -> None:
    for other in ("team 1", "team 2"):
        shutil.rmtree(resumes / other)
    advert = tmp_path / "advert.txt"
    advert.write_text("Requirements:\n- Python\n- Patient care\n", encoding="utf-8")
    out = tmp_path / "results.jsonl"

    options = ("--job-description", str(advert), "--document-date", "2025-05-05", "--quiet")
    status, said = bulk(*options, out=out).wait()

    assert (status, said) == (0, "")
    documents = [json.loads(line) for line in out.read_bytes().splitlines()]
    answers = [PredictionOut.model_validate(document) for document in documents]
    names = [answer.resume_filename for answer in answers]
    assert names == ["00.pdf", "03.docx", "06.pdf"]
    assert {str(answer.document_date) for answer in answers} == {"2025-05-05"}
    assert all(answer.match is not None and answer.prediction_id is None for answer in answers)


def test_ctrl_c_writes_what_there_is_and_the_next_run_goes_on(
    bulk: Callable[..., Bulk], tmp_path: Path
) -> None:
    first = bulk()
    first.wait_for_outcomes(2)
    workers = first.descendants()
    first.signal(signal.SIGINT)
    status, said = first.wait()

    assert status == 130, said
    assert "run it again to go on" in said
    assert "Traceback" not in said
    before = rows_of(tmp_path / "results.csv")
    assert 2 <= len(before) < N_RESUMES
    wait_until(lambda: not any(worker.is_running() for worker in workers), timeout_s=20)

    status, said = bulk().wait()

    assert status == 0, said
    after = rows_of(tmp_path / "results.csv")
    assert len(after) == N_RESUMES
    assert {name: after[name] for name in before} == before


def test_neither_a_worker_nor_the_command_loses_what_was_written_when_it_is_killed(
    bulk: Callable[..., Bulk], tmp_path: Path
) -> None:
    first = bulk()
    first.wait_for_outcomes(1)
    first.workers()[0].kill()
    first.wait_for_outcomes(3)
    processes = first.descendants()
    first.signal(signal.SIGKILL)
    first.wait()
    wait_until(lambda: not any(process.is_running() for process in processes), timeout_s=20)
    written = [json.loads(line) for line in first.journal.read_bytes().splitlines()[1:]]
    died = [line for line in written if line["error_code"] == "worker_died"]
    assert len(died) == 1
    assert not (tmp_path / "results.csv").exists()

    status, said = bulk().wait()

    assert status == 0, said
    kept = len(written) - len(died)
    assert re.search(rf"done in an earlier run +\| +{kept} ", said), said
    rows = rows_of(tmp_path / "results.csv").values()
    assert [row["status"] for row in rows] == ["analysed"] * N_RESUMES
