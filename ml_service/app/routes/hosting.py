"""The registry of models: what there is, which revision answers, how traffic is shared."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from ml_service.app.model_paths import ModelInPath, RevisionInPath
from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_admin, may_read
from ml_service.domain.health import Part
from ml_service.hosting.choice import Alias
from ml_service.hosting.loaded import ModelState
from ml_service.hosting.traffic import MOST_ARMS
from ml_service.use_cases.host_models import RegisteredRevision, TrafficReport

router = APIRouter(
    prefix="/api/v1", tags=["hosting"], dependencies=[Depends(refuse_unknown_parameters)]
)


class RevisionStateOut(BaseModel):
    """As seen from the process that answers. ``reason`` says why a model could not be loaded."""

    state: ModelState
    reason: str | None
    memory_bytes: int | None
    requests_in_work: int
    last_used_at: datetime | None


class RegisteredRevisionOut(RevisionStateOut):
    """``kind`` is None where the manifest cannot be read."""

    model_id: str
    revision: str
    kind: str | None
    aliases: list[Alias]
    sha256: str | None
    size_bytes: int
    trained_at: str | None
    metrics: dict[str, Any]


class UnreadableOut(BaseModel):
    """What somebody put into the folder of models and this service does not take."""

    name: str
    reason: str


class EncoderOut(BaseModel):
    """What turns texts into vectors; heads name it by model_id and revision. The rest is None
    while it is not ready.
    """

    kind: Literal["encoder"] = "encoder"
    state: Literal["ready", "not_ready"]
    model_id: str | None
    revision: str | None
    precision: str | None
    engine: str | None


class Registry(BaseModel):
    data: list[RegisteredRevisionOut]
    encoders: list[EncoderOut] = []
    unreadable: list[UnreadableOut] = []


class AliasIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    revision: str = Field(min_length=1, max_length=64)


MOST_WEIGHT = 1_000_000
Arm = Annotated[str, Field(pattern="^(champion|challenger|[0-9a-f]{6,64})$")]


class TrafficIn(BaseModel):
    """``weights`` by arm: an alias or a revision; any numbers up to a million become shares."""

    model_config = ConfigDict(extra="forbid")

    weights: dict[Arm, Annotated[float, Field(ge=0, le=MOST_WEIGHT, allow_inf_nan=False)]] = Field(
        min_length=1, max_length=MOST_ARMS
    )
    shadow: Arm | None = None


class ArmOut(BaseModel):
    """Figures since the traffic last changed. ``arm`` is None where callers named the revision.

    ``accuracy`` is the share of ``n_right`` among what people judged; ``agreement`` the share of a
    shadow's first answers that were the ones given. Seconds are of the prediction alone.
    """

    arm: str | None
    revision: str
    n_answered: int
    n_abstained: int
    n_right: int
    n_wrong: int
    accuracy: float | None
    mean_confidence: float | None
    mean_s: float | None
    max_s: float | None
    n_shadowed: int
    n_agreed: int
    agreement: float | None


class TrafficOut(BaseModel):
    model_id: str
    weights: dict[str, float]
    shadow: str | None
    since: datetime | None
    arms: list[ArmOut]


@router.get("/models", responses=problems(), dependencies=[Depends(may_read)])
async def list_registry(service: TheService) -> Registry:
    """Every revision of every model, by name and the oldest first."""
    unreadable = [asdict(told) for told in service.hosting.dropped_models.unreadable]
    return Registry(
        data=[_revision(found) for found in await service.hosting.registry.registry()],
        encoders=[_encoder(await service.engine.encoder.part())],
        unreadable=[UnreadableOut(**told) for told in unreadable],
    )


@router.get("/models/{model_id}", responses=problems(404), dependencies=[Depends(may_read)])
async def get_registered(service: TheService, model_id: ModelInPath) -> Registry:
    """The revisions of one model."""
    return Registry(
        data=[_revision(found) for found in await service.hosting.registry.find(model_id)]
    )


@router.put(
    "/models/{model_id}/aliases/{alias}",
    responses=problems(404, 409, 503),
    dependencies=[Depends(may_admin)],
)
async def put_alias(
    service: TheService, model_id: ModelInPath, alias: Alias, body: AliasIn
) -> RegisteredRevisionOut:
    """Let a revision answer under `champion` or `challenger`: it is loaded, answers a canary, then
    the alias moves; the former ends what it began. A failed load moves nothing.
    """
    return _revision(await service.hosting.registry.point(model_id, alias, body.revision))


@router.delete(
    "/models/{model_id}/aliases/{alias}",
    status_code=204,
    response_class=Response,
    responses=problems(404, 409),
    dependencies=[Depends(may_admin)],
)
async def delete_alias(service: TheService, model_id: ModelInPath, alias: Alias) -> Response:
    """Only of `challenger`, and not while traffic goes to it."""
    await service.hosting.registry.drop(model_id, alias)
    return Response(status_code=204)


@router.get(
    "/models/{model_id}/traffic", responses=problems(404, 503), dependencies=[Depends(may_read)]
)
async def get_traffic(service: TheService, model_id: ModelInPath) -> TrafficOut:
    """How requests are shared, and how each arm has done since."""
    return _traffic(model_id, await service.hosting.registry.traffic(model_id))


@router.put(
    "/models/{model_id}/traffic", responses=problems(404, 503), dependencies=[Depends(may_admin)]
)
async def put_traffic(service: TheService, model_id: ModelInPath, body: TrafficIn) -> TrafficOut:
    """Share requests between arms, each user always with the same one; figures begin anew."""
    report = await service.hosting.registry.share(model_id, body.weights, shadow=body.shadow)
    return _traffic(model_id, report)


@router.delete(
    "/models/{model_id}/{revision:revision}",
    status_code=204,
    response_class=Response,
    responses=problems(404, 409),
    dependencies=[Depends(may_admin)],
)
async def delete_revision(
    service: TheService, model_id: ModelInPath, revision: RevisionInPath
) -> Response:
    """For good; not while it answers, unless the name has no other and is not the default."""
    await service.hosting.registry.remove(model_id, revision)
    return Response(status_code=204)


def _encoder(part: Part) -> EncoderOut:
    named = {
        name: part.detail.get(name) for name in ("model_id", "revision", "precision", "engine")
    }
    return EncoderOut.model_validate(
        {**named, "state": "ready" if part.state == "ready" else "not_ready"}
    )


def _revision(found: RegisteredRevision) -> RegisteredRevisionOut:
    told = asdict(found)
    state = told.pop("state")
    return RegisteredRevisionOut(**told, **state)


def _traffic(model_id: str, report: TrafficReport) -> TrafficOut:
    return TrafficOut(
        model_id=model_id,
        weights=dict(report.traffic.weights),
        shadow=report.traffic.shadow,
        since=report.traffic.since,
        arms=[
            ArmOut(
                **asdict(arm),
                accuracy=_share(arm.n_right, arm.n_right + arm.n_wrong),
                agreement=_share(arm.n_agreed, arm.n_shadowed),
            )
            for arm in report.arms
        ],
    )


def _share(n: int, of: int) -> float | None:
    return n / of if of else None
