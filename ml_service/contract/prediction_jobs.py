"""The postings of one prediction, and what became of the search for them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from ml_service.contract.posting import PostingOut, postings_out
from ml_service.domain.posting import JobsOutcome, JobsStatus


class PredictionJobsOut(BaseModel):
    """``data`` best match first; empty unless ``jobs_status`` is ok."""

    data: list[PostingOut]
    jobs_status: JobsStatus
    jobs_provider: str | None
    jobs_query: str | None
    jobs_fetched_at: datetime | None


def prediction_jobs_out(jobs: JobsOutcome) -> PredictionJobsOut:
    return PredictionJobsOut(
        data=postings_out(jobs.postings),
        jobs_status=jobs.status,
        jobs_provider=jobs.provider,
        jobs_query=jobs.query,
        jobs_fetched_at=jobs.fetched_at,
    )
