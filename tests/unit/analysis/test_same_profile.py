"""What a resume says does not depend on the format it was saved in."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import ResumeProfile
from ml_service.extraction.docx.document import read_docx
from ml_service.extraction.pdf.document import read_pdf
from tests.documents import PEOPLE, DocxLayout, Person, resume_docx, resume_pdf
from tests.unit.analysis.people import TODAY, VOCABULARY

LAYOUTS: tuple[DocxLayout, ...] = get_args(DocxLayout)
BY_NAME = pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.file_stem)


def told(extracted: ExtractedText) -> ResumeProfile:
    """The profile without the numbers of lines, which differ; skills in alphabetical order."""
    profile = analyse_profile(extracted, document_date=TODAY, vocabulary=VOCABULARY)
    work = tuple(
        replace(
            job,
            highlights=tuple(replace(item, line=0) for item in job.highlights),
            start_line=0,
            end_line=0,
            position_line=None,
        )
        for job in profile.work
    )
    skills = tuple(replace(skill, evidence_line=None) for skill in profile.skills)
    by_name = tuple(sorted(skills, key=lambda skill: skill.name))
    return replace(profile, work=work, skills=by_name, sections=())


def told_by_pdf(person: Person) -> ResumeProfile:
    return told(read_pdf(resume_pdf(person), max_pages=5, second_reading_s=3))


@BY_NAME
@pytest.mark.parametrize("layout", LAYOUTS)
def test_docx_says_what_its_pdf_says(person: Person, layout: DocxLayout) -> None:
    assert told(read_docx(resume_docx(person, layout), max_pages=5)) == told_by_pdf(person)


@BY_NAME
def test_two_columns_say_what_one_says(person: Person) -> None:
    two = read_pdf(resume_pdf(person, columns=2), max_pages=5, second_reading_s=3)
    assert told(two) == told_by_pdf(person)


@BY_NAME
def test_every_highlight_is_one_bullet_of_the_resume(person: Person) -> None:
    found = told(read_docx(resume_docx(person), max_pages=5)).work
    assert [[item.text for item in job.highlights] for job in found] == [
        list(job.highlights) for job in person.jobs
    ]
    assert [job.name for job in found] == [job.employer for job in person.jobs]
