"""The rules of the score over real resumes, which carry no contact: a header is put on a copy."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.domain.ats_report import AtsReport
from ml_service.domain.document import ExtractedText, Line
from ml_service.extraction.pdf.document import read_pdf

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "resumes" / "train"
DOCUMENT_DATE = date(2022, 1, 1)
VOCABULARY = SkillVocabulary([])
EVERY = 60

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real resumes are not beside the project"),
]


def real_texts() -> list[ExtractedText]:
    paths = sorted(FOLDER.rglob("*.pdf"))[::EVERY]
    return [read_pdf(path.read_bytes(), max_pages=40, second_reading_s=5) for path in paths]


def with_header(text: ExtractedText, *contact: str) -> ExtractedText:
    header = [Line(line, 1, None, 0, order) for order, line in enumerate(contact)]
    moved = [replace(line, order=line.order + len(header)) for line in text.lines]
    return replace(text, lines=(*header, *moved))


def scored(text: ExtractedText) -> AtsReport:
    profile = analyse_profile(text, document_date=DOCUMENT_DATE, vocabulary=VOCABULARY)
    redacted = redact(text, profile)
    return score_resume(text, profile, redacted=redacted, document_date=DOCUMENT_DATE)


def test_points_add_up_and_evidence_stands_in_the_document() -> None:
    texts = real_texts()
    assert len(texts) >= 20
    for text in texts:
        report = scored(with_header(text, "Ada Sample", "ada@example.com | +1 202 555 0143"))
        assert report.cap is None
        earned = math.fsum(check.earned for check in report.checks)
        assert report.ats_score == round(round(earned, 2), 1)
        assert math.fsum(check.weight for check in report.checks) == pytest.approx(100.0)
        shown = [evidence for check in report.checks for evidence in check.evidence]
        lines = with_header(text, "Ada Sample", "ada@example.com | +1 202 555 0143").lines
        assert all(lines[each.line].text == each.text for each in shown)


def test_without_an_email_no_real_resume_gets_more_than_60() -> None:
    assert all(scored(text).ats_score <= 60.0 for text in real_texts())


def test_another_name_and_contact_changes_no_score() -> None:
    for text in real_texts():
        ours = with_header(text, "Ada Sample", "ada@example.com | +1 202 555 0143")
        theirs = with_header(text, "Mohammed Al-Hassan", "m.h@example.org | +44 20 7946 0018")
        assert scored(ours).ats_score == scored(theirs).ats_score
