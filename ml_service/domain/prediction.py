"""A career prediction and the record that is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ml_service.domain.ats_report import AtsReport, CheckStatus, JobDescriptionMatch
from ml_service.domain.document import Line, Reading
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.resume import ResumeProfile

AbstainReason = Literal["low_confidence", "language", "short_text"]
Feedback = Literal["right", "wrong"]
MatchReason = Literal["no_requirements_found"]
"""Why there is no match although a job description came."""
Caveat = Literal["page_count_unknown", "read_by_former_parser"]


@dataclass(frozen=True, slots=True)
class ModelRef:
    model_id: str
    revision: str
    arm: str | None = None


@dataclass(frozen=True, slots=True)
class EncoderRef:
    model_id: str
    revision: str
    precision: str
    engine: str

    @property
    def in_one_line(self) -> str:
        return f"{self.model_id} {self.revision} {self.precision} {self.engine}"


@dataclass(frozen=True, slots=True)
class CareerPath:
    """``soc_code`` is None in a custom taxonomy.

    The ``confidence`` of the first is a calibrated probability. The others share what it leaves,
    by the model's own measure, and are never put above the first: read them as an order.
    """

    title: str
    soc_code: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a passage moved: the mean of what the best answer's probability loses without it and
    gains from it alone.
    """

    text: str
    page: int
    contribution: float
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """``median_wage`` in US dollars a year; ``score`` orders the steps and is in [0, 1]."""

    title: str
    soc_code: str
    job_zone: int | None
    median_wage: int | None
    missing_skills: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class CareerPrediction:
    """``career_paths`` best first. ``career_field`` is the title of the SOC major group."""

    career_paths: tuple[CareerPath, ...]
    career_field: str | None
    abstained: bool
    abstain_reason: AbstainReason | None
    model: ModelRef
    encoder: EncoderRef


@dataclass(frozen=True, slots=True)
class CheckPoints:
    id: str
    title: str
    status: CheckStatus
    weight: float
    earned: float


@dataclass(frozen=True, slots=True)
class Standing:
    """What a resume was given, and by what."""

    document_sha256: str
    ats_score: float
    rubric_version: str
    parser_version: str
    career_path: str
    soc_code: str | None
    confidence: float
    abstained: bool
    model: ModelRef
    encoder: EncoderRef
    checks: tuple[CheckPoints, ...]


@dataclass(frozen=True, slots=True)
class Rescoring:
    """How an analysis came to replace another; ``before`` is what that one gave.

    ``caveats`` say why scoring the document itself might give something else than its stored
    lines did.
    """

    before: Standing
    jobs_matched_again: bool
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that one resume gave, before it is recorded.

    ``n_pages`` is None where it was not kept. ``read_by`` is the parser_version that read the
    lines, None for the same as ``parser_version``. ``rescoring`` is the last one, if any.
    ``degraded_reason``: why another encoder stood in for the one that is set up.
    """

    resume_filename: str
    document_sha256: str
    document_date: date
    reading: Reading
    profile: ResumeProfile
    career: CareerPrediction
    explanation: tuple[Contribution, ...]
    next_steps: tuple[NextStep, ...]
    ats: AtsReport
    match: JobDescriptionMatch | None
    parser_version: str
    match_reason: MatchReason | None = None
    n_pages: int | None = None
    read_by: str | None = None
    rescoring: Rescoring | None = None
    degraded_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Annotations:
    """What callers add to a prediction afterwards."""

    notes: str | None = None
    tags: tuple[str, ...] = ()
    feedback: Feedback | None = None
    corrected_soc_code: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """A recorded analysis. ``fingerprint`` is the same for the same upload to the same model."""

    prediction_id: UUID
    user_id: str | None
    created_at: datetime
    updated_at: datetime
    fingerprint: str
    analysis: Analysis
    jobs: JobsOutcome
    annotations: Annotations = Annotations()


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to one prediction and when; never what stood in it."""

    at: datetime
    actor: str
    action: str


@dataclass(frozen=True, slots=True)
class PredictionRecord:
    """All that is held of one prediction. ``lines`` is None where the text was not stored;
    ``events`` stand in the order in which they happened.
    """

    prediction: Prediction
    lines: tuple[Line, ...] | None
    events: tuple[AuditEvent, ...]


@dataclass(frozen=True, slots=True)
class PredictionSummary:
    """A row of a list; ``snippet`` only from a search."""

    prediction_id: UUID
    user_id: str | None
    resume_filename: str
    created_at: datetime
    career_path: str
    soc_code: str | None
    confidence: float
    abstained: bool
    ats_score: float
    jobs_status: str
    model: ModelRef
    tags: tuple[str, ...]
    snippet: str | None = None


@dataclass(frozen=True, slots=True)
class PredictionFilter:
    """Every field that is not None narrows the list."""

    user_id: str | None = None
    career_path: str | None = None
    soc_code: str | None = None
    model_id: str | None = None
    tag: str | None = None
    min_confidence: float | None = None
    min_ats_score: float | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """``next_cursor`` is opaque and None on the last page."""

    summaries: tuple[PredictionSummary, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """What takes the place of a prediction's analysis; None leaves jobs or lines as they are."""

    analysis: Analysis
    fingerprint: str
    jobs: JobsOutcome | None
    lines: tuple[Line, ...] | None


class Unchanged:
    """Marks a field that a change leaves alone, where None would clear it."""


UNCHANGED = Unchanged()


@dataclass(frozen=True, slots=True)
class PredictionChange:
    user_id: str | Unchanged | None = UNCHANGED
    notes: str | Unchanged | None = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    feedback: Feedback | Unchanged | None = UNCHANGED
    corrected_soc_code: str | Unchanged | None = UNCHANGED
