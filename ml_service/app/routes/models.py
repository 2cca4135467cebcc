"""Cards of the career models: what each is, what it was measured on, how far to trust it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from ml_service.app.parameters import TheService, refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.hosting.loaded import ModelState
from ml_service.use_cases.career_models import ListedModel

router = APIRouter(
    tags=["models"], dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)]
)


class RevisionOut(BaseModel):
    """``champion`` is the one that answers."""

    revision: str
    champion: bool
    trained_at: str | None


class ModelSummary(BaseModel):
    """``taxonomy`` is ``onet-soc`` or ``own``. A ``registered`` model is loaded when it is first
    asked for. ``metrics`` are figures on documents that the model never saw in training.
    """

    model_id: str
    revision: str
    state: ModelState
    taxonomy: str
    encoder_id: str
    encoder_revision: str
    n_labels: int
    languages: list[str]
    abstains_below: float
    trained_at: str
    trained_on: str
    metrics: dict[str, Any]
    calibration: dict[str, Any]
    revisions: list[RevisionOut]


class ModelCardOut(ModelSummary):
    """``about``: data, splits, definitions, limits, fairness, licence, each in paragraphs."""

    labels: list[str]
    about: dict[str, str | list[str]]


class ModelList(BaseModel):
    """``unreadable`` names models whose files are there but cannot be read."""

    data: list[ModelSummary]
    unreadable: list[str]


@router.get("/models", responses=problems())
async def list_models(service: TheService) -> ModelList:
    listed = await service.engine.models.listed()
    return ModelList(
        data=[ModelSummary(**_summary(model)) for model in listed.models],
        unreadable=list(listed.unreadable),
    )


@router.get("/models/{model_id}", responses=problems(404, 503))
async def get_model(
    service: TheService, model_id: Annotated[str, Path(max_length=128)]
) -> ModelCardOut:
    model = await service.engine.models.find(model_id)
    about = {heading: _paragraphs(said) for heading, said in model.card.about.items()}
    return ModelCardOut(**_summary(model), labels=list(model.card.labels), about=about)


def _summary(model: ListedModel) -> dict[str, Any]:
    named = asdict(model.card)
    del named["labels"], named["about"]
    return {
        **named,
        "state": model.state.state,
        "n_labels": len(model.card.labels),
        "revisions": [asdict(revision) for revision in model.revisions],
    }


def _paragraphs(said: Any) -> str | list[str]:
    return said if isinstance(said, str) else [str(paragraph) for paragraph in said]
