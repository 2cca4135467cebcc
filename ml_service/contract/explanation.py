"""What each line contributed, as callers see it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from ml_service.contract.base import Out, Probability
from ml_service.contract.prediction import EncoderOut, ModelOut
from ml_service.domain.explanation import LineExplanation

MEASURE = (
    "How far the probability of career_path among all labels, before calibration, falls when "
    "the line is left out; below zero the line speaks for something else. Contributions do not "
    "add up: lines that say the same cover for each other."
)


class LineContributionOut(Out):
    """``seen_as`` is the line as the model saw it, without identity; null where it never reached
    the model (who somebody is, referees, page numbers), and then it contributed exactly 0.
    ``log_odds`` is the same fall in natural log-odds: it tells lines apart where the probability is
    close to 1.
    ``left_out`` are the lines, by ``order``, that were left out together to measure this one:
    itself, and in a very long resume its neighbours.
    """

    page: Annotated[int, Field(ge=1)]
    order: Annotated[int, Field(ge=0)]
    text: str
    seen_as: str | None
    contribution: Annotated[float, Field(ge=-1, le=1)]
    log_odds: float
    left_out: list[int]


class ExplanationOut(BaseModel):
    """``model`` and ``encoder`` made the prediction and measured this. ``probability`` is what
    the contributions are taken from; ``confidence`` is calibrated. ``lines`` are all lines.
    """

    prediction_id: UUID
    career_path: str
    soc_code: str | None
    confidence: Probability
    probability: Probability
    model: ModelOut
    encoder: EncoderOut
    measure: str
    lines: list[LineContributionOut]


def explanation_out(explanation: LineExplanation) -> ExplanationOut:
    career, best = explanation.career, explanation.career.career_paths[0]
    return ExplanationOut(
        prediction_id=explanation.prediction_id,
        career_path=best.title,
        soc_code=best.soc_code,
        confidence=best.confidence,
        probability=explanation.probability,
        model=ModelOut.model_validate(career.model),
        encoder=EncoderOut.model_validate(career.encoder),
        measure=MEASURE,
        lines=[LineContributionOut.model_validate(line) for line in explanation.lines],
    )
