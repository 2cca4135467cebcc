"""Job adverts, in the fields of schema.org JobPosting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

JobsStatus = Literal["ok", "empty", "pending", "not_configured", "unavailable", "quota_exhausted"]
DatePosted = Literal["all", "today", "3days", "week", "month"]
EmploymentType = Literal["FULLTIME", "CONTRACTOR", "PARTTIME", "INTERN"]

MAX_DESCRIPTION_CHARACTERS = 5_000


@dataclass(frozen=True, slots=True)
class Salary:
    min: float | None = None
    max: float | None = None
    currency: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """``similarity`` is the cosine to the resume in [-1, 1]; None when no resume was compared."""

    job_id: str
    title: str
    provider: str
    description: str = ""
    employer_name: str | None = None
    employer_logo: str | None = None
    location: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    remote: bool | None = None
    employment_types: tuple[str, ...] = ()
    posted_at: datetime | None = None
    apply_url: str | None = None
    salary: Salary | None = None
    soc_code: str | None = None
    similarity: float | None = None
    matched_skills: tuple[str, ...] = ()
    missing_skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobQuery:
    """``country`` is ISO 3166-1 alpha-2, lower case. ``cursor`` belongs to the provider."""

    query: str
    location: str | None = None
    country: str | None = None
    remote: bool | None = None
    date_posted: DatePosted = "all"
    employment_types: tuple[EmploymentType, ...] = ()
    limit: int = 10
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of a board's answer; ``next_cursor`` is None on the last one."""

    postings: tuple[Posting, ...]
    provider: str
    fetched_at: datetime
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class JobsOutcome:
    """What became of the job search of one prediction; ``status`` is always what happened."""

    status: JobsStatus
    postings: tuple[Posting, ...] = ()
    provider: str | None = None
    query: str | None = None
    fetched_at: datetime | None = None
