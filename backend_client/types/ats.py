"""The resume score, its rubric, and the match with one advert."""

from __future__ import annotations

from typing import Literal

from backend_client.types.base import Answer, Value

CheckStatus = Literal["pass", "partial", "fail", "skipped"] | str


class Evidence(Value):
    page: int
    line: int
    text: str


class AtsCheck(Value):
    """``weight``, ``earned`` and ``points_available`` in points; ``fix`` says what to do."""

    id: str
    title: str
    status: CheckStatus
    blocking: bool
    weight: float
    earned: float
    points_available: float
    evidence: list[Evidence]
    fix: str | None = None


class ScoreCap(Value):
    limit: float
    reason: str


class Ats(Value):
    rubric_version: str
    cap: ScoreCap | None = None
    points_available: float
    checks: list[AtsCheck]
    tips: list[str]


class Requirements(Value):
    matched: list[str]
    missing: list[str]


class MatchEvidence(Value):
    page: int
    line: int
    text: str
    skill: str | None = None
    strength: Literal["exact", "medium"] | str


class Match(Value):
    """``score`` in points, 0 to 100."""

    score: float
    required: Requirements
    preferred: Requirements
    evidence: list[MatchEvidence]


class Threshold(Value):
    name: str
    unit: str
    value: float


class CheckRule(Value):
    id: str
    title: str
    measures: str
    blocking: bool
    weight: int
    thresholds: list[Threshold]
    source: str


class CapRule(Value):
    id: str
    limit: float
    reason: str
    source: str


class RubricCard(Answer):
    rubric_version: str
    total_points: int
    checks: list[CheckRule]
    caps: list[CapRule]
    rules: list[str]
