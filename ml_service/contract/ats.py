"""The resume score as callers see it."""

from __future__ import annotations

from typing import Literal

from ml_service.contract.base import Out, Points


class EvidenceOut(Out):
    page: int
    line: int
    text: str


class AtsCheckOut(Out):
    id: str
    title: str
    status: Literal["pass", "partial", "fail", "skipped"]
    blocking: bool
    weight: float
    earned: float
    points_available: float
    evidence: list[EvidenceOut]
    fix: str | None


class ScoreCapOut(Out):
    limit: float
    reason: str


class AtsOut(Out):
    rubric_version: str
    cap: ScoreCapOut | None
    points_available: float
    checks: list[AtsCheckOut]
    tips: list[str]


class RequirementsOut(Out):
    matched: list[str]
    missing: list[str]


class MatchEvidenceOut(Out):
    page: int
    line: int
    text: str
    skill: str | None
    strength: Literal["exact", "medium"]


class MatchOut(Out):
    score: Points
    required: RequirementsOut
    preferred: RequirementsOut
    evidence: list[MatchEvidenceOut]
