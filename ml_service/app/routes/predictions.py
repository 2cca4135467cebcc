"""The history of predictions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from ml_service.app.conditional import (
    GIVES_ETAG,
    NOT_MODIFIED,
    TAKES_IF_MATCH,
    TAKES_IF_NONE_MATCH,
    ExpectedMoments,
    etag_of,
    not_modified,
    note_etag,
)
from ml_service.app.parameters import (
    Cursor,
    HistoryFilter,
    Limit,
    TheService,
    link_to_next,
    refuse_unknown_parameters,
)
from ml_service.app.problems import problems
from ml_service.app.security import may_read, may_write
from ml_service.app.user_paths import UserInPath
from ml_service.contract.explanation import ExplanationOut, explanation_out
from ml_service.contract.history import (
    PredictionList,
    PredictionPatch,
    prediction_list,
)
from ml_service.contract.prediction import PredictionOut, prediction_out
from ml_service.contract.prediction_jobs import PredictionJobsOut, prediction_jobs_out
from ml_service.contract.text import TextOut, lines_out
from ml_service.domain.prediction import PredictionFilter

router = APIRouter(tags=["predictions"], dependencies=[Depends(refuse_unknown_parameters)])
reads = Depends(may_read)
writes = Depends(may_write)


@router.get("/predictions", responses=problems(), dependencies=[reads])
async def list_predictions(
    service: TheService,
    request: Request,
    response: Response,
    where: HistoryFilter,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> PredictionList:
    """Newest first."""
    page = await service.history.page(where, limit=limit, cursor=cursor)
    link_to_next(request, response, page.next_cursor)
    return prediction_list(page)


@router.get("/predictions/search", responses=problems(), dependencies=[reads])
async def search_predictions(
    service: TheService,
    request: Request,
    response: Response,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    where: HistoryFilter,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> PredictionList:
    """Best match first; words, "a phrase" and a trailing * are understood."""
    page = await service.history.search(q, where=where, limit=limit, cursor=cursor)
    link_to_next(request, response, page.next_cursor)
    return prediction_list(page)


@router.get("/predictions/user/{user_id:user}", responses=problems(), dependencies=[reads])
async def list_predictions_of_user(
    service: TheService,
    request: Request,
    response: Response,
    user_id: UserInPath,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> PredictionList:
    """One user's history, newest first; empty for a user nobody has named yet."""
    where = PredictionFilter(user_id=user_id)
    page = await service.history.page(where, limit=limit, cursor=cursor)
    link_to_next(request, response, page.next_cursor)
    return prediction_list(page)


@router.get(
    "/predictions/{prediction_id:uuid}",
    response_model=PredictionOut,
    responses={**GIVES_ETAG, **NOT_MODIFIED, **problems(404)},
    openapi_extra=TAKES_IF_NONE_MATCH,
    dependencies=[reads],
)
async def get_prediction(
    service: TheService, request: Request, response: Response, prediction_id: UUID
) -> PredictionOut | Response:
    prediction = await service.history.get(prediction_id)
    etag = etag_of(prediction, service.version)
    return not_modified(request, response, etag) or prediction_out(prediction)


@router.patch(
    "/predictions/{prediction_id:uuid}",
    responses={**GIVES_ETAG, **problems(404, 412)},
    openapi_extra=TAKES_IF_MATCH,
    dependencies=[writes],
)
async def change_prediction(
    service: TheService,
    response: Response,
    prediction_id: UUID,
    patch: PredictionPatch,
    expected: ExpectedMoments,
) -> PredictionOut:
    """Change notes, tags, feedback, the corrected occupation or the user; null clears.

    A body that names nothing changes nothing. With If-Match, only the state that it names.
    """
    changed = await service.history.change(prediction_id, patch.change(), expected=expected)
    note_etag(response, etag_of(changed, service.version))
    return prediction_out(changed)


@router.delete(
    "/predictions/{prediction_id:uuid}",
    status_code=204,
    responses=problems(404, 412),
    openapi_extra=TAKES_IF_MATCH,
    dependencies=[writes],
)
async def delete_prediction(
    service: TheService, prediction_id: UUID, expected: ExpectedMoments
) -> None:
    """Row, jobs, text and search entry, at once and for good."""
    await service.history.delete(prediction_id, expected=expected)


@router.get(
    "/predictions/{prediction_id:uuid}/text",
    responses=problems(404, 409),
    dependencies=[reads],
)
async def get_text(service: TheService, prediction_id: UUID) -> TextOut:
    """The lines of the resume, in the order in which a person reads them.

    409 `text_not_stored` where the service was told not to keep them.
    """
    lines = await service.history.lines(prediction_id)
    return TextOut(prediction_id=prediction_id, lines=lines_out(lines))


@router.get(
    "/predictions/{prediction_id:uuid}/explanation",
    responses=problems(404, 409),
    dependencies=[reads],
)
async def get_explanation(service: TheService, prediction_id: UUID) -> ExplanationOut:
    """What each line contributed to the first career path, measured now by leaving it out.

    409 `text_not_stored` where there is no text, 409 `model_changed` where another revision of
    the model made the prediction than the one that is loaded. Takes seconds.
    """
    return explanation_out(await service.explain_prediction(prediction_id))


@router.get("/predictions/{prediction_id:uuid}/jobs", responses=problems(404), dependencies=[reads])
async def get_jobs(service: TheService, prediction_id: UUID) -> PredictionJobsOut:
    """The postings that were found for the prediction, best match first, and their status."""
    prediction = await service.history.get(prediction_id)
    return prediction_jobs_out(prediction.jobs)
