"""What one row got, from a model of any kind."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from ml_service.domain.prediction import AbstainReason, CareerPrediction
from ml_service.hosting.rows import RowPrediction

Share = Annotated[float, Field(ge=0, le=1)]


class PathOut(BaseModel):
    title: str
    soc_code: str | None
    confidence: Share


class RowOut(BaseModel):
    """``label``, ``confidence`` (the probability of that label) and ``probabilities`` come from a
    classifier, the latter two only where it gives probabilities; ``value`` from a regressor;
    ``career_paths`` and whether it ``abstained`` from a model of career paths.
    """

    label: str | None = None
    confidence: Share | None = None
    probabilities: dict[str, Share] | None = None
    value: float | list[float] | None = None
    career_paths: list[PathOut] | None = None
    abstained: bool | None = None
    abstain_reason: AbstainReason | None = None


def row_out(told: RowPrediction | CareerPrediction) -> RowOut:
    if isinstance(told, RowPrediction):
        return RowOut(
            label=told.label,
            confidence=told.confidence,
            probabilities=None if told.probabilities is None else dict(told.probabilities),
            value=list(told.value) if isinstance(told.value, tuple) else told.value,
        )
    first = told.career_paths[0]
    paths = [
        PathOut(title=path.title, soc_code=path.soc_code, confidence=path.confidence)
        for path in told.career_paths
    ]
    return RowOut(
        label=first.title,
        confidence=first.confidence,
        career_paths=paths,
        abstained=told.abstained,
        abstain_reason=told.abstain_reason,
    )
