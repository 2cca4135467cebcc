"""What several routes take from the query string."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from ml_service.app.known_parameters import query_names, refuse_unknown_parameters
from ml_service.bootstrap.service import Service
from ml_service.contract.history import UserId
from ml_service.domain.prediction import PredictionFilter

# Routes take these from here too; they stand apart for apps without a whole service.
__all__ = ["query_names", "refuse_unknown_parameters"]

Limit = Annotated[int, Query(ge=1, le=100, description="how many, 1 to 100")]
Cursor = Annotated[
    str | None, Query(max_length=1_000, description="next_cursor of the page before")
]


def _written_out(value: object) -> object:
    """Pydantic would take a bare number for seconds since 1970."""
    if isinstance(value, str) and value[4:5] == "-":
        return value
    raise PydanticCustomError("datetime_parsing", "This must be a time.")


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]


async def service_of(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - put there by the lifespan
    return service


TheService = Annotated[Service, Depends(service_of)]


def link_to_next(request: Request, response: Response, next_cursor: str | None) -> None:
    """``Link: <...>; rel="next"`` with the filters of this page kept."""
    if next_cursor is None:
        return
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
    query.append(("cursor", next_cursor))
    response.headers["Link"] = f'<{request.url.path}?{urlencode(query)}>; rel="next"'


async def history_filter(
    user_id: UserId | None = None,
    career_path: Annotated[str | None, Query(min_length=1, max_length=200)] = None,
    soc_code: Annotated[str | None, Query(pattern=r"^\d{2}-\d{4}\.\d{2}$")] = None,
    model: Annotated[str | None, Query(min_length=1, max_length=128)] = None,
    tag: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
    min_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    min_ats_score: Annotated[float | None, Query(ge=0, le=100)] = None,
    created_after: Moment | None = None,
    created_before: Moment | None = None,
) -> PredictionFilter:
    return PredictionFilter(
        user_id=user_id,
        career_path=career_path,
        soc_code=soc_code,
        model_id=model,
        tag=tag,
        min_confidence=min_confidence,
        min_ats_score=min_ats_score,
        created_after=created_after,
        created_before=created_before,
    )


HistoryFilter = Annotated[PredictionFilter, Depends(history_filter)]
