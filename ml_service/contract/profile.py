"""What a resume says, as callers see it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from ml_service.contract.base import Out, Probability
from ml_service.domain.document import Reading
from ml_service.domain.resume import ResumeProfile


class ContactOut(Out):
    name: str | None
    email: str | None
    phone: str | None
    location: str | None
    links: list[str]


class SectionOut(Out):
    kind: str
    heading: str
    heading_line: int
    start_line: int
    end_line: int


def _text_of(highlight: Any) -> Any:
    return getattr(highlight, "text", highlight)


class WorkOut(Out):
    position: str | None
    name: str | None
    start_date: str | None
    end_date: str | None
    current: bool
    highlights: list[Annotated[str, BeforeValidator(_text_of)]]


class EducationOut(Out):
    institution: str | None
    area: str | None
    study_type: str | None
    start_date: str | None
    end_date: str | None


class SkillOut(Out):
    name: str
    evidence_line: int | None


class ReadingOut(Out):
    engine: str
    agreement: Probability | None
    columns: int
    warnings: list[str]
    ocr_pages: list[int]
    ocr_confidence: Probability | None
    unread_pages: list[int]


class ProfileOut(Out):
    language: str
    contact: ContactOut
    summary: str | None
    sections: list[SectionOut]
    work: list[WorkOut]
    education: list[EducationOut]
    skills: list[SkillOut]
    certificates: list[str]
    languages: list[str]
    years_experience: float | None
    reading: ReadingOut


def profile_out(profile: ResumeProfile, reading: Reading) -> ProfileOut:
    return ProfileOut(
        language=profile.language,
        contact=ContactOut.model_validate(profile.contact),
        summary=profile.summary,
        sections=[SectionOut.model_validate(section) for section in profile.sections],
        work=[WorkOut.model_validate(work) for work in profile.work],
        education=[EducationOut.model_validate(item) for item in profile.education],
        skills=[SkillOut.model_validate(skill) for skill in profile.skills],
        certificates=list(profile.certificates),
        languages=list(profile.languages),
        years_experience=profile.years_experience,
        reading=ReadingOut.model_validate(reading),
    )
