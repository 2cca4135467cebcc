from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ml_service.domain.prediction import ModelRef
from ml_service.use_cases.analyse_resume import ResumeUpload
from ml_service.use_cases.match_jobs import JobPlace
from ml_service.use_cases.submit_resume import Submission, fingerprint
from tests.unit.storage.examples import NOON

UPLOAD = ResumeUpload(content=b"resume", filename="a.pdf", document_date=date(2026, 1, 31))
SUBMISSION = Submission(
    upload=UPLOAD, document_sha256="00" * 32, user_id="me", place=JobPlace(), begun_at=NOON
)
MODEL = ModelRef("occupations", "1")


def test_the_same_upload_has_the_same_fingerprint_whatever_the_file_is_called() -> None:
    renamed = replace(SUBMISSION, upload=replace(UPLOAD, filename="b.pdf"))

    assert fingerprint(renamed, MODEL) == fingerprint(SUBMISSION, MODEL)


@pytest.mark.parametrize(
    "other",
    [
        replace(SUBMISSION, user_id="you"),
        replace(SUBMISSION, user_id=None),
        replace(SUBMISSION, place=JobPlace(location="Berlin")),
        replace(SUBMISSION, place=JobPlace(country="de")),
        replace(SUBMISSION, document_sha256="ff" * 32),
        replace(SUBMISSION, stated_date=date(2026, 2, 1)),
        replace(SUBMISSION, upload=replace(UPLOAD, job_description="Nurse")),
    ],
)
def test_whatever_changes_the_answer_changes_the_fingerprint(other: Submission) -> None:
    assert fingerprint(other, MODEL) != fingerprint(SUBMISSION, MODEL)


def test_another_revision_of_the_model_is_another_upload() -> None:
    assert fingerprint(SUBMISSION, ModelRef("occupations", "2")) != fingerprint(SUBMISSION, MODEL)
