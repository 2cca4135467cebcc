"""Lists of predictions, and what callers may change in one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ml_service.contract.base import USER_ID_MAX, Out, PlainLine, PlainText, Points, Probability
from ml_service.contract.prediction import ModelOut
from ml_service.domain.posting import JobsStatus
from ml_service.domain.prediction import UNCHANGED, Page, PredictionChange

UserId = Annotated[PlainLine, StringConstraints(min_length=1, max_length=USER_ID_MAX)]


class PredictionSummaryOut(Out):
    prediction_id: UUID
    user_id: str | None
    resume_filename: str
    created_at: datetime
    career_path: str
    soc_code: str | None
    confidence: Probability
    abstained: bool
    ats_score: Points
    jobs_status: JobsStatus
    model: ModelOut
    tags: list[str]
    snippet: str | None


class PredictionList(BaseModel):
    data: list[PredictionSummaryOut]
    has_more: bool
    next_cursor: str | None


Note = Annotated[PlainText, StringConstraints(max_length=10_000)]
Tag = Annotated[PlainText, StringConstraints(min_length=1, max_length=64)]


class PredictionPatch(BaseModel):
    """A field that is left out stays as it is; null clears it."""

    model_config = ConfigDict(extra="forbid")

    user_id: UserId | None = None
    notes: Note | None = None
    tags: Annotated[list[Tag], Field(max_length=50)] = []
    feedback: Literal["right", "wrong"] | None = None
    corrected_soc_code: Annotated[str, StringConstraints(max_length=16)] | None = None

    def change(self) -> PredictionChange:
        sent = self.model_fields_set
        return PredictionChange(
            user_id=self.user_id if "user_id" in sent else UNCHANGED,
            notes=self.notes if "notes" in sent else UNCHANGED,
            tags=tuple(dict.fromkeys(self.tags)) if "tags" in sent else UNCHANGED,
            feedback=self.feedback if "feedback" in sent else UNCHANGED,
            corrected_soc_code=(
                self.corrected_soc_code if "corrected_soc_code" in sent else UNCHANGED
            ),
        )


def prediction_list(page: Page) -> PredictionList:
    return PredictionList(
        data=[PredictionSummaryOut.model_validate(summary) for summary in page.summaries],
        has_more=page.next_cursor is not None,
        next_cursor=page.next_cursor,
    )
