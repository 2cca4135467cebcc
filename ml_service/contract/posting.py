"""Job adverts as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from ml_service.contract.base import Out
from ml_service.domain.posting import JobPage, Posting


class SalaryOut(Out):
    min: float | None
    max: float | None
    currency: str | None
    period: str | None


class PostingOut(Out):
    job_id: str
    title: str
    employer_name: str | None
    employer_logo: str | None
    location: str | None
    city: str | None
    region: str | None
    country: str | None
    remote: bool | None
    employment_types: list[str]
    posted_at: datetime | None
    apply_url: str | None
    description: str
    salary: SalaryOut | None
    soc_code: str | None
    similarity: Annotated[float, Field(ge=-1, le=1)] | None
    matched_skills: list[str]
    missing_skills: list[str]
    provider: str


class PostingList(BaseModel):
    data: list[PostingOut]
    has_more: bool
    next_cursor: str | None
    provider: str
    fetched_at: datetime


def postings_out(postings: tuple[Posting, ...]) -> list[PostingOut]:
    return [PostingOut.model_validate(posting) for posting in postings]


def posting_list(page: JobPage) -> PostingList:
    return PostingList(
        data=postings_out(page.postings),
        has_more=page.next_cursor is not None,
        next_cursor=page.next_cursor,
        provider=page.provider,
        fetched_at=page.fetched_at,
    )
