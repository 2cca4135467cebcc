"""Is it alive, is it ready, and what is the state of each part."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from ml_service.app.parameters import TheService, refuse_unknown_parameters

router = APIRouter(tags=["health"], dependencies=[Depends(refuse_unknown_parameters)])


class PartOut(BaseModel):
    """``needed``: the service is not ready without it."""

    name: str
    state: Literal["ready", "not_ready", "not_configured"]
    needed: bool
    detail: dict[str, str | int | float | bool | None]


class HealthOut(BaseModel):
    status: Literal["ready", "not_ready"]
    version: str
    parts: list[PartOut]
    settings_without_effect: list[str]


class LiveOut(BaseModel):
    status: Literal["live"]


@router.get("/api/v1/health", operation_id="hosting_health")
@router.get("/health")
async def health(service: TheService) -> HealthOut:
    """Each part of readiness, listed; 200 also when one is not ready."""
    return await _health(service)


@router.get("/health/live")
async def live() -> LiveOut:
    """The process answers."""
    return LiveOut(status="live")


@router.get("/health/ready", responses={503: {"model": HealthOut}})
async def ready(service: TheService, response: Response) -> HealthOut:
    """503 while a needed part is not ready; its entry says which."""
    answer = await _health(service)
    response.status_code = 200 if answer.status == "ready" else 503
    return answer


async def _health(service: TheService) -> HealthOut:
    parts = [
        PartOut(name=part.name, state=part.state, needed=part.needed, detail=dict(part.detail))
        for part in await service.parts()
    ]
    all_ready = all(part.state == "ready" for part in parts if part.needed)
    return HealthOut(
        status="ready" if all_ready else "not_ready",
        version=service.version,
        parts=parts,
        settings_without_effect=list(service.settings_without_effect),
    )
