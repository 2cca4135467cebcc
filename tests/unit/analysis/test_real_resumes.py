"""Over the real documents beside the project, where they are; nothing of them is kept here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.recognition.recognition import refuse_what_is_no_resume
from ml_service.analysis.redaction import redact
from ml_service.domain.resume import ResumeProfile
from ml_service.extraction.pdf.document import read_pdf
from tests.unit.analysis.people import TODAY, VOCABULARY

DOCUMENTS = Path(__file__).parents[3] / "../shared/data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the real documents are not here"),
]


def profile_of(path: Path) -> ResumeProfile:
    extracted = read_pdf(path.read_bytes(), max_pages=30, second_reading_s=3.0)
    profile = analyse_profile(extracted, document_date=TODAY, vocabulary=VOCABULARY)
    refuse_what_is_no_resume(extracted, profile)
    assert redact(extracted, profile).lines
    return profile


def test_one_resume_of_each_category_is_accepted_and_has_a_job() -> None:
    for category in sorted((DOCUMENTS / "resumes/train").iterdir()):
        profile = profile_of(min(category.glob("*.pdf")))
        assert any(job.position for job in profile.work), category.name
        assert profile.contact.name is None
        assert profile.language == "en"


def test_contact_titles_and_employers_agree_with_what_people_read() -> None:
    for truth_file in sorted((DOCUMENTS / "layouts").glob("*.truth.json")):
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        profile = profile_of(truth_file.with_name(truth_file.name.replace(".truth.json", ".pdf")))
        assert profile.contact.name == truth["contact"]["full_name"]
        assert profile.contact.email == truth["contact"]["email"]
        for job, expected in zip(profile.work, truth["experience"], strict=True):
            assert (job.position or "") in expected["title"]
            assert (job.name or "") in expected["company"]
