"""What a resume was given before and after it was scored again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from ml_service.contract.base import Out, Points, Probability
from ml_service.contract.prediction import EncoderOut, ModelOut
from ml_service.domain.posting import JobsStatus
from ml_service.domain.prediction import Caveat, Prediction, Standing
from ml_service.domain.rescoring import standing, what_changed


class CheckPointsOut(Out):
    id: str
    title: str
    status: Literal["pass", "partial", "fail", "skipped"]
    weight: float
    earned: float


class StandingOut(Out):
    document_sha256: str
    ats_score: Points
    rubric_version: str
    parser_version: str
    career_path: str
    soc_code: str | None
    confidence: Probability
    abstained: bool
    model: ModelOut
    encoder: EncoderOut


class WhatChangedOut(Out):
    """``model``: another revision, or another encoder under it."""

    resume: bool
    rubric: bool
    parser: bool
    model: bool


class ChangedCheckOut(BaseModel):
    """``old`` or ``new`` is null where only one of the rubrics has the check."""

    id: str
    old: CheckPointsOut | None
    new: CheckPointsOut | None


class RescoredOut(BaseModel):
    """``jobs`` says whether the postings are those from before.

    ``caveats``: `page_count_unknown` for a record of an earlier version, whose last pages count
    only if there is text on them; `read_by_former_parser` where the stored lines were read by an
    earlier parser_version than the one that scored them. Send the file for an exact score.
    """

    prediction_id: UUID
    updated_at: datetime
    old: StandingOut
    new: StandingOut
    changed: WhatChangedOut
    checks: list[ChangedCheckOut]
    jobs: Literal["kept", "matched_again"]
    jobs_status: JobsStatus
    caveats: list[Caveat]


def rescored_out(prediction: Prediction) -> RescoredOut:
    """Of a prediction that was rescored; of another, its present state twice."""
    analysis = prediction.analysis
    rescoring, now = analysis.rescoring, standing(analysis)
    before = now if rescoring is None else rescoring.before
    again = rescoring is not None and rescoring.jobs_matched_again
    return RescoredOut(
        prediction_id=prediction.prediction_id,
        updated_at=prediction.updated_at,
        old=StandingOut.model_validate(before),
        new=StandingOut.model_validate(now),
        changed=WhatChangedOut.model_validate(what_changed(before, now)),
        checks=list(_changed_checks(before, now)),
        jobs="matched_again" if again else "kept",
        jobs_status=prediction.jobs.status,
        caveats=[] if rescoring is None else list(rescoring.caveats),
    )


def _changed_checks(before: Standing, now: Standing) -> Iterator[ChangedCheckOut]:
    """In the order of the present rubric, then those that it dropped."""
    old = {check.id: check for check in before.checks}
    new = {check.id: check for check in now.checks}
    for name in dict.fromkeys([*new, *old]):
        was, is_now = old.get(name), new.get(name)
        if was != is_now:
            yield ChangedCheckOut(
                id=name,
                old=None if was is None else CheckPointsOut.model_validate(was),
                new=None if is_now is None else CheckPointsOut.model_validate(is_now),
            )
