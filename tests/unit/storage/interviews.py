"""Invented interviews for the tests of storage."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from uuid6 import uuid7

from ml_service.domain.interview import (
    CriterionScore,
    InterviewReport,
    SaidThere,
    ScoreOfService,
    ServiceState,
    StoredInterview,
)
from ml_service.domain.interview_records import KeptInterview
from ml_service.storage.database import Database
from ml_service.storage.interviews import SqlInterviewStore
from tests.unit.storage.examples import NOON

SAID = (
    ("Interviewer", "What did you do about the outage?"),
    ("Candidate", "I wrote a runbook and cut recovery from 40 to 5 minutes."),
)
QUOTED = "I wrote a runbook"


def a_report(*, technical: ServiceState = "ok", overall: float | None = 72.5) -> InterviewReport:
    communication = CriterionScore(
        criterion="communication",
        score=4.1,
        asked_weight=0.5,
        weight=1.0,
        evidence=(SaidThere(1, QUOTED),),
        by_service=(ScoreOfService("communication", 4.1, "abc"),),
        disagreement=None,
        advice="Say what came of it.",
    )
    depth = CriterionScore(
        criterion="technical_depth",
        score=None,
        asked_weight=0.5,
        weight=0.0,
        evidence=(),
        by_service=(),
        disagreement=None,
        advice="Name the tools.",
    )
    return InterviewReport(
        rubric_version="1.0",
        overall=overall,
        criteria=(communication, depth),
        services={"communication": "ok", "technical": technical},
        missing=() if technical == "ok" else ("The service technical did not answer.",),
    )


def an_interview(
    interview_id: str = "interview-1",
    *,
    user_id: str | None = "user-1",
    minutes: int = 0,
    fingerprint: str = "f" * 64,
    report: InterviewReport | None = None,
) -> KeptInterview:
    return KeptInterview(
        record_id=UUID(str(uuid7())),
        fingerprint=fingerprint,
        interview=StoredInterview(
            interview_id=interview_id,
            user_id=user_id,
            transcript_sha256="a" * 64,
            created_at=NOON + timedelta(minutes=minutes),
            report=report or a_report(),
        ),
    )


def interviews_of(database: Database, *, store_text: bool = True) -> SqlInterviewStore:
    return SqlInterviewStore(
        database, store_text=store_text, actor=lambda: "service", clock=lambda: NOON
    )
