"""Invented records for the tests of storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from uuid6 import uuid7

from ml_service.domain.ats_report import (
    AtsCheck,
    AtsReport,
    Evidence,
    JobDescriptionMatch,
    MatchEvidence,
    Requirements,
    ScoreCap,
)
from ml_service.domain.document import Line, Reading
from ml_service.domain.posting import JobsOutcome, Posting, Salary
from ml_service.domain.prediction import (
    Analysis,
    Annotations,
    CareerPath,
    CareerPrediction,
    Contribution,
    EncoderRef,
    ModelRef,
    NextStep,
    Prediction,
)
from ml_service.domain.resume import (
    Contact,
    Education,
    Highlight,
    ResumeProfile,
    Section,
    Skill,
    Work,
)

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)

LINES = (
    Line("Ada Exämple", page=1, box=(72.0, 50.5, 200.25, 64.0), column=0, order=0, bold=True),
    Line("Zürich · ada@example.com", page=1, box=None, column=0, order=1, font_size=10.5),
    Line("Built C++ services for résumé parsing", page=2, box=None, column=1, order=2),
)


def new_id() -> UUID:
    return UUID(str(uuid7()))


def a_profile(*, skills: tuple[str, ...] = ("Python", "PostgreSQL")) -> ResumeProfile:
    return ResumeProfile(
        language="en",
        contact=Contact(name="Ada Exämple", email="ada@example.com", links=("https://a.example",)),
        summary=None,
        sections=(Section("work", "Experience", 2, 3, 9),),
        work=(
            Work("Engineer", "Acme", "2021-03", None, True, (Highlight("Built “it”", 4),), 3, 5),
        ),
        education=(Education("ETH", None, "BSc", None, "2019"),),
        skills=tuple(Skill(name, 7) for name in skills),
        certificates=(),
        languages=("German",),
        years_experience=4.5,
    )


def an_analysis(
    *,
    career_path: str = "Software Developers",
    confidence: float = 0.1 + 0.2,
    filename: str = "ada.pdf",
    skills: tuple[str, ...] = ("Python", "PostgreSQL"),
) -> Analysis:
    return Analysis(
        resume_filename=filename,
        document_sha256="ab" * 32,
        document_date=date(2026, 2, 28),
        reading=Reading("pypdfium2", None, 2, ("two columns",)),
        profile=a_profile(skills=skills),
        career=CareerPrediction(
            career_paths=(
                CareerPath(career_path, "15-1252.00", confidence),
                CareerPath("Data Scientists", None, 1 / 3),
            ),
            career_field="Computer and Mathematical Occupations",
            abstained=True,
            abstain_reason="low_confidence",
            model=ModelRef("occupations", "2026-01", "champion"),
            encoder=EncoderRef("all-MiniLM-L6-v2", "r1", "fp32", "sentence-transformers"),
        ),
        explanation=(Contribution("Built services", 1, -0.125, (4, 5)),),
        next_steps=(NextStep("Architects", "15-1299.08", 4, 120_000, ("Java",), 0.7),),
        ats=AtsReport(
            ats_score=71.5,
            rubric_version="1",
            cap=ScoreCap(80.0, "no e-mail"),
            points_available=28.5,
            checks=(
                AtsCheck("dates", "Dates", "pass", False, 10.0, 10.0, 0.0, (Evidence(1, 4, "x"),)),
            ),
            tips=("Say when.",),
        ),
        match=JobDescriptionMatch(
            50.0,
            Requirements(("python",), ()),
            Requirements((), ("go",)),
            (MatchEvidence(1, 2, "p", "python"),),
        ),
        parser_version="1",
    )


def a_posting(job_id: str = "job-1", *, title: str = "Python Developer") -> Posting:
    return Posting(
        job_id=job_id,
        title=title,
        provider="jsearch",
        description="We build things.",
        location="Berlin, Germany",
        city="Berlin",
        country="de",
        remote=False,
        employment_types=("FULLTIME",),
        posted_at=NOON - timedelta(hours=3),
        apply_url="https://jobs.example.com/1",
        salary=Salary(min=50_000.0, currency="EUR", period="YEAR"),
        similarity=0.25,
        matched_skills=("Python",),
    )


def jobs_found(*job_ids: str) -> JobsOutcome:
    postings = tuple(a_posting(job_id) for job_id in job_ids)
    return JobsOutcome("ok", postings, "jsearch", "Software Developers", NOON)


def a_prediction(
    *,
    minutes: float = 0,
    user_id: str | None = "user-1",
    fingerprint: str = "f" * 64,
    analysis: Analysis | None = None,
    jobs: JobsOutcome | None = None,
    annotations: Annotations | None = None,
) -> Prediction:
    """Recorded ``minutes`` after noon of the same day."""
    at = NOON + timedelta(minutes=minutes)
    return Prediction(
        prediction_id=new_id(),
        user_id=user_id,
        created_at=at,
        updated_at=at,
        fingerprint=fingerprint,
        analysis=analysis or an_analysis(),
        jobs=jobs or jobs_found("job-1", "job-2"),
        annotations=annotations or Annotations(),
    )


def tagged(prediction: Prediction, *tags: str) -> Prediction:
    return replace(prediction, annotations=replace(prediction.annotations, tags=tags))


def text_lines(*texts: str) -> tuple[Line, ...]:
    return tuple(
        Line(text, page=1, box=None, column=0, order=order) for order, text in enumerate(texts)
    )
