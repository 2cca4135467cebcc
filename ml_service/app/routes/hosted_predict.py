"""Rows of a table to any hosted model, in the words of two kinds of callers."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import to_json

from ml_service.app.disconnects import while_connected
from ml_service.app.model_header import model_asked_for, model_header
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.bootstrap.service import Service
from ml_service.contract.history import UserId
from ml_service.contract.rows import RowOut, row_out
from ml_service.use_cases.predict_rows import PredictedRows

router = APIRouter(
    tags=["hosting"], dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)]
)

_ROW = {
    "anyOf": [
        {"type": "object", "description": "values by the name of the feature"},
        {"type": "array", "items": {}, "description": "values in the order of the features"},
    ]
}
Rows = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [*_ROW["anyOf"], {"type": "array", "items": _ROW, "minItems": 1}],
            "description": (
                "one row or many; a model of career paths takes `{text}`, the text of a resume"
            ),
        }
    ),
]
ModelName = Annotated[
    str | None,
    Field(min_length=1, max_length=130, description="NAME or NAME@VERSION; default: DEFAULT_MODEL"),
]


class RowsIn(BaseModel):
    """``version`` is an alias or a revision; ``user_id`` keeps one user with one arm of traffic."""

    model_config = ConfigDict(extra="forbid")

    model_name: ModelName = None
    version: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    user_id: UserId | None = None
    input_data: Rows


class InferenceIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model_type: ModelName = None
    data: Rows


class RowsOut(BaseModel):
    """``version`` is the revision that answered, ``arm`` the alias that led there."""

    model_name: str
    version: str
    arm: str | None
    predictions: list[RowOut]


class InferenceOut(BaseModel):
    model_type: str
    version: str
    arm: str | None
    predictions: list[RowOut]


@router.post(
    "/api/v1/predict",
    response_model=RowsOut,
    responses=problems(404, 413),
    openapi_extra={"parameters": [model_header("model_name")]},
)
async def predict_rows(service: TheService, request: Request, body: RowsIn) -> Response:
    """Predict rows with any hosted model; nothing is kept."""
    work = service.hosting.predict_rows(
        body.input_data,
        model=model_asked_for(request, body.model_name, field="model_name"),
        version=body.version,
        who=body.user_id,
        field="input_data",
    )
    return await _answer(service, request, work, named="model_name")


@router.post(
    "/inference",
    response_model=InferenceOut,
    responses=problems(404, 413),
    openapi_extra={"parameters": [model_header("model_type")]},
)
async def inference(service: TheService, request: Request, body: InferenceIn) -> Response:
    """The same as `POST /api/v1/predict`, in other words."""
    model = model_asked_for(request, body.model_type, field="model_type")
    work = service.hosting.predict_rows(body.data, model=model, field="data")
    return await _answer(service, request, work, named="model_type")


async def _answer(
    service: Service,
    request: Request,
    work: Coroutine[Any, Any, PredictedRows],
    *,
    named: Literal["model_name", "model_type"],
) -> Response:
    """Raises Overloaded."""
    with ExitStack() as held:
        held.callback(work.close)  # where no permit is left, nobody ever awaits it
        held.enter_context(service.hosting.permits.take())
        predicted = await while_connected(request.receive, work)
        return await asyncio.to_thread(_written, predicted, named)


def _written(predicted: PredictedRows, named: str) -> Response:
    answer = {
        named: predicted.model.model_id,
        "version": predicted.model.revision,
        "arm": predicted.model.arm,
        "predictions": [row_out(told).model_dump() for told in predicted.predictions],
    }
    return Response(to_json(answer), media_type="application/json")
