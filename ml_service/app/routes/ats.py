"""The rubric behind every ATS score."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from ml_service.app.parameters import refuse_unknown_parameters
from ml_service.app.problems import problems
from ml_service.app.security import may_read
from ml_service.ats.report import rubric_card
from ml_service.ats.rubric import RubricCard

router = APIRouter(
    tags=["ats"], dependencies=[Depends(refuse_unknown_parameters), Depends(may_read)]
)


@router.get("/ats/rubric", responses=problems())
async def get_rubric() -> RubricCard:
    """Every check with its weight, thresholds and where each comes from."""
    return rubric_card()
