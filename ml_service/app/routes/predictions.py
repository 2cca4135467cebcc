"""Uploads, and the history of what came of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

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
from ml_service.app.uploads import REQUEST_BODY, read_submission
from ml_service.contract.base import USER_ID_MAX
from ml_service.contract.history import PredictionList, PredictionPatch, prediction_list
from ml_service.contract.prediction import PredictionOut, prediction_out
from ml_service.domain.errors import NotBuilt
from ml_service.domain.prediction import PredictionFilter
from ml_service.use_cases.submit_resume import Submission

router = APIRouter(tags=["predictions"], dependencies=[Depends(refuse_unknown_parameters)])
reads = Depends(may_read)
writes = Depends(may_write)

Upload = Annotated[Submission, Depends(read_submission)]


@router.post(
    "/predict",
    status_code=201,
    response_model=PredictionOut,
    responses={200: {"model": PredictionOut}, **problems(400, 404, 406, 413, 415, 501)},
    openapi_extra=REQUEST_BODY,
    dependencies=[writes],
)
async def predict(
    service: TheService, submission: Upload, response: Response, force: bool = False
) -> PredictionOut:
    """Analyse a resume and keep the result. 200 with the stored one for the same upload."""
    submit = service.submit_resume
    submitted = await (submit.anew(submission) if force else submit(submission))
    response.status_code = 201 if submitted.created else 200
    response.headers["Location"] = f"/predictions/{submitted.prediction.prediction_id}"
    return prediction_out(submitted.prediction)


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


@router.get("/predictions/user/{user_id:path}", responses=problems(), dependencies=[reads])
async def list_predictions_of_user(
    service: TheService,
    request: Request,
    response: Response,
    user_id: Annotated[str, Path(min_length=1, max_length=USER_ID_MAX)],
    limit: Limit = 30,
    cursor: Cursor = None,
) -> PredictionList:
    """One user's history, newest first; empty for a user nobody has named yet."""
    where = PredictionFilter(user_id=user_id)
    page = await service.history.page(where, limit=limit, cursor=cursor)
    link_to_next(request, response, page.next_cursor)
    return prediction_list(page)


@router.get("/predictions/{prediction_id}", responses=problems(404), dependencies=[reads])
async def get_prediction(service: TheService, prediction_id: UUID) -> PredictionOut:
    return prediction_out(await service.history.get(prediction_id))


@router.patch("/predictions/{prediction_id}", responses=problems(404, 501), dependencies=[writes])
async def change_prediction(
    service: TheService, request: Request, prediction_id: UUID, patch: PredictionPatch
) -> PredictionOut:
    """Change notes, tags, feedback, the corrected occupation or the user; null clears."""
    if "if-match" in request.headers:
        raise NotBuilt("Conditional changes are not built yet. Leave If-Match out.")
    return prediction_out(await service.history.change(prediction_id, patch.change()))


@router.delete(
    "/predictions/{prediction_id}",
    status_code=204,
    responses=problems(404),
    dependencies=[writes],
)
async def delete_prediction(service: TheService, prediction_id: UUID) -> None:
    """Row, jobs, text and search entry, at once and for good."""
    await service.history.delete(prediction_id)
