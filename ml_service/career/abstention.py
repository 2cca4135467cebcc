"""When a model says that it does not know, and how sure it may sound then."""

from __future__ import annotations

from collections.abc import Collection

from ml_service.career.evidence import ResumeEvidence
from ml_service.domain.prediction import AbstainReason

MIN_WORDS = 40
MOST_WHEN_ABSTAINING = 0.5
MIN_RESUME_LIKELIHOOD = 0.5


def abstain_reason(
    evidence: ResumeEvidence,
    confidence: float,
    *,
    languages: Collection[str],
    threshold: float,
) -> AbstainReason | None:
    """``languages`` (ISO 639-1) are those that the model was trained on."""
    if evidence.profile.language not in languages:
        return "language"
    if is_short(evidence):
        return "short_text"
    doubtful = evidence.profile.resume_likelihood < MIN_RESUME_LIKELIHOOD
    return "low_confidence" if doubtful or confidence < threshold else None


def is_short(evidence: ResumeEvidence) -> bool:
    return sum(len(line.text.split()) for line in evidence.redacted.lines) < MIN_WORDS


def held_back(confidence: float, reason: AbstainReason | None) -> float:
    """The calibration was measured on texts that a model answers: for others it says too much."""
    return confidence if reason is None else min(confidence, MOST_WHEN_ABSTAINING)
