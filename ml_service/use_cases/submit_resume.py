"""One upload: the stored answer if it is the same upload, else the whole journey."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakValueDictionary

from ml_service.domain.ports import Claim, PredictionStore
from ml_service.domain.prediction import ModelRef, Prediction
from ml_service.use_cases.analyse_resume import AnalyseResume, ResumeUpload
from ml_service.use_cases.answer_once import digest_of
from ml_service.use_cases.match_jobs import JobPlace
from ml_service.use_cases.record_analysis import RecordAnalysis, RecordFor
from ml_service.use_cases.stages import UNWATCHED, StageWatch
from ml_service.use_cases.watch_arms import WatchArms


@dataclass(frozen=True, slots=True)
class Submission:
    """``stated_date`` is the document's date as the caller gave it, None where he did not.

    ``document_sha256`` is of the upload's content, in hex. For a user who is erased after
    ``begun_at``, when the upload began to arrive, it is not saved.
    """

    upload: ResumeUpload
    document_sha256: str
    user_id: str | None
    place: JobPlace
    begun_at: datetime
    stated_date: date | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """``created`` is false when the same upload was answered from the store."""

    prediction: Prediction
    created: bool


class SubmitResume:
    def __init__(
        self,
        *,
        analyse: AnalyseResume,
        record: RecordAnalysis,
        store: PredictionStore,
        watch_arms: WatchArms,
    ) -> None:
        self._watch_arms = watch_arms
        self._analyse = analyse
        self._record = record
        self._store = store
        # Uploads that are the same wait for each other, so that the second finds the first.
        self._same: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(
        self,
        submission: Submission,
        *,
        claim: Claim | None = None,
        watch: StageWatch = UNWATCHED,
    ) -> Submitted:
        """Raises a DocumentRefused, ModelNotFound, ModelError, Overloaded, StorageUnavailable,
        UserErased.

        Two processes that read the same upload at once both keep it; to rule that out takes a
        ``claim``, whose prediction is saved together with it.
        """
        by = await self._choose(submission)
        same = fingerprint(submission, by)
        lock = self._same.setdefault(same, asyncio.Lock())
        async with lock:
            stored = await self._store.find_same(same)
            # A prediction that was given to another user since is no longer this user's.
            if stored is not None and stored.user_id == submission.user_id:
                return Submitted(prediction=stored, created=False)
            return await self._anew(submission, by, claim=claim, watch=watch)

    async def anew(
        self,
        submission: Submission,
        *,
        claim: Claim | None = None,
        watch: StageWatch = UNWATCHED,
    ) -> Submitted:
        """The journey without a look at the store: what ``?force=true`` asks for."""
        by = await self._choose(submission)
        return await self._anew(submission, by, claim=claim, watch=watch)

    async def _choose(self, submission: Submission) -> ModelRef:
        """One for the whole upload: who shares the traffic, and where, is asked once."""
        who = submission.user_id or submission.document_sha256
        return await self._analyse.choose(submission.upload.model, who=who)

    async def _anew(
        self, submission: Submission, by: ModelRef, *, claim: Claim | None, watch: StageWatch
    ) -> Submitted:
        analysed = await self._analyse(submission.upload, by=by, watch=watch)
        record_for = RecordFor(
            user_id=submission.user_id,
            fingerprint=fingerprint(submission, analysed.analysis.career.model),
            place=submission.place,
            begun_at=submission.begun_at,
            claim=claim,
        )
        prediction = await self._record(analysed, record_for, watch=watch)
        self._watch_arms.after(analysed, prediction)
        return Submitted(prediction=prediction, created=True)


async def submission_of(
    upload: ResumeUpload,
    *,
    user_id: str | None,
    place: JobPlace,
    begun_at: datetime,
    stated_date: date | None = None,
) -> Submission:
    """With the document's hash, which takes a moment for a large one."""
    sha256 = await asyncio.to_thread(lambda: hashlib.sha256(upload.content).hexdigest())
    return Submission(upload, sha256, user_id, place, begun_at, stated_date)


def fingerprint(submission: Submission, model: ModelRef) -> str:
    """sha256 over user, document, form fields, model and revision: equal for the same upload."""
    return digest_of(*stated(submission), model.model_id, model.revision)


def stated(submission: Submission) -> tuple[str | None, ...]:
    """What the caller sent, the document by its sha256; its name and the model do not count."""
    return (
        submission.user_id,
        submission.document_sha256,
        submission.stated_date.isoformat() if submission.stated_date else None,
        submission.upload.job_description,
        submission.place.location,
        submission.place.country,
    )
