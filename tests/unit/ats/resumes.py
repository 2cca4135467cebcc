"""Small resumes of invented people as the values that the score reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ml_service.analysis.redaction import redact
from ml_service.ats.report import score_resume
from ml_service.ats.submission import Submission, submission_of
from ml_service.domain.ats_report import AtsCheck, AtsReport
from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.resume import (
    Contact,
    Education,
    Highlight,
    ResumeProfile,
    Section,
    SectionKind,
    Work,
)

DOCUMENT_DATE = date(2024, 6, 15)

GOOD_BULLETS = (
    "Led a team of 5 developers through the split of a large system into 12 services",
    "Cut the monthly cloud bill by 31% by moving batch work to cheaper machines at night",
    "Built a tracking service that answers 4,200 requests a second on two small servers",
    "Wrote the handbook for new colleagues together with the support team in the north",
)
FILLER = (
    "The work was done with the people of the region and for the schools that are in need of it"
)


@dataclass(frozen=True)
class Job:
    position: str = "Software Engineer"
    name: str = "Northgate Freight"
    dates: str = "Mar 2020 - Present"
    start: str | None = "2020-03"
    end: str | None = None
    current: bool = True
    bullets: tuple[str, ...] = GOOD_BULLETS


EARLIER = Job("Developer", "Harbor Labs", "Jan 2016 - Feb 2020", "2016-01", "2020-02", False)


@dataclass(frozen=True)
class Draft:
    """What a resume says; ``build`` writes it down line by line."""

    name: str = "Ada Sample"
    email: str | None = "ada.sample@example.com"
    phone: str | None = "+1 202 555 0143"
    link: str | None = "example.com/ada"
    jobs: tuple[Job, ...] = (Job(), EARLIER)
    headings: tuple[SectionKind, ...] = ("work", "education", "skills")
    education: bool = True
    more: tuple[str, ...] = (FILLER,) * 10
    language: str = "en"
    reading: Reading = field(default_factory=lambda: Reading("test", None, 1))


HEADINGS: dict[SectionKind, str] = {
    "work": "Work Experience",
    "education": "Education",
    "skills": "Skills",
    "projects": "Projects",
    "references": "References",
}


def build(draft: Draft) -> tuple[ExtractedText, ResumeProfile]:
    texts: list[str] = [draft.name]
    texts += [text for text in (draft.email, draft.phone, draft.link) if text]
    sections: list[Section] = []
    work: list[Work] = []
    for kind in draft.headings:
        heading_line = len(texts)
        texts.append(HEADINGS[kind])
        if kind == "work":
            work = [_write_job(job, texts) for job in draft.jobs]
        elif kind == "education" and draft.education:
            texts.append("Bachelor of Science, Springfield University, 2015")
        elif kind not in ("education", "references"):
            texts += ["Python, SQL, Linux", *draft.more]
        sections.append(
            Section(kind, HEADINGS[kind], heading_line, heading_line + 1, len(texts) - 1)
        )
    study = Education("Springfield University", None, "Bachelor of Science", None, "2015")
    profile = ResumeProfile(
        language=draft.language,
        contact=Contact(
            name=draft.name,
            email=draft.email,
            phone=draft.phone,
            links=(f"https://{draft.link}",) if draft.link else (),
        ),
        summary=None,
        sections=tuple(sections),
        work=tuple(work),
        education=(study,) if draft.education and "education" in draft.headings else (),
        skills=(),
        certificates=(),
        languages=(),
        years_experience=None,
    )
    return written(texts, reading=draft.reading), profile


def _write_job(job: Job, texts: list[str]) -> Work:
    start_line = len(texts)
    texts += [f"{job.position}, {job.name}", job.dates]
    highlights = []
    for bullet in job.bullets:
        highlights.append(Highlight(bullet, len(texts)))
        texts.append(f"• {bullet}")
    return Work(
        position=job.position,
        name=job.name,
        start_date=job.start,
        end_date=job.end,
        current=job.current,
        highlights=tuple(highlights),
        start_line=start_line,
        end_line=len(texts) - 1,
    )


def written(texts: Sequence[str], *, reading: Reading | None = None) -> ExtractedText:
    """One page, one column."""
    lines = tuple(
        Line(text=text, page=1, box=(50.0, 12.0 * order, 500.0, 12.0 * order + 10), column=0,
             order=order)
        for order, text in enumerate(texts)
    )  # fmt: skip
    return ExtractedText(lines, n_pages=1, reading=reading or Reading("test", None, 1))


def empty_profile(language: str = "en") -> ResumeProfile:
    return ResumeProfile(language, Contact(), None, (), (), (), (), (), (), None)


def report_of(draft: Draft) -> AtsReport:
    return scored(*build(draft))


def scored(
    extracted: ExtractedText, profile: ResumeProfile, *, document_date: date = DOCUMENT_DATE
) -> AtsReport:
    redacted = redact(extracted, profile)
    return score_resume(extracted, profile, redacted=redacted, document_date=document_date)


def submitted(extracted: ExtractedText, profile: ResumeProfile) -> Submission:
    redacted = redact(extracted, profile)
    return submission_of(extracted, profile, redacted=redacted, document_date=DOCUMENT_DATE)


def check_of(draft: Draft, check_id: str) -> AtsCheck:
    return check_in(report_of(draft), check_id)


def check_in(report: AtsReport, check_id: str) -> AtsCheck:
    return next(check for check in report.checks if check.id == check_id)


def with_bullets(*bullets: str) -> Draft:
    return Draft(jobs=(replace(Job(), bullets=bullets),))
