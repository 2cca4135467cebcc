"""What a service holds before the page is looked at: postings, and two versions of one resume."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.documents import resume_docx, resume_pdf
from tests.people import PEOPLE, Person
from tests.service_process import ServiceFolder, run_command

SOFTWARE_DEVELOPER, NURSE, ACCOUNTANT, *_ = PEOPLE

ADVERT = (
    "Senior Backend Engineer\nRequired: Python, PostgreSQL, Kubernetes and Docker.\n"
    "Nice to have: Terraform, Amazon Web Services."
)
POSTINGS = (
    {
        "job_id": "posting-1",
        "title": "Senior Software Developer",
        "company": "Harbour Lane Logistics",
        "location": "Portland, OR",
        "description": (
            "We move freight and the software behind it. You design and run services in Python and "
            "PostgreSQL, in Docker on Kubernetes.\nTerraform and Linux are a plus."
        ),
        "apply_url": "https://example.com/jobs/1",
        "min_salary": 135000,
        "max_salary": 165000,
        "currency": "USD",
        "period": "YEAR",
    },
    {
        "job_id": "posting-2",
        "title": "Software Developer, payments",
        "company": "Bright Ledger",
        "location": "Seattle, WA",
        "description": "Java and PostgreSQL for a settlement engine; React for what people see.",
        "apply_url": "https://example.com/jobs/2",
        "remote": True,
    },
    {
        "job_id": "posting-3",
        "title": "Registered Nurse",
        "company": "Example Hospital",
        "location": "Salem, OR",
        "description": "Night shifts on a cardiac ward. Patient care, medication, teaching.",
        "apply_url": "https://example.com/jobs/3",
    },
)


def import_postings(folder: ServiceFolder) -> None:
    folder.path.mkdir(parents=True, exist_ok=True)
    posted_at = datetime.now(UTC) - timedelta(days=3)
    postings = [{**posting, "date_posted": posted_at.isoformat()} for posting in POSTINGS]
    file = folder.path / "postings.json"
    file.write_text(json.dumps(postings), encoding="utf-8")
    run_command(folder, "jobs", "import", str(file))


def first_draft(person: Person) -> Person:
    """The resume before its figures, most of its skills and half of its bullets were written."""
    jobs = [
        replace(job, highlights=("Responsible for many things",), employer=f"{job.employer} Inc")
        for job in person.jobs
    ]
    return replace(person, jobs=tuple(jobs), skills=person.skills[:3], link="")


def documents() -> Iterator[tuple[str, bytes]]:
    """Oldest first: a draft, the same resume finished, and those of two others."""
    yield "marta_draft.docx", resume_docx(first_draft(SOFTWARE_DEVELOPER))
    yield "marta_lindqvist.pdf", resume_pdf(SOFTWARE_DEVELOPER)
    yield "nurse_two_columns.pdf", resume_pdf(NURSE, columns=2)
    yield "accountant.docx", resume_docx(ACCOUNTANT)


def upload_all(base_url: str, *, user_id: str) -> list[str]:
    """Ids, oldest first."""
    with httpx.Client(base_url=base_url, timeout=120) as client:
        return [upload(client, name, content, user_id=user_id) for name, content in documents()]


def upload(client: httpx.Client, name: str, content: bytes, *, user_id: str) -> str:
    answer = client.post("/predict", files={"file": (name, content)}, data={"user_id": user_id})
    assert answer.is_success, answer.text
    return str(answer.json()["prediction_id"])


def write_resume(folder: Path, person: Person) -> Path:
    file = folder / f"{person.file_stem}.pdf"
    file.write_bytes(resume_pdf(person))
    return file
