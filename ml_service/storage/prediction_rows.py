"""A prediction as rows, and rows as a prediction.

The analysis is kept as JSON; what changes afterwards (user, annotations, jobs) has columns and
tables of its own and stands nowhere else. Columns that repeat a part of the analysis are written
with it and never alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from ml_service.domain.document import Line
from ml_service.domain.posting import JobsOutcome, Posting
from ml_service.domain.prediction import Analysis, Annotations, Prediction
from ml_service.storage.search_words import PREDICTION_COLUMNS, searchable
from ml_service.storage.serialisation import ANALYSIS, POSTING, from_json, to_json
from ml_service.storage.summaries import brief_of, summary_data

Row = dict[str, Any]

N_CONTENT_CHARACTERS = 1_000


def prediction_row(prediction: Prediction, *, text: str) -> Row:
    """``text`` is empty where the text of resumes is not stored."""
    analysis = analysis_columns(prediction.analysis)
    return {
        "id": prediction.prediction_id,
        "user_id": prediction.user_id,
        "fingerprint": prediction.fingerprint,
        "created_at": prediction.created_at,
        "updated_at": prediction.updated_at,
        "notes": prediction.annotations.notes,
        "feedback": prediction.annotations.feedback,
        "corrected_soc_code": prediction.annotations.corrected_soc_code,
        "resume_content": content_of(text),
        "summary_data": summary_data(brief_of(analysis, tags=prediction.annotations.tags)),
        **analysis,
        **jobs_columns(prediction.jobs),
    }


def content_of(text: str) -> str:
    return text[:N_CONTENT_CHARACTERS]


def analysis_columns(analysis: Analysis) -> Row:
    best, model = analysis.career.career_paths[0], analysis.career.model
    return {
        "resume_filename": analysis.resume_filename,
        "document_sha256": analysis.document_sha256,
        "career_path": best.title,
        "soc_code": best.soc_code,
        "confidence": best.confidence,
        "abstained": analysis.career.abstained,
        "ats_score": analysis.ats.ats_score,
        "model_id": model.model_id,
        "model_revision": model.revision,
        "model_arm": model.arm,
        "prediction_data": to_json(ANALYSIS, analysis),
    }


def jobs_columns(jobs: JobsOutcome) -> Row:
    return {
        "jobs_status": jobs.status,
        "jobs_provider": jobs.provider,
        "jobs_query": jobs.query,
        "jobs_fetched_at": jobs.fetched_at,
    }


def job_rows(prediction_id: UUID, postings: Sequence[Posting], *, at: datetime) -> list[Row]:
    return [
        {
            "prediction_id": prediction_id,
            "position": position,
            "job_data": to_json(POSTING, posting),
            "created_at": at,
        }
        for position, posting in enumerate(postings)
    ]


def tag_rows(prediction_id: UUID, tags: Sequence[str], *, created_at: datetime) -> list[Row]:
    """A tag that is given twice is kept once, where it stood first."""
    return [
        {
            "prediction_id": prediction_id,
            "tag": tag,
            "position": position,
            "created_at": created_at,
        }
        for position, tag in enumerate(dict.fromkeys(tags))
    ]


def search_row(prediction: Prediction, *, text: str) -> Row:
    noted = {"notes": prediction.annotations.notes or "", "text": text}
    words = {**words_of(analysis_texts(prediction.analysis)), **words_of(noted)}
    return {"prediction_id": prediction.prediction_id, **words}


def analysis_texts(analysis: Analysis) -> Mapping[str, str]:
    """What a search sees of an analysis, by column."""
    return {
        "resume_filename": analysis.resume_filename,
        "career_path": analysis.career.career_paths[0].title,
        "skills": ", ".join(skill.name for skill in analysis.profile.skills),
    }


def words_of(texts: Mapping[str, str]) -> Row:
    return {name: searchable(text, column=PREDICTION_COLUMNS[name]) for name, text in texts.items()}


def text_of(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def to_prediction(row: RowMapping, *, jobs: Sequence[str], tags: Sequence[str]) -> Prediction:
    """``jobs`` are postings as JSON, in their order. Raises StorageUnavailable if damaged."""
    return Prediction(
        prediction_id=row["id"],
        user_id=row["user_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        fingerprint=row["fingerprint"],
        analysis=from_json(ANALYSIS, row["prediction_data"]),
        jobs=JobsOutcome(
            status=row["jobs_status"],
            postings=tuple(from_json(POSTING, job) for job in jobs),
            provider=row["jobs_provider"],
            query=row["jobs_query"],
            fetched_at=row["jobs_fetched_at"],
        ),
        annotations=Annotations(
            notes=row["notes"],
            tags=tuple(tags),
            feedback=row["feedback"],
            corrected_soc_code=row["corrected_soc_code"],
        ),
    )
