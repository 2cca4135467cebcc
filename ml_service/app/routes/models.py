"""Cards of the career models that are loaded."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.career.model import CareerModel
from ml_service.domain.errors import ModelNotFound

router = APIRouter(
    tags=["models"], dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)]
)


class ModelCardOut(BaseModel):
    """``metrics`` and ``calibration`` are figures on documents the model never saw in training."""

    model_id: str
    revision: str
    state: Literal["ready"]
    encoder_id: str
    encoder_revision: str
    n_labels: int
    abstains_below: float
    trained_at: str
    trained_on: str
    metrics: dict[str, Any]
    calibration: dict[str, Any]


class ModelList(BaseModel):
    data: list[ModelCardOut]


@router.get("/models", responses=problems())
async def list_models(service: TheService) -> ModelList:
    return ModelList(data=[_card(model) for model in service.engine.models.values()])


@router.get("/models/{model_id}", responses=problems(404))
async def get_model(
    service: TheService, model_id: Annotated[str, Path(max_length=128)]
) -> ModelCardOut:
    model = service.engine.models.get(model_id)
    if model is None:
        raise ModelNotFound
    return _card(model)


def _card(model: CareerModel) -> ModelCardOut:
    manifest = model.manifest
    return ModelCardOut(
        model_id=manifest.model_id,
        revision=manifest.revision,
        state="ready",
        encoder_id=manifest.encoder_id,
        encoder_revision=manifest.encoder_revision,
        n_labels=len(manifest.labels),
        abstains_below=manifest.threshold,
        trained_at=manifest.trained_at,
        trained_on=manifest.trained_on,
        metrics=manifest.metrics,
        calibration={name: asdict(fitted) for name, fitted in manifest.calibration.items()},
    )
