"""A prediction as callers see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from ml_service.contract.ats import AtsOut, MatchOut
from ml_service.contract.base import Out, Points, Probability
from ml_service.contract.posting import PostingOut, postings_out
from ml_service.contract.profile import ProfileOut, profile_out
from ml_service.domain.posting import JobsStatus
from ml_service.domain.prediction import MatchReason, Prediction


class CareerPathOut(Out):
    title: str
    soc_code: str | None
    confidence: Probability


class ContributionOut(Out):
    text: str
    page: int
    contribution: float


class NextStepOut(Out):
    title: str
    soc_code: str
    job_zone: int | None
    median_wage: int | None
    missing_skills: list[str]
    score: Probability


class ModelOut(Out):
    model_id: str
    revision: str
    arm: str | None


class EncoderOut(Out):
    model_id: str
    revision: str
    precision: str
    engine: str


class PredictionOut(BaseModel):
    prediction_id: UUID | None
    user_id: str | None
    resume_filename: str
    document_sha256: str
    created_at: datetime | None
    updated_at: datetime | None
    career_path: str
    soc_code: str | None
    confidence: Probability
    career_field: str | None
    career_paths: list[CareerPathOut]
    abstained: bool
    abstain_reason: Literal["low_confidence", "language", "short_text"] | None
    explanation: list[ContributionOut]
    next_steps: list[NextStepOut]
    ats_score: Points
    ats: AtsOut
    match: MatchOut | None
    match_reason: MatchReason | None
    profile: ProfileOut
    jobs: list[PostingOut]
    jobs_status: JobsStatus
    jobs_provider: str | None
    jobs_query: str | None
    jobs_fetched_at: datetime | None
    model: ModelOut
    encoder: EncoderOut
    rubric_version: str
    parser_version: str
    document_date: date
    source: Literal["ml-service", "local"]
    degraded_reason: str | None
    notes: str | None
    tags: list[str]
    feedback: Literal["right", "wrong"] | None
    corrected_soc_code: str | None


def prediction_out(prediction: Prediction) -> PredictionOut:
    analysis, jobs, notes = prediction.analysis, prediction.jobs, prediction.annotations
    career, best = analysis.career, analysis.career.career_paths[0]
    return PredictionOut(
        prediction_id=prediction.prediction_id,
        user_id=prediction.user_id,
        resume_filename=analysis.resume_filename,
        document_sha256=analysis.document_sha256,
        created_at=prediction.created_at,
        updated_at=prediction.updated_at,
        career_path=best.title,
        soc_code=best.soc_code,
        confidence=best.confidence,
        career_field=career.career_field,
        career_paths=[CareerPathOut.model_validate(path) for path in career.career_paths],
        abstained=career.abstained,
        abstain_reason=career.abstain_reason,
        explanation=[ContributionOut.model_validate(item) for item in analysis.explanation],
        next_steps=[NextStepOut.model_validate(step) for step in analysis.next_steps],
        ats_score=analysis.ats.ats_score,
        ats=AtsOut.model_validate(analysis.ats),
        match=None if analysis.match is None else MatchOut.model_validate(analysis.match),
        match_reason=analysis.match_reason,
        profile=profile_out(analysis.profile, analysis.reading),
        jobs=postings_out(jobs.postings),
        jobs_status=jobs.status,
        jobs_provider=jobs.provider,
        jobs_query=jobs.query,
        jobs_fetched_at=jobs.fetched_at,
        model=ModelOut.model_validate(career.model),
        encoder=EncoderOut.model_validate(career.encoder),
        rubric_version=analysis.ats.rubric_version,
        parser_version=analysis.parser_version,
        document_date=analysis.document_date,
        source="ml-service",
        degraded_reason=analysis.degraded_reason,
        notes=notes.notes,
        tags=list(notes.tags),
        feedback=notes.feedback,
        corrected_soc_code=notes.corrected_soc_code,
    )
