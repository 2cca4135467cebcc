"""What the score must not depend on, over invented resumes as documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.analysis.redaction import redact
from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.ats.report import score_resume
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.ats_report import AtsReport
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.pdf.document import read_pdf
from tests.resume_factory.designs import DESIGNS, Design
from tests.resume_factory.invention import invent_resumes
from tests.resume_factory.resumes import InventedResume, SectionName

N_RESUMES = 12
CATALOGUE = Path(__file__).resolve().parents[2] / "data/occupations"
DOCUMENT_DATE = date(2025, 5, 1)
REFUSED_BELOW = 50.0
FORMATS_WITHIN = 3.0


@pytest.fixture(scope="module")
def resumes() -> tuple[InventedResume, ...]:
    return invent_resumes(N_RESUMES)


@pytest.fixture(scope="module")
def vocabulary() -> SkillVocabulary:
    return SkillVocabulary(Catalogue.load(CATALOGUE).technologies())


def test_the_same_bytes_give_the_same_score(
    resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    for design in (_design("reportlab-left-rows"), _design("python-docx-left-table")):
        for content in design.render(resumes, Path()):
            assert _read(content, design, vocabulary) == _read(content, design, vocabulary)


@pytest.mark.parametrize(
    "columns",
    [
        "reportlab-left-columns",
        "reportlab-right-rows",
        "reportlab-equal-rows",
    ],
)
def test_one_and_two_columns_of_the_same_content_differ_only_in_the_layout(
    columns: str, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    one = _scored(_design("reportlab-one-columns"), resumes, vocabulary)
    two = _scored(_design(columns), resumes, vocabulary)
    for resume, plain, beside in zip(resumes, one, two, strict=True):
        assert _differing(plain, beside) <= {"layout"}, resume.number
        assert plain.ats_score >= beside.ats_score


@pytest.mark.parametrize(
    ("pdf", "docx"),
    [
        ("reportlab-one-columns", "python-docx-one-paragraphs"),
        ("reportlab-left-columns", "python-docx-left-table"),
        ("reportlab-right-rows", "python-docx-right-table"),
    ],
)
def test_pdf_and_docx_of_one_resume_are_within_three_points(
    pdf: str, docx: str, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    read = (_scored(_design(name), resumes, vocabulary) for name in (pdf, docx))
    for resume, one, other in zip(resumes, *read, strict=True):
        assert abs(one.ats_score - other.ats_score) <= FORMATS_WITHIN, resume.number


@pytest.mark.parametrize("section", ["education", "skills", "work"])
def test_a_section_that_was_missing_never_lowers_the_sections_check(
    section: SectionName, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    design = _design("reportlab-one-columns")
    poorer = [_without(resume, section) for resume in resumes]
    whole = _scored(design, resumes, vocabulary)
    pairs = list(zip(_scored(design, poorer, vocabulary), whole, strict=True))
    assert all(_share(less, "sections") <= _share(more, "sections") for less, more in pairs)
    assert any(_share(less, "sections") < _share(more, "sections") for less, more in pairs)


@pytest.mark.parametrize("section", ["summary", "certificates", "languages", "projects"])
def test_no_other_section_lowers_the_sections_check(
    section: SectionName, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    design = _design("reportlab-one-columns")
    poorer = [_without(resume, section) for resume in resumes]
    whole = _scored(design, resumes, vocabulary)
    for less, more in zip(_scored(design, poorer, vocabulary), whole, strict=True):
        assert _share(less, "sections") <= _share(more, "sections")


@pytest.mark.parametrize(
    "name", ["Marta Lindqvist", "Kwabena Asantewa", "Xiaoyu Szeto", "Al O'Dunn"]
)
def test_another_name_changes_nothing(
    name: str, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    others = [_as(resume, name) for resume in resumes]
    for design in (_design("reportlab-left-columns"), _design("python-docx-one-paragraphs")):
        ours = _scored(design, resumes, vocabulary)
        for one, other in zip(ours, _scored(design, others, vocabulary), strict=True):
            assert _points(one) == _points(other)


def test_another_pronoun_changes_nothing(
    resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    design = _design("reportlab-one-columns")
    told = [
        [_about(resume, pronouns) for resume in resumes]
        for pronouns in (("She", "her"), ("He", "his"), ("They", "their"))
    ]
    first, *others = (_scored(design, versions, vocabulary) for versions in told)
    for other in others:
        assert list(map(_points, first)) == list(map(_points, other))


@pytest.mark.parametrize("design", ["reportlab-one-columns", "python-docx-one-paragraphs"])
def test_a_page_of_keywords_scores_below_fifty(
    design: str, resumes: tuple[InventedResume, ...], vocabulary: SkillVocabulary
) -> None:
    stuffed = [_keywords_of(resume, resumes) for resume in resumes]
    for report in _scored(_design(design), stuffed, vocabulary):
        assert report.ats_score < REFUSED_BELOW


def _design(name: str) -> Design:
    return next(design for design in DESIGNS if design.name == name)


def _scored(
    design: Design, resumes: Iterable[InventedResume], vocabulary: SkillVocabulary
) -> list[AtsReport]:
    rendered = design.render(list(resumes), Path())
    return [_read(content, design, vocabulary) for content in rendered]


def _read(content: bytes, design: Design, vocabulary: SkillVocabulary) -> AtsReport:
    text = (
        read_docx(content, max_pages=30)
        if design.kind == "docx"
        else read_pdf(content, max_pages=30, second_reading_s=5.0)
    )
    profile = analyse_profile(text, document_date=DOCUMENT_DATE, vocabulary=vocabulary)
    redacted = redact(text, profile)
    return score_resume(text, profile, redacted=redacted, document_date=DOCUMENT_DATE)


def _points(report: AtsReport) -> dict[str, float]:
    return {check.id: check.earned for check in report.checks} | {"score": report.ats_score}


def _share(report: AtsReport, check_id: str) -> float:
    """What was earned of the weight, which is more than the rubric's where checks are skipped."""
    check = next(check for check in report.checks if check.id == check_id)
    return check.earned / check.weight


def _differing(one: AtsReport, other: AtsReport) -> set[str]:
    """Ids of checks whose points differ."""
    mine, theirs = _points(one), _points(other)
    return {name for name in mine if mine[name] != theirs[name]} - {"score"}


def _without(resume: InventedResume, section: SectionName) -> InventedResume:
    left = tuple(name for name in get_args(SectionName) if name != section)
    order = tuple(name for name in resume.manner.order if name in left)
    return replace(resume, manner=replace(resume.manner, order=order))


def _as(resume: InventedResume, name: str) -> InventedResume:
    return replace(resume, name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.com")


def _about(resume: InventedResume, pronouns: tuple[str, str]) -> InventedResume:
    subject, possessive = pronouns
    summary = f"{subject} led two offices. Colleagues value {possessive} calm and clear notes."
    return replace(resume, summary=summary)


def _keywords_of(resume: InventedResume, others: Iterable[InventedResume]) -> InventedResume:
    """Nothing but the skills of everybody below a name and an e-mail address."""
    skills = tuple(skill for other in others for skill in other.skills)
    order: tuple[SectionName, ...] = ("skills",)
    return replace(resume, skills=skills, headline=None, manner=replace(resume.manner, order=order))
