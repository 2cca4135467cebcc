"""This process in the service's place: the same answers, nothing recorded, nothing left running."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from backend_client import (
    AsyncResumeClient,
    InvalidRequestError,
    ResumeClient,
    ResumeClientError,
    Retries,
)
from tests.bad_documents import encrypted_pdf
from tests.documents import PEOPLE, resume_pdf
from tests.service_process import PROJECT, free_port

pytestmark = pytest.mark.slow

AT_ONCE = Retries(max_retries=0)
SCRIPT = """
from backend_client import ResumeClient, Retries

print("begun")
with ResumeClient("http://127.0.0.1:{port}", retries=Retries(max_retries=0)) as client:
    prediction = client.predict({document!r}, user_id="marta")
    print(prediction.source, prediction.degraded_reason, prediction.career_path)
"""


@pytest.fixture
def nowhere() -> ResumeClient:
    """A client of a port that nobody listens on."""
    return ResumeClient(f"http://127.0.0.1:{free_port()}", retries=AT_ONCE)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_answer_is_the_services_but_for_its_record(client: AsyncResumeClient) -> None:
    document = resume_pdf(PEOPLE[4])
    advert = "Requirements: Excel, SAP."
    asked: dict[str, Any] = {"filename": "r.pdf", "user_id": "m", "job_description": advert}
    stated = date(2026, 2, 3)
    away = AsyncResumeClient(f"http://127.0.0.1:{free_port()}", retries=AT_ONCE)

    served = await client.predict(document, document_date=stated, **asked)
    local = await away.predict(document, document_date=stated, **asked)
    await away.aclose()

    recorded = {"prediction_id", "created_at", "updated_at", "source", "degraded_reason"}
    jobs = {"jobs", "jobs_status", "jobs_provider", "jobs_query", "jobs_fetched_at"}
    assert local.model_dump(exclude=recorded | jobs) == served.model_dump(exclude=recorded | jobs)
    assert (local.source, local.degraded_reason) == ("local", "connection_failed")
    assert (local.prediction_id, local.created_at, local.updated_at) == (None, None, None)
    assert (local.jobs_status, local.jobs) == ("unavailable", [])
    assert local.model.model_id == "occupations"


def test_a_document_that_cannot_be_read_is_refused_as_by_the_service(nowhere: ResumeClient) -> None:
    with pytest.raises(InvalidRequestError) as raised:
        nowhere.predict(encrypted_pdf())

    assert (raised.value.status, raised.value.code) == (422, "encrypted")
    assert raised.value.request_id is None


def test_a_model_that_is_not_here_leaves_the_services_failure(nowhere: ResumeClient) -> None:
    with pytest.raises(ResumeClientError) as raised:
        nowhere.predict(resume_pdf(PEOPLE[0]), model="of-the-service-alone")

    assert raised.value.code == "connection_failed"
    assert "no model with this name" in raised.value.__notes__[0]


def run(script: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    file = folder / "script.py"
    file.write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(file)],
        env={**os.environ, "PYTHONPATH": str(PROJECT), **settings},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        start_new_session=True,
        check=False,
    )


def test_a_plain_script_runs_once_and_leaves_nothing_running(tmp_path: Path) -> None:
    """One without ``if __name__ == "__main__"``, which processes that are spawned would repeat."""
    document = tmp_path / "resume.pdf"
    document.write_bytes(resume_pdf(PEOPLE[0]))

    done = run(SCRIPT.format(port=free_port(), document=str(document)), tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["begun", "local connection_failed Software Developers"]
    assert "Traceback" not in done.stderr
    deadline = time.monotonic() + 20
    while any(str(tmp_path) in working_folder(one) for one in psutil.process_iter()):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_host_application_with_settings_and_a_logger_of_its_own(tmp_path: Path) -> None:
    """It names ``__name__`` without asking for it, and its words are none of the service's."""
    document = tmp_path / "resume.pdf"
    document.write_bytes(resume_pdf(PEOPLE[0]))
    logging = "import logging\nlog = logging.getLogger(__name__)\n"
    script = logging + SCRIPT.format(port=free_port(), document=str(document))

    done = run(script, tmp_path, LOG_LEVEL="debug", CORS_ORIGINS="*", API_KEYS="theirs")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["begun", "local connection_failed Software Developers"]


def working_folder(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def test_without_the_services_packages_the_failure_says_what_to_install(tmp_path: Path) -> None:
    hidden = 'import sys\nsys.modules["ml_service"] = None\n'
    document = tmp_path / "resume.pdf"
    document.write_bytes(resume_pdf(PEOPLE[0]))

    done = run(hidden + SCRIPT.format(port=free_port(), document=str(document)), tmp_path)

    assert done.returncode == 1
    assert "ConnectionFailed: connection_failed" in done.stderr
    assert "pip install '.[local]'" in done.stderr
