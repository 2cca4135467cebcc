"""From the body of a JSearch answer to postings.

Only ``job_id`` and ``job_title`` can be relied on; everything else may be absent, null or of
another type. Both shapes of ``data`` are read: an array, and an object with jobs and a cursor.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import cast

from ml_service.domain.errors import JobsUnavailable
from ml_service.domain.posting import MAX_DESCRIPTION_CHARACTERS, Posting, Salary
from ml_service.job_sources.field_values import (
    employment_types,
    link_or_none,
    long_text,
    soc_code_or_none,
    storable,
    text_or_none,
    utc_or_none,
)
from ml_service.job_sources.salaries import salary_from_fields, salary_from_text

PROVIDER = "jsearch"
MAX_CURSOR_CHARACTERS = 2_000
UNREADABLE = "The job board sent an answer that cannot be read. Try again later."

log = logging.getLogger(__name__)

Job = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """``cursor`` is None on the last page."""

    postings: tuple[Posting, ...]
    cursor: str | None


def read_answer(body: bytes) -> Answer:
    """Raises JobsUnavailable when no posting can be told from a body that should hold some."""
    jobs, cursor = _jobs_and_cursor(_envelope(body))
    postings = [posting for job in jobs if (posting := _posting(job)) is not None]
    if len(postings) < len(jobs):
        log.warning("%d of %d jobs of a page were unusable", len(jobs) - len(postings), len(jobs))
    if jobs and not postings:
        raise JobsUnavailable(UNREADABLE)
    return Answer(postings=tuple(postings), cursor=cursor)


def error_message(body: bytes) -> str:
    """The gateway's ``message``; the empty string for a body in any other shape."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    message = content.get("message") if isinstance(content, dict) else None
    return message if isinstance(message, str) else ""


def _envelope(body: bytes) -> Job:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise JobsUnavailable(UNREADABLE) from error
    if not isinstance(content, dict) or content.get("status") != "OK":
        raise JobsUnavailable(UNREADABLE)
    return cast("Job", content)


def _jobs_and_cursor(envelope: Job) -> tuple[list[object], str | None]:
    found = envelope.get("data")
    jobs = found.get("jobs") if isinstance(found, dict) else found
    if not isinstance(jobs, list):
        raise JobsUnavailable(UNREADABLE)
    cursor = found.get("cursor") if isinstance(found, dict) else None
    if not isinstance(cursor, str) or not cursor:
        return jobs, None
    if len(cursor) > MAX_CURSOR_CHARACTERS or storable(cursor) != cursor:
        raise JobsUnavailable(UNREADABLE)
    return jobs, cursor


def _posting(job: object) -> Posting | None:
    """None for a job without an id or a title."""
    if not isinstance(job, dict):
        return None
    job_id, title = text_or_none(job.get("job_id")), text_or_none(job.get("job_title"))
    if job_id is None or title is None:
        return None
    city, region, country = (
        text_or_none(job.get(f"job_{k}")) for k in ("city", "state", "country")
    )
    return Posting(
        job_id=job_id,
        title=title,
        provider=PROVIDER,
        description=long_text(
            job.get("job_description"), max_characters=MAX_DESCRIPTION_CHARACTERS
        ),
        employer_name=text_or_none(job.get("employer_name")),
        employer_logo=link_or_none(job.get("employer_logo")),
        location=text_or_none(job.get("job_location"))
        or ", ".join(part for part in (city, region, country) if part)
        or None,
        city=city,
        region=region,
        country=country.upper() if country else None,
        remote=_remote(job),
        employment_types=employment_types(job.get("job_employment_types"))
        or employment_types(job.get("job_employment_type")),
        posted_at=utc_or_none(job.get("job_posted_at_datetime_utc"))
        or utc_or_none(job.get("job_posted_at_timestamp")),
        apply_url=_apply_url(job),
        salary=_salary(job),
        soc_code=soc_code_or_none(job.get("job_onet_soc")),
    )


def _remote(job: Job) -> bool | None:
    stated = job.get("job_is_remote")
    if isinstance(stated, bool):
        return stated
    arrangement = job.get("work_arrangement")
    known = {"remote": True, "onsite": False, "hybrid": False}
    return known.get(arrangement.lower()) if isinstance(arrangement, str) else None


def _apply_url(job: Job) -> str | None:
    """The posting's own link, or the first of the other ways to apply."""
    options = job.get("apply_options")
    others = options if isinstance(options, list) else []
    offered = [option.get("apply_link") for option in others if isinstance(option, dict)]
    links = [job.get("job_apply_link"), *offered, job.get("job_google_link")]
    return next((link for link in map(link_or_none, links) if link), None)


def _salary(job: Job) -> Salary | None:
    currency, period = job.get("job_salary_currency"), job.get("job_salary_period")
    return salary_from_fields(
        job.get("job_min_salary"), job.get("job_max_salary"), currency, period
    ) or salary_from_text(job.get("job_salary_string"), currency=currency, period=period)
