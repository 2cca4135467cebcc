"""What a person wants, told from a short text; nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic_core import to_json

from ml_service.app.disconnects import while_connected
from ml_service.app.model_header import model_asked_for, model_header
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.bootstrap.service import Service
from ml_service.contract.intents import IntentIn, IntentOut, IntentsIn, IntentsOut
from ml_service.use_cases.understand_texts import UnderstoodText

router = APIRouter(
    prefix="/api/v1/intents",
    tags=["intents"],
    dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)],
)
MODEL_HEADER_PARAMETER = {"parameters": [model_header("model")]}

Work = Coroutine[Any, Any, tuple[UnderstoodText, ...]]


@router.post(
    "/classify",
    response_model=IntentOut,
    responses=problems(400, 404),
    openapi_extra=MODEL_HEADER_PARAMETER,
)
async def classify_intent(service: TheService, request: Request, body: IntentIn) -> Response:
    """Tell what a text wants; for a wish for jobs with the search that it stands for.

    404 `model_not_found` where no such model is there, and how to make one.
    """
    model = model_asked_for(request, body.model, field="model")
    work = service.intents.understand([body.text], model=model, who=body.user_id)
    (understood,) = await _understood(service, request, work)
    return _json(IntentOut.model_validate(understood).model_dump())


@router.post(
    "/classify/batch",
    response_model=IntentsOut,
    responses=problems(400, 404),
    openapi_extra=MODEL_HEADER_PARAMETER,
)
async def classify_intents(service: TheService, request: Request, body: IntentsIn) -> Response:
    """The same for up to 256 texts at once, in their order."""
    model = model_asked_for(request, body.model, field="model")
    work = service.intents.understand(body.texts, model=model, who=body.user_id)
    understood = await _understood(service, request, work)
    return await asyncio.to_thread(_batch, understood)


async def _understood(service: Service, request: Request, work: Work) -> tuple[UnderstoodText, ...]:
    """Raises Overloaded."""
    with ExitStack() as held:
        held.callback(work.close)  # where no permit is left, nobody ever awaits it
        held.enter_context(service.intents.permits.take())
        return await while_connected(request.receive, work)


def _batch(understood: tuple[UnderstoodText, ...]) -> Response:
    return _json({"results": [IntentOut.model_validate(one).model_dump() for one in understood]})


def _json(answer: object) -> Response:
    return Response(to_json(answer), media_type="application/json")
