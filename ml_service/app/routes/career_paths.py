"""The occupation catalogue."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from ml_service.app.parameters import (
    Limit,
    TheService,
    link_to_next,
    refuse_unknown_parameters,
)
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.contract.base import Out
from ml_service.domain.occupation import Occupation

MAX_NEXT = 10

router = APIRouter(
    tags=["career paths"],
    dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)],
)


class WageOut(Out):
    """US dollars a year, national median; ``at_least`` where the source caps it."""

    median: int
    year: int
    at_least: bool


class OccupationSummaryOut(BaseModel):
    """``matched_title`` is the title or alternate title that met the search."""

    soc_code: str
    title: str
    career_field: str
    matched_title: str | None = None
    job_zone: int | None
    wage: WageOut | None


class OccupationOut(OccupationSummaryOut):
    """``next``: at most ten occupations that people move to from here, the likeliest first, by this
    occupation alone; what a resume is told also rests on its jobs.
    """

    alternate_titles: list[str]
    skills: list[str]
    technologies: list[str]
    related: list[OccupationSummaryOut]
    next: list[OccupationSummaryOut]
    source: str


class OccupationList(BaseModel):
    data: list[OccupationSummaryOut]
    has_more: bool
    next_cursor: str | None


@router.get("/career-paths", responses=problems())
async def search_career_paths(
    service: TheService,
    request: Request,
    response: Response,
    q: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    limit: Limit = 30,
    cursor: Annotated[str | None, Query(pattern="^[0-9]{1,5}$")] = None,
) -> OccupationList:
    """Occupations whose title or alternate title fits, best first; all of them without ``q``."""
    offset = int(cursor or 0)
    # One more than asked for tells whether there is a next page.
    found = _found(service.catalogue, q, limit=limit + 1, offset=offset)
    next_cursor = str(offset + limit) if len(found) > limit else None
    link_to_next(request, response, next_cursor)
    return OccupationList(
        data=found[:limit],
        has_more=next_cursor is not None,
        next_cursor=next_cursor,
    )


@router.get("/career-paths/{soc_code}", responses=problems(404))
async def get_career_path(
    service: TheService,
    soc_code: Annotated[str, Path(pattern=r"^\d{2}-\d{4}\.\d{2}$")],
) -> OccupationOut:
    catalogue = service.catalogue
    occupation = catalogue.get(soc_code)
    related = [catalogue.get(code) for code in occupation.related]
    moves = service.engine.next_occupations.from_occupation(soc_code, limit=MAX_NEXT)
    return OccupationOut(
        **_summary(catalogue, occupation).model_dump(),
        alternate_titles=list(occupation.alternate_titles),
        skills=list(occupation.skills),
        technologies=list(occupation.technologies),
        related=[_summary(catalogue, other) for other in related],
        next=[_summary(catalogue, move.occupation) for move in moves],
        source=catalogue.attribution,
    )


def _found(
    catalogue: Catalogue, q: str | None, *, limit: int, offset: int
) -> list[OccupationSummaryOut]:
    if q is None:
        everything = islice(catalogue, offset, offset + limit)
        return [_summary(catalogue, occupation) for occupation in everything]
    hits = catalogue.search(q, limit=limit, offset=offset)
    return [_summary(catalogue, hit.occupation, hit.matched_title) for hit in hits]


def _summary(
    catalogue: Catalogue, occupation: Occupation, matched_title: str | None = None
) -> OccupationSummaryOut:
    wage = occupation.wage
    return OccupationSummaryOut(
        matched_title=matched_title,
        soc_code=occupation.soc_code,
        title=occupation.title,
        career_field=catalogue.major_group(occupation.soc_code),
        job_zone=occupation.job_zone,
        wage=None if wage is None else WageOut.model_validate(wage),
    )
