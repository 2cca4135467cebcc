"""What an interview was scored, by which rubric, and how the services are."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from backend_client.types.base import Answer, Tagged, Value

Score = float | Literal["not assessed"] | str
ServiceState = Literal["ok", "unavailable"] | str


class InterviewTurn(Value):
    speaker: str
    content: str


class SaidThere(Value):
    """``turn`` counts from 0; ``text`` is None where the service keeps no transcripts."""

    turn: int
    text: str | None = None


class ScoreOfService(Value):
    service: str
    score: Score
    revision: str


class InterviewCriterion(Value):
    """``asked_weight`` is the rubric's share, ``weight`` the share of ``overall``: 0 for what is
    not assessed. ``disagreement`` is None unless both services scored it.
    """

    criterion: str
    score: Score
    asked_weight: float
    weight: float
    evidence: list[SaidThere]
    by_service: list[ScoreOfService]
    disagreement: float | None = None
    advice: str


class Interview(Tagged):
    """``overall`` is 0 to 100, None where less than half of the weight could be assessed;
    ``missing`` says what could not be judged and why. Feedback for people, never a decision about
    them.
    """

    interview_id: str
    user_id: str | None = None
    created_at: datetime
    rubric_version: str
    overall: float | None = None
    criteria: list[InterviewCriterion]
    services: dict[str, ServiceState]
    missing: list[str]
    source: str

    @property
    def replayed(self) -> bool:
        """True where the service gave its first answer to the same Idempotency-Key again."""
        return self._notes.replayed


class InterviewSummary(Value):
    interview_id: str
    user_id: str | None = None
    created_at: datetime
    rubric_version: str
    overall: float | None = None


class InterviewList(Answer):
    """Newest first."""

    data: list[InterviewSummary]
    has_more: bool
    next_cursor: str | None = None


class InterviewServices(Answer):
    """``healthy``: both services answer; ``degraded``: one does, and reports are partial."""

    status: Literal["healthy", "degraded", "unavailable"] | str
    ml_services: dict[str, ServiceState]
    all_services_healthy: bool


class SignalRule(Value):
    """Between ``nothing`` and ``full`` a signal counts in proportion; where ``full`` is None, half
    of it is lost at ``half_at``. ``cues`` are the phrases that are looked for.
    """

    id: str
    title: str
    measures: str
    unit: str
    nothing: float | None = None
    full: float | None = None
    half_at: float | None = None
    cues: list[str]
    advice: str
    source: str


class WeightedSignal(Value):
    """``weight`` is a share of the criterion."""

    signal: SignalRule
    weight: float


class Assessment(Value):
    """How one of the services scores a criterion."""

    service: str
    signals: list[WeightedSignal]


class InterviewCriterionRule(Value):
    """``needs`` is said where a transcript holds nothing to judge by."""

    name: str
    title: str
    main: bool
    assessed_by: list[Assessment]
    min_words: int
    needs: str


class InterviewRubric(Answer):
    """How every score is made; ``rules`` are sentences that hold for all criteria."""

    rubric_version: str
    lowest: float
    highest: float
    criteria: list[InterviewCriterionRule]
    rules: list[str]
