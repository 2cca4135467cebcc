"""What a row of results holds, in CSV, Parquet and JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from ml_service.contract.prediction import prediction_out
from ml_service.domain.ats_report import JobDescriptionMatch
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import Analysis, CareerPath, Prediction

Kind = Literal["text", "number", "flag"]
Row = Mapping[str, object]

N_CAREER_PATHS = 5
SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = "text"


def _columns(*names: str) -> tuple[Column, ...]:
    """A name may carry its kind: ``confidence:number``."""
    kinds: dict[str, Kind] = {"number": "number", "flag": "flag"}
    parts = [name.partition(":") for name in names]
    return tuple(Column(name, kinds.get(kind, "text")) for name, _, kind in parts)


FILE_COLUMNS = _columns("file", "sha256", "status", "error_code", "error")
CAREER_COLUMNS = _columns(
    "career_path",
    "soc_code",
    "confidence:number",
    "career_field",
    "abstained:flag",
    "abstain_reason",
) + tuple(
    column
    for number in range(2, N_CAREER_PATHS + 1)
    for column in _columns(
        f"career_path_{number}", f"soc_code_{number}", f"confidence_{number}:number"
    )
)
ATS_COLUMNS = _columns("ats_score:number")
MATCH_COLUMNS = _columns(
    "match_score:number",
    "match_reason",
    "required_matched",
    "required_missing",
    "preferred_matched",
    "preferred_missing",
)
CONTACT_COLUMNS = _columns("name", "email", "phone", "location", "links")
PROFILE_COLUMNS = _columns("years_experience:number", "skills", "language")
ORIGIN_COLUMNS = _columns(
    "document_date",
    "model_id",
    "revision",
    "encoder",
    "rubric_version",
    "parser_version",
)
RECORD_COLUMNS = _columns(
    "prediction_id",
    "user_id",
    "created_at",
    "updated_at",
    "resume_filename",
    "document_sha256",
)
NOTE_COLUMNS = _columns("jobs_status", "notes", "tags", "feedback", "corrected_soc_code")
TEXT_COLUMNS = _columns("text")


def bulk_columns(*, with_contact: bool, with_match: bool) -> tuple[Column, ...]:
    return (
        *FILE_COLUMNS,
        *CAREER_COLUMNS,
        *ATS_COLUMNS,
        *(MATCH_COLUMNS if with_match else ()),
        *(CONTACT_COLUMNS if with_contact else ()),
        *PROFILE_COLUMNS,
        *ORIGIN_COLUMNS,
        *_columns("seconds:number"),
    )


def history_columns(*, with_text: bool) -> tuple[Column, ...]:
    return (
        *RECORD_COLUMNS,
        *CAREER_COLUMNS,
        *ATS_COLUMNS,
        *PROFILE_COLUMNS,
        *ORIGIN_COLUMNS,
        *NOTE_COLUMNS,
        *(TEXT_COLUMNS if with_text else ()),
    )


def analysis_row(analysis: Analysis) -> dict[str, object]:
    """One value a column; lists are joined with "; "."""
    career = analysis.career
    return {
        **_paths(career.career_paths),
        "career_field": career.career_field,
        "abstained": career.abstained,
        "abstain_reason": career.abstain_reason,
        "ats_score": analysis.ats.ats_score,
        "years_experience": analysis.profile.years_experience,
        "skills": SEPARATOR.join(skill.name for skill in analysis.profile.skills),
        "language": analysis.profile.language,
        "document_date": analysis.document_date.isoformat(),
        "model_id": career.model.model_id,
        "revision": career.model.revision,
        "encoder": career.encoder.in_one_line,
        "rubric_version": analysis.ats.rubric_version,
        "parser_version": analysis.parser_version,
        "match_reason": analysis.match_reason,
        **(_match(analysis.match) if analysis.match is not None else {}),
    }


def contact_row(analysis: Analysis) -> dict[str, object]:
    contact = analysis.profile.contact
    return {
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "location": contact.location,
        "links": SEPARATOR.join(contact.links),
    }


def _paths(paths: Sequence[CareerPath]) -> dict[str, object]:
    row: dict[str, object] = {}
    for number, path in enumerate(paths[:N_CAREER_PATHS], start=1):
        place = "" if number == 1 else f"_{number}"
        row[f"career_path{place}"] = path.title
        row[f"soc_code{place}"] = path.soc_code
        row[f"confidence{place}"] = path.confidence
    return row


def _match(match: JobDescriptionMatch) -> dict[str, object]:
    return {
        "match_score": match.score,
        "required_matched": SEPARATOR.join(match.required.matched),
        "required_missing": SEPARATOR.join(match.required.missing),
        "preferred_matched": SEPARATOR.join(match.preferred.matched),
        "preferred_missing": SEPARATOR.join(match.preferred.missing),
    }


def prediction_row(prediction: Prediction) -> dict[str, object]:
    notes = prediction.annotations
    return {
        "prediction_id": str(prediction.prediction_id),
        "user_id": prediction.user_id,
        "created_at": prediction.created_at.isoformat(),
        "updated_at": prediction.updated_at.isoformat(),
        "resume_filename": prediction.analysis.resume_filename,
        "document_sha256": prediction.analysis.document_sha256,
        **analysis_row(prediction.analysis),
        "jobs_status": prediction.jobs.status,
        "notes": notes.notes,
        "tags": SEPARATOR.join(notes.tags),
        "feedback": notes.feedback,
        "corrected_soc_code": notes.corrected_soc_code,
    }


def prediction_document(prediction: Prediction) -> dict[str, object]:
    """The prediction with the fields of the HTTP contract."""
    return prediction_out(prediction).model_dump(mode="json")


def analysis_document(analysis: Analysis) -> dict[str, object]:
    """The same of an analysis that nobody recorded: it has no id, no times and no jobs."""
    never = datetime.fromtimestamp(0, UTC)
    unrecorded = Prediction(
        prediction_id=UUID(int=0),
        user_id=None,
        created_at=never,
        updated_at=never,
        fingerprint="",
        analysis=analysis,
        jobs=JobsOutcome("not_configured"),
    )
    missing = {"prediction_id": None, "created_at": None, "updated_at": None}
    return {**prediction_document(unrecorded), **missing}


AnswerShape = Literal["row", "row with contact", "document"]


def answer_of(shape: AnswerShape) -> Callable[[Analysis], dict[str, object]]:
    """How an analysis is shown where results of this shape are written."""
    shapes: dict[AnswerShape, Callable[[Analysis], dict[str, object]]] = {
        "row": analysis_row,
        "row with contact": lambda analysis: analysis_row(analysis) | contact_row(analysis),
        "document": analysis_document,
    }
    return shapes[shape]
