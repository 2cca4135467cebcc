"""Job adverts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend_client.types.base import Answer, Value

JobsStatus = (
    Literal["ok", "empty", "pending", "not_configured", "unavailable", "quota_exhausted"] | str
)
DatePosted = Literal["all", "today", "3days", "week", "month"]
EmploymentType = Literal["FULLTIME", "CONTRACTOR", "PARTTIME", "INTERN"]


class Salary(Value):
    min: float | None = None
    max: float | None = None
    currency: str | None = None
    period: str | None = None


class Posting(Value):
    """``similarity`` to the resume in [-1, 1], None from a search without one."""

    job_id: str
    title: str
    employer_name: str | None = None
    employer_logo: str | None = None
    location: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    remote: bool | None = None
    employment_types: list[str]
    posted_at: datetime | None = None
    apply_url: str | None = None
    description: str
    salary: Salary | None = None
    soc_code: str | None = None
    similarity: float | None = None
    matched_skills: list[str]
    missing_skills: list[str]
    provider: str


class PostingList(Answer):
    data: list[Posting]
    has_more: bool
    next_cursor: str | None = None
    provider: str
    fetched_at: datetime


class PredictionJobs(Answer):
    """``data`` best match first; empty unless ``jobs_status`` is ok."""

    data: list[Posting]
    jobs_status: JobsStatus
    jobs_provider: str | None = None
    jobs_query: str | None = None
    jobs_fetched_at: datetime | None = None
