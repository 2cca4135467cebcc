"""Transcripts of interviews, and what they were scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

ServiceState = Literal["ok", "unavailable"]


@dataclass(frozen=True, slots=True)
class Turn:
    """``by_candidate`` is None for somebody who is neither the candidate nor an interviewer."""

    by_candidate: bool | None
    content: str


@dataclass(frozen=True, slots=True)
class SaidThere:
    """``turn`` counts from 0 through the transcript as sent; ``text`` is what stands there."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionReading:
    """What one service makes of one criterion.

    ``score`` is 1 to 5 in steps of a tenth, None where the transcript holds nothing to judge by;
    ``evidence`` is empty then and ``advice`` says what would have been evidence.
    """

    criterion: str
    score: float | None
    evidence: tuple[SaidThere, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class ServiceReading:
    """``service`` is a name, ``revision`` changes with every change of how it scores."""

    service: str
    revision: str
    criteria: tuple[CriterionReading, ...]


class InterviewService(Protocol):
    """One of the services that read transcripts, in this process or in another."""

    @property
    def name(self) -> str: ...

    async def read(self, transcript: Sequence[Turn], *, job: str | None) -> ServiceReading:
        """Every criterion that it knows. Raises InterviewServiceUnavailable."""
        ...

    async def state(self) -> ServiceState: ...


@dataclass(frozen=True, slots=True)
class ScoreOfService:
    service: str
    score: float | None
    revision: str


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``weight`` is the share of the overall score, 0 for what is not assessed; ``asked_weight``
    is the share that the rubric gave it. Both sum to 1 over a report.

    ``disagreement`` is the distance between the services that scored it, None for fewer than two.
    """

    criterion: str
    score: float | None
    asked_weight: float
    weight: float
    evidence: tuple[SaidThere, ...]
    by_service: tuple[ScoreOfService, ...]
    disagreement: float | None
    advice: str


@dataclass(frozen=True, slots=True)
class InterviewReport:
    """``overall`` is 0 to 100, None where less than half of the weight could be assessed.

    ``services`` says which answered; ``missing`` says in sentences what could not be judged and
    why.
    """

    rubric_version: str
    overall: float | None
    criteria: tuple[CriterionScore, ...]
    services: Mapping[str, ServiceState]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredInterview:
    interview_id: str
    user_id: str | None
    transcript_sha256: str
    created_at: datetime
    report: InterviewReport
