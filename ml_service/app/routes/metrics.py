"""Figures for Prometheus."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import PlainTextResponse

from ml_service.app.metrics import Metrics
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.app.service_state import state_of

router = APIRouter(tags=["health"], dependencies=[Depends(may_read)])


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses=problems(),
    dependencies=[Depends(refuse_unknown_parameters)],
)
async def metrics(service: TheService, request: Request) -> Response:
    """Of this process alone; `docs/operating.md` lists them."""
    figures = request.app.state.metrics
    assert isinstance(figures, Metrics)  # noqa: S101 - put there by create_app
    state = await state_of(service)
    accept = request.headers.get("accept", "")
    body, media_type = await asyncio.to_thread(figures.text, accept, state=state)
    return Response(body, headers={"Content-Type": media_type})
