"""Score a recorded resume, or a changed one in its place, as it would be scored today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from ml_service.analysis.profile import PARSER_VERSION
from ml_service.domain.document import Document
from ml_service.domain.errors import PreconditionFailed, TextNotStored
from ml_service.domain.ports import Claim, PredictionStore
from ml_service.domain.prediction import (
    Analysis,
    Caveat,
    ModelRef,
    Prediction,
    PredictionRecord,
    Rescoring,
)
from ml_service.domain.rescoring import standing, what_changed
from ml_service.use_cases.analyse_resume import AnalysedResume, AnalyseResume, ResumeUpload
from ml_service.use_cases.answer_once import digest_of
from ml_service.use_cases.match_jobs import JobPlace
from ml_service.use_cases.record_analysis import RecordAgain, RecordAnalysis
from ml_service.use_cases.stages import UNWATCHED, StageWatch
from ml_service.use_cases.stored_text import stored_text

N_ATTEMPTS = 3
"""So often it is begun anew when somebody else changed the record meanwhile."""


@dataclass(frozen=True, slots=True)
class ChangedResume:
    content: bytes
    filename: str


@dataclass(frozen=True, slots=True)
class RescoreRequest:
    """Without ``changed`` the stored lines are scored. With a ``job_description`` the resume is
    matched against it; without one, a match stays as long as the resume does. ``place`` is where
    jobs are looked for if they are looked for again.
    """

    changed: ChangedResume | None = None
    job_description: str | None = None
    place: JobPlace = field(default_factory=JobPlace)


class RescorePrediction:
    def __init__(
        self, *, store: PredictionStore, analyse: AnalyseResume, record: RecordAnalysis
    ) -> None:
        self._store = store
        self._analyse = analyse
        self._record = record

    async def __call__(
        self,
        prediction_id: UUID,
        request: RescoreRequest,
        *,
        expected: Collection[datetime] | None = None,
        claim: Claim | None = None,
        watch: StageWatch = UNWATCHED,
    ) -> Prediction:
        """The prediction as it is now, with a ``rescoring`` in its analysis.

        The document's date and the model_id stay. With ``expected``, only a record that was last
        changed at one of these moments. Raises PredictionNotFound, TextNotStored,
        PreconditionFailed, KeyInUse, ModelNotFound, a ModelError, a DocumentRefused, Overloaded
        or StorageUnavailable, and then nothing has changed.
        """
        for attempts_left in reversed(range(N_ATTEMPTS)):
            record = await self._store.record(prediction_id)
            if expected is not None and record.prediction.updated_at not in expected:
                raise PreconditionFailed
            analysed = await self._analysed(record, request, watch)
            again = RecordAgain(
                former=record.prediction,
                fingerprint=_fingerprint(record.prediction, analysed.analysis, request),
                with_lines=request.changed is not None,
                place=request.place,
                claim=claim,
            )
            try:
                return await self._record.again(analysed, again, watch=watch)
            except PreconditionFailed:
                if expected is not None or not attempts_left:
                    raise
        raise PreconditionFailed

    async def _analysed(
        self, record: PredictionRecord, request: RescoreRequest, watch: StageWatch
    ) -> AnalysedResume:
        former = record.prediction.analysis
        if request.changed is None:
            analysed = await self._stored_one(record, request.job_description, watch)
        else:
            upload = _upload(request.changed, request.job_description, former)
            by = await self._choose(upload, record.prediction)
            analysed = await self._analyse(upload, by=by, watch=watch)
        rescoring = Rescoring(
            before=standing(former),
            jobs_matched_again=_jobs_are_stale(former, analysed.analysis),
            caveats=_caveats(analysed.analysis),
        )
        return replace(analysed, analysis=replace(analysed.analysis, rescoring=rescoring))

    async def _stored_one(
        self, record: PredictionRecord, job_description: str | None, watch: StageWatch
    ) -> AnalysedResume:
        if record.lines is None:
            raise TextNotStored
        former = record.prediction.analysis
        # The content is gone; what is read of it is there.
        document = Document(b"", former.resume_filename, "text", former.document_sha256)
        upload = _upload(ChangedResume(b"", former.resume_filename), job_description, former)
        extracted = stored_text(record.lines, former)
        by = await self._choose(upload, record.prediction)
        analysed = await self._analyse.analyse(upload, document, extracted, by=by, watch=watch)
        kept = replace(
            analysed.analysis,
            n_pages=former.n_pages,
            read_by=former.read_by or former.parser_version,
        )
        if job_description is None:
            kept = replace(kept, match=former.match, match_reason=former.match_reason)
        return replace(analysed, analysis=kept)

    async def _choose(self, upload: ResumeUpload, former: Prediction) -> ModelRef:
        who = former.user_id or former.analysis.document_sha256
        return await self._analyse.choose(upload.model, who=who)


def _upload(resume: ChangedResume, job_description: str | None, former: Analysis) -> ResumeUpload:
    return ResumeUpload(
        content=resume.content,
        filename=resume.filename,
        document_date=former.document_date,
        job_description=job_description,
        model=former.career.model.model_id,
    )


def _jobs_are_stale(former: Analysis, present: Analysis) -> bool:
    """They were looked for by the career path, and ranked by the resume."""
    same_path = former.career.career_paths[0].title == present.career.career_paths[0].title
    return not same_path or former.document_sha256 != present.document_sha256


def _fingerprint(former: Prediction, present: Analysis, request: RescoreRequest) -> str:
    """The former one as long as it still is the same upload to the same model.

    Otherwise one that no upload has: not all that an upload states is kept.
    """
    changed = what_changed(standing(former.analysis), standing(present))
    if not changed.resume and not changed.model and request.job_description is None:
        return former.fingerprint
    revision = present.career.model.revision
    return digest_of("rescored", str(former.prediction_id), present.document_sha256, revision)


def _caveats(analysis: Analysis) -> tuple[Caveat, ...]:
    """Why scoring the document itself might give something else than its stored lines did."""
    found: list[Caveat] = []
    if analysis.n_pages is None:
        found.append("page_count_unknown")
    if analysis.read_by not in {None, PARSER_VERSION}:
        found.append("read_by_former_parser")
    return tuple(found)
