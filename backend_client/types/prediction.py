"""The answer to an upload, and what lists hold of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import PrivateAttr

from backend_client.types.ats import Ats, Match
from backend_client.types.base import Answer, Tagged, Value
from backend_client.types.career import (
    AbstainReason,
    CareerPath,
    Contribution,
    EncoderRef,
    ModelRef,
    NextStep,
)
from backend_client.types.jobs import JobsStatus, Posting
from backend_client.types.profile import Profile

Feedback = Literal["right", "wrong"]


class Prediction(Tagged):
    """``source`` is "ml-service", or "local" for what this process computed because the
    service could not: then ``prediction_id`` is None, nothing is recorded, and ``degraded_reason``
    says why.
    """

    prediction_id: UUID | None = None
    user_id: str | None = None
    resume_filename: str
    document_sha256: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    career_path: str
    soc_code: str | None = None
    confidence: float
    career_field: str | None = None
    career_paths: list[CareerPath]
    abstained: bool
    abstain_reason: AbstainReason | None = None
    explanation: list[Contribution]
    next_steps: list[NextStep]
    ats_score: float
    ats: Ats
    match: Match | None = None
    match_reason: str | None = None
    profile: Profile
    jobs: list[Posting]
    jobs_status: JobsStatus
    jobs_provider: str | None = None
    jobs_query: str | None = None
    jobs_fetched_at: datetime | None = None
    model: ModelRef
    encoder: EncoderRef
    rubric_version: str
    parser_version: str
    document_date: date
    source: Literal["ml-service", "local"] | str
    degraded_reason: str | None = None
    notes: str | None = None
    tags: list[str]
    feedback: Feedback | str | None = None
    corrected_soc_code: str | None = None

    _outbox_key: str | None = PrivateAttr(default=None)

    @property
    def replayed(self) -> bool:
        """True where the service gave its first answer to the same Idempotency-Key again."""
        return self._notes.replayed

    @property
    def outbox_key(self) -> str | None:
        """Of a local answer that waits in the outbox: the Idempotency-Key ``sync`` sends it with.

        None where nothing waits: there is no outbox, it was full, or the service answered.
        """
        return self._outbox_key

    def waiting_as(self, outbox_key: str) -> None:
        self._outbox_key = outbox_key


class PredictionSummary(Value):
    """``snippet`` only from a search."""

    prediction_id: UUID
    user_id: str | None = None
    resume_filename: str
    created_at: datetime
    career_path: str
    soc_code: str | None = None
    confidence: float
    abstained: bool
    ats_score: float
    jobs_status: JobsStatus
    model: ModelRef
    tags: list[str]
    snippet: str | None = None


class PredictionList(Answer):
    data: list[PredictionSummary]
    has_more: bool
    next_cursor: str | None = None
