"""Job search on its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from ml_service.app.parameters import Cursor, TheService, link_to_next, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.contract.posting import PostingList, posting_list
from ml_service.domain.posting import DatePosted, EmploymentType, JobQuery

router = APIRouter(tags=["jobs"], dependencies=[Depends(refuse_unknown_parameters)])


@router.get("/jobs/search", responses=problems(429), dependencies=[Depends(may_read)])
async def search_jobs(
    service: TheService,
    request: Request,
    response: Response,
    query: Annotated[str, Query(min_length=1, max_length=200)],
    location: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    remote: bool | None = None,
    country: Annotated[str | None, Query(pattern="^[A-Za-z]{2}$")] = None,
    date_posted: DatePosted = "all",
    employment_types: Annotated[list[EmploymentType] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    cursor: Cursor = None,
) -> PostingList:
    """Postings of the job board, or of the imported index when no board is set up.

    A search that was made in the last 20 minutes is answered again at no cost. A new one costs
    quota of the board (one request up to ten postings, two beyond), so it needs a key or a caller
    on the service's own machine: others get 401.
    """
    page = await service.search_jobs(
        JobQuery(
            query=query,
            location=location,
            country=(country or service.jobs_country).lower(),
            remote=remote,
            date_posted=date_posted,
            employment_types=tuple(employment_types or ()),
            limit=limit,
            cursor=cursor,
        )
    )
    link_to_next(request, response, page.next_cursor)
    return posting_list(page)
