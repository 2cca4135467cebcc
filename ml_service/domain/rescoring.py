"""What a resume was given before and after it was scored again."""

from __future__ import annotations

from dataclasses import dataclass

from ml_service.domain.prediction import Analysis, CheckPoints, EncoderRef, Standing


@dataclass(frozen=True, slots=True)
class WhatChanged:
    resume: bool
    rubric: bool
    parser: bool
    model: bool


def standing(analysis: Analysis) -> Standing:
    best = analysis.career.career_paths[0]
    return Standing(
        document_sha256=analysis.document_sha256,
        ats_score=analysis.ats.ats_score,
        rubric_version=analysis.ats.rubric_version,
        parser_version=analysis.parser_version,
        career_path=best.title,
        soc_code=best.soc_code,
        confidence=best.confidence,
        abstained=analysis.career.abstained,
        model=analysis.career.model,
        encoder=analysis.career.encoder,
        checks=tuple(
            CheckPoints(check.id, check.title, check.status, check.weight, check.earned)
            for check in analysis.ats.checks
        ),
    )


def what_changed(before: Standing, now: Standing) -> WhatChanged:
    """Whether, not how much: a changed resume may be worth the same points."""
    return WhatChanged(
        resume=before.document_sha256 != now.document_sha256,
        rubric=before.rubric_version != now.rubric_version,
        parser=before.parser_version != now.parser_version,
        model=_who_predicted(before) != _who_predicted(now),
    )


def _who_predicted(given: Standing) -> tuple[str, str, EncoderRef]:
    """Which arm of a test it was does not count."""
    return given.model.model_id, given.model.revision, given.encoder
