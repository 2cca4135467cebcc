"""The resume score: every point with the evidence it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CheckStatus = Literal["pass", "partial", "fail", "skipped"]
MatchStrength = Literal["exact", "medium"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """``line`` is ``Line.order`` of the extracted text; ``text`` is what stands there."""

    page: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class AtsCheck:
    """``earned`` + ``points_available`` = ``weight``; a skipped check has weight 0."""

    id: str
    title: str
    status: CheckStatus
    blocking: bool
    weight: float
    earned: float
    points_available: float
    evidence: tuple[Evidence, ...] = ()
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreCap:
    limit: float
    reason: str


@dataclass(frozen=True, slots=True)
class AtsReport:
    """``ats_score`` = round(min(sum of earned, cap.limit), 1), in points from 0 to 100."""

    ats_score: float
    rubric_version: str
    cap: ScoreCap | None
    points_available: float
    checks: tuple[AtsCheck, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    matched: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """As Evidence, for the requirement ``skill``, None in what was stored before there was one.

    ``strength`` is "exact" where words, stems or other names meet it, "medium" where a sentence
    says about the same in other words.
    """

    page: int
    line: int
    text: str
    skill: str | None = None
    strength: MatchStrength = "exact"


@dataclass(frozen=True, slots=True)
class JobDescriptionMatch:
    """How a resume meets one job description; ``score`` is points from 0 to 100."""

    score: float
    required: Requirements
    preferred: Requirements
    evidence: tuple[MatchEvidence, ...]
