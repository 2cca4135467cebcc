"""The resume score: findings become points, points a sum, and a cap where one applies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ml_service.ats.checks import CHECK_FUNCTIONS
from ml_service.ats.content_checks import has_history
from ml_service.ats.hygiene_check import is_keyword_list
from ml_service.ats.rubric import (
    CAPS,
    CHECKS,
    RUBRIC_VERSION,
    RULES,
    TOTAL_POINTS,
    CheckRule,
    RubricCard,
)
from ml_service.ats.submission import Finding, Submission, submission_of
from ml_service.ats.tips import tips
from ml_service.domain.ats_report import AtsCheck, AtsReport, CheckStatus, ScoreCap
from ml_service.domain.document import ExtractedText
from ml_service.domain.resume import RedactedText, ResumeProfile

_HUNDREDTHS = 100
_NEEDS_TEXT = Finding(share=None, fix="This can be checked once the document has a text layer.")


def score_resume(
    extracted: ExtractedText,
    profile: ResumeProfile,
    *,
    redacted: RedactedText,
    document_date: date,
) -> AtsReport:
    """Score a resume; the same input always gives the same report.

    Weights and points are whole hundredths, so that what is shown adds up: the weights to 100,
    ``earned`` and ``points_available`` of a check to its weight. ``points_available`` of the report
    is the sum over its checks; a cap comes on top of it.
    """
    submission = submission_of(extracted, profile, redacted=redacted, document_date=document_date)
    findings = _findings(submission)
    weights = _weights(findings)
    earned = [
        round((finding.share or 0.0) * weight)
        for finding, weight in zip(findings, weights, strict=True)
    ]
    checks = tuple(
        _check(rule, finding, weight=weight, earned=points)
        for rule, finding, weight, points in zip(CHECKS, findings, weights, earned, strict=True)
    )
    cap = _lowest_cap(submission, checks)
    total = sum(earned) / _HUNDREDTHS
    return AtsReport(
        ats_score=round(min(total, cap.limit) if cap else total, 1),
        rubric_version=RUBRIC_VERSION,
        cap=cap,
        points_available=(sum(weights) - sum(earned)) / _HUNDREDTHS,
        checks=checks,
        tips=tips(submission),
    )


def _findings(submission: Submission) -> list[Finding]:
    """One for each rule, in the order of the rubric. Nothing is decided on text that is not."""
    text_layer = CHECK_FUNCTIONS["text_layer"](submission)
    if text_layer.share == 0.0:
        return [text_layer if rule.id == "text_layer" else _NEEDS_TEXT for rule in CHECKS]
    return [
        text_layer if rule.id == "text_layer" else CHECK_FUNCTIONS[rule.id](submission)
        for rule in CHECKS
    ]


def _weights(findings: Sequence[Finding]) -> list[int]:
    """Weights in hundredths of a point, 0 for what was skipped, together exactly 100 points.

    What rounding leaves over goes to the largest remainders, in the order of the rubric.
    """
    raw = [
        0 if finding.share is None else rule.weight
        for rule, finding in zip(CHECKS, findings, strict=True)
    ]
    target = TOTAL_POINTS * _HUNDREDTHS
    exact = [weight * target / sum(raw) for weight in raw]
    weights = [int(value) for value in exact]
    by_remainder = sorted(range(len(raw)), key=lambda i: weights[i] - exact[i])
    for index in by_remainder[: target - sum(weights)]:
        weights[index] += 1
    return weights


def _check(rule: CheckRule, finding: Finding, *, weight: int, earned: int) -> AtsCheck:
    return AtsCheck(
        id=rule.id,
        title=rule.title,
        status=_status(finding, weight=weight, earned=earned),
        blocking=rule.blocking,
        weight=weight / _HUNDREDTHS,
        earned=earned / _HUNDREDTHS,
        points_available=(weight - earned) / _HUNDREDTHS,
        evidence=finding.evidence,
        fix=finding.fix,
    )


def _status(finding: Finding, *, weight: int, earned: int) -> CheckStatus:
    if finding.share is None:
        return "skipped"
    if earned == weight:
        return "pass"
    return "partial" if earned else "fail"


def _lowest_cap(submission: Submission, checks: Sequence[AtsCheck]) -> ScoreCap | None:
    failed = {check.id for check in checks if check.status == "fail"}
    applies = {
        "no_text_layer": "text_layer" in failed,
        "no_email": "contact" in failed,
        "keyword_list": is_keyword_list(submission),
        "no_history": "text_layer" not in failed and not has_history(submission),
    }
    caps = [ScoreCap(limit=rule.limit, reason=rule.reason) for rule in CAPS if applies[rule.id]]
    return min(caps, key=lambda cap: cap.limit, default=None)


def rubric_card() -> RubricCard:
    """The rubric as ``GET /ats/rubric`` publishes it."""
    return RubricCard(
        rubric_version=RUBRIC_VERSION,
        total_points=TOTAL_POINTS,
        checks=CHECKS,
        caps=CAPS,
        rules=RULES,
    )
