"""Interviews over HTTP: what is sent to be scored, and what it was scored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError, PydanticKnownError

from ml_service.contract.base import PlainLine, PlainText, Points
from ml_service.contract.history import UserId
from ml_service.domain.interview import (
    CriterionReading,
    CriterionScore,
    InterviewReport,
    SaidThere,
    ServiceReading,
    ServiceState,
    StoredInterview,
)
from ml_service.domain.interview_records import InterviewPage, InterviewSummary, Said

MAX_JOB_CHARACTERS = 20_000
MAX_SPEAKER_CHARACTERS = 200
SOURCE: Literal["ml-service"] = "ml-service"
NOT_ASSESSED: Literal["not assessed"] = "not assessed"

RESERVED = ("health", "rubric", "analyze", ".", "..")
"""Addresses beside those of interviews; ``user/...`` is one of a list, and dots are steps."""


def _is_an_address_of_its_own(interview_id: str) -> str:
    if interview_id in RESERVED or interview_id.startswith("user/"):
        raise PydanticCustomError("reserved_id", "This id is an address of the service.")
    return interview_id


def _has_no_halves(content: str) -> str:
    """A half of a character can be sent as JSON, and written nowhere."""
    if any("\ud800" <= mark <= "\udfff" for mark in content):
        raise PydanticKnownError("string_unicode")
    return content


InterviewId = Annotated[UserId, AfterValidator(_is_an_address_of_its_own)]
Share = Annotated[float, Field(ge=0, le=1)]
Mark = Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)]
Score = Mark | Literal["not assessed"]
Weight = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Job = Annotated[PlainText, StringConstraints(max_length=MAX_JOB_CHARACTERS)]
Content = Annotated[str, AfterValidator(_has_no_halves)]
Speaker = Annotated[str, StringConstraints(max_length=MAX_SPEAKER_CHARACTERS)]
Candidate = Annotated[PlainLine, StringConstraints(max_length=MAX_SPEAKER_CHARACTERS)]


class TurnIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    speaker: Speaker
    content: Content


class TranscriptIn(BaseModel):
    """``candidate`` is the speaker whose turns are scored, where names do not tell."""

    model_config = ConfigDict(extra="forbid")

    transcript: list[TurnIn]
    job: Job | None = None
    candidate: Candidate | None = None

    def said(self) -> Said:
        return tuple((turn.speaker, turn.content) for turn in self.transcript)


class InterviewIn(TranscriptIn):
    """``rubric`` names criteria with their weights, which are shared out over 1; without it the
    usual ones count alike. `GET /api/v1/scoring/rubric` lists them.
    """

    interview_id: InterviewId
    user_id: UserId | None = None
    rubric: dict[str, Weight] | None = None


class SaidThereOut(BaseModel):
    """``turn`` counts from 0; ``text`` is null where the service keeps no transcripts."""

    turn: Annotated[int, Field(ge=0)]
    text: str | None


class ScoreOfServiceOut(BaseModel):
    service: str
    score: Score
    revision: str


class CriterionOut(BaseModel):
    """``asked_weight`` is the rubric's share, ``weight`` the share of ``overall``: 0 for what is
    not assessed, whose share goes to the others.
    """

    criterion: str
    score: Score
    asked_weight: Share
    weight: Share
    evidence: list[SaidThereOut]
    by_service: list[ScoreOfServiceOut]
    disagreement: Annotated[float, Field(ge=0, le=4)] | None
    advice: str


class ReportOut(BaseModel):
    """``overall`` is null where less than half of the weight could be assessed. ``missing`` says in
    sentences what could not be judged and why. Feedback for people, not a decision about them.
    """

    rubric_version: str
    overall: Points | None
    criteria: list[CriterionOut]
    services: dict[str, ServiceState]
    missing: list[str]


class InterviewOut(ReportOut):
    interview_id: str
    user_id: str | None
    created_at: datetime
    source: Literal["ml-service"]


class InterviewSummaryOut(BaseModel):
    interview_id: str
    user_id: str | None
    created_at: datetime
    rubric_version: str
    overall: Points | None


class InterviewList(BaseModel):
    data: list[InterviewSummaryOut]
    has_more: bool
    next_cursor: str | None


class ScoringHealthOut(BaseModel):
    """``healthy``: both services answer; ``degraded``: one does, and reports are partial."""

    status: Literal["healthy", "degraded", "unavailable"]
    ml_services: dict[str, ServiceState]
    all_services_healthy: bool


class CriterionReadingOut(BaseModel):
    criterion: str
    score: Score
    evidence: list[SaidThereOut]
    advice: str


class ServiceReadingOut(BaseModel):
    """What one service makes of every criterion that it knows."""

    service: str
    revision: str
    criteria: list[CriterionReadingOut]


class ModelServiceHealthOut(BaseModel):
    status: Literal["ready", "not_ready"]
    service: str


def report_out(report: InterviewReport) -> ReportOut:
    return ReportOut(
        rubric_version=report.rubric_version,
        overall=report.overall,
        criteria=[_criterion(one) for one in report.criteria],
        services=dict(report.services),
        missing=list(report.missing),
    )


def interview_out(stored: StoredInterview) -> InterviewOut:
    return InterviewOut(
        **dict(report_out(stored.report)),
        interview_id=stored.interview_id,
        user_id=stored.user_id,
        created_at=stored.created_at,
        source=SOURCE,
    )


def interview_list(page: InterviewPage) -> InterviewList:
    return InterviewList(
        data=[_summary(one) for one in page.summaries],
        has_more=page.next_cursor is not None,
        next_cursor=page.next_cursor,
    )


def scoring_health_out(states: Mapping[str, ServiceState]) -> ScoringHealthOut:
    n_ok = sum(state == "ok" for state in states.values())
    some: Literal["degraded", "unavailable"] = "degraded" if n_ok else "unavailable"
    return ScoringHealthOut(
        status="healthy" if n_ok == len(states) else some,
        ml_services=dict(states),
        all_services_healthy=n_ok == len(states),
    )


def service_reading_out(reading: ServiceReading) -> ServiceReadingOut:
    return ServiceReadingOut(
        service=reading.service,
        revision=reading.revision,
        criteria=[
            CriterionReadingOut(
                criterion=one.criterion,
                score=_score(one.score),
                evidence=_evidence(one.evidence),
                advice=one.advice,
            )
            for one in reading.criteria
        ],
    )


def service_reading(read: ServiceReadingOut) -> ServiceReading:
    return ServiceReading(
        service=read.service,
        revision=read.revision,
        criteria=tuple(
            CriterionReading(
                criterion=one.criterion,
                score=None if one.score == NOT_ASSESSED else one.score,
                evidence=tuple(SaidThere(said.turn, said.text or "") for said in one.evidence),
                advice=one.advice,
            )
            for one in read.criteria
        ),
    )


def _criterion(one: CriterionScore) -> CriterionOut:
    return CriterionOut(
        criterion=one.criterion,
        score=_score(one.score),
        asked_weight=one.asked_weight,
        weight=one.weight,
        evidence=_evidence(one.evidence),
        by_service=[
            ScoreOfServiceOut(
                service=said.service, score=_score(said.score), revision=said.revision
            )
            for said in one.by_service
        ],
        disagreement=one.disagreement,
        advice=one.advice,
    )


def _summary(one: InterviewSummary) -> InterviewSummaryOut:
    return InterviewSummaryOut(
        interview_id=one.interview_id,
        user_id=one.user_id,
        created_at=one.created_at,
        rubric_version=one.rubric_version,
        overall=one.overall,
    )


def _score(score: float | None) -> Score:
    return NOT_ASSESSED if score is None else score


def _evidence(evidence: tuple[SaidThere, ...]) -> list[SaidThereOut]:
    return [SaidThereOut(turn=said.turn, text=said.text or None) for said in evidence]
