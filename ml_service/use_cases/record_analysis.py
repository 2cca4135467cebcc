"""Match jobs to an analysis and save both, before anybody is answered."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import Claim, Clock, PredictionStore
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import Prediction, Renewal
from ml_service.use_cases.analyse_resume import AnalysedResume
from ml_service.use_cases.match_jobs import JobPlace, MatchJobs
from ml_service.use_cases.stages import UNWATCHED, StageWatch, timed
from ml_service.use_cases.to_its_end import to_its_end

log = logging.getLogger(__name__)


MOST_LATE = 64
"""So many boards may be waited for behind answers; beyond that a slow one counts as unavailable."""


@dataclass(frozen=True, slots=True)
class RecordFor:
    """Whom the record belongs to, since when it is in work, where jobs are looked for, and the key
    that asked for it.
    """

    user_id: str | None
    fingerprint: str
    place: JobPlace
    begun_at: datetime
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class RecordAgain:
    """Which prediction, as it was read, gets another analysis; ``with_lines`` where the resume is
    another one too.
    """

    former: Prediction
    fingerprint: str
    with_lines: bool
    place: JobPlace
    claim: Claim | None = None


class RecordAnalysis:
    def __init__(
        self,
        *,
        store: PredictionStore,
        match_jobs: MatchJobs,
        clock: Clock,
        jobs_wait_s: float,
        most_late: int = MOST_LATE,
    ) -> None:
        self._store = store
        self._match_jobs = match_jobs
        self._clock = clock
        self._jobs_wait_s = jobs_wait_s
        self._most_late = most_late
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(
        self, analysed: AnalysedResume, record_for: RecordFor, *, watch: StageWatch = UNWATCHED
    ) -> Prediction:
        """The prediction as it was saved. Raises StorageUnavailable, KeyInUse when the claim was
        lost, or UserErased when the user was erased meanwhile; a board never fails it. Once the
        saving has begun it is carried to its end.
        """
        search = asyncio.create_task(self._match_jobs(analysed, record_for.place))
        with timed(watch, "match"):
            jobs = await self._wait_for(search, analysed)
        with timed(watch, "save"):
            return await to_its_end(self._save(analysed, record_for, jobs, search))

    async def again(
        self, analysed: AnalysedResume, record_again: RecordAgain, *, watch: StageWatch = UNWATCHED
    ) -> Prediction:
        """The same for an analysis that takes another's place; jobs are looked for again where
        its ``rescoring`` says so.

        Raises StorageUnavailable, KeyInUse, PredictionNotFound, or PreconditionFailed where the
        prediction is not as it was read any more; then the former one stands.
        """
        search, jobs = None, None
        rescoring = analysed.analysis.rescoring
        with timed(watch, "match"):
            if rescoring is not None and rescoring.jobs_matched_again:
                await self._give_up_late(record_again.former.prediction_id)
                search = asyncio.create_task(self._match_jobs(analysed, record_again.place))
                jobs = await self._wait_for(search, analysed)
        with timed(watch, "save"):
            return await to_its_end(self._renew(analysed, record_again, jobs, search))

    async def close(self) -> None:
        """Give up searches that are still under way; their rows are marked unavailable later."""
        late = list(self._late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _wait_for(
        self, search: asyncio.Task[JobsOutcome], analysed: AnalysedResume
    ) -> JobsOutcome:
        try:
            # Shielded: a board that is slow goes on being asked, its quota is spent already.
            return await asyncio.wait_for(asyncio.shield(search), self._jobs_wait_s)
        except TimeoutError:
            return self._pending_or_given_up(search, analysed)
        except asyncio.CancelledError:
            search.cancel()
            raise

    def _pending_or_given_up(
        self, search: asyncio.Task[JobsOutcome], analysed: AnalysedResume
    ) -> JobsOutcome:
        pending = self._match_jobs.pending(analysed)
        if len(self._late) < self._most_late:
            return pending
        search.cancel()
        return replace(pending, status="unavailable")

    async def _save(
        self,
        analysed: AnalysedResume,
        record_for: RecordFor,
        jobs: JobsOutcome,
        search: asyncio.Task[JobsOutcome],
    ) -> Prediction:
        now = self._clock()
        prediction = Prediction(
            prediction_id=UUID(str(uuid7())),
            user_id=record_for.user_id,
            created_at=now,
            updated_at=now,
            fingerprint=record_for.fingerprint,
            analysis=analysed.analysis,
            jobs=jobs,
        )
        try:
            await self._store.add(
                prediction,
                lines=analysed.lines,
                claim=record_for.claim,
                begun_at=record_for.begun_at,
            )
        except ServiceError:
            search.cancel()
            raise
        if jobs.status == "pending":
            self._save_later(prediction.prediction_id, search)
        return prediction

    async def _renew(
        self,
        analysed: AnalysedResume,
        record_again: RecordAgain,
        jobs: JobsOutcome | None,
        search: asyncio.Task[JobsOutcome] | None,
    ) -> Prediction:
        former = record_again.former
        renewal = Renewal(
            analysis=analysed.analysis,
            fingerprint=record_again.fingerprint,
            jobs=jobs,
            lines=analysed.lines if record_again.with_lines else None,
        )
        try:
            prediction = await self._store.renew(
                former.prediction_id,
                renewal,
                at=self._clock(),
                expected={former.updated_at},
                claim=record_again.claim,
            )
        except ServiceError:
            if search is not None:
                search.cancel()
            raise
        if search is not None and prediction.jobs.status == "pending":
            self._save_later(prediction.prediction_id, search)
        return prediction

    async def _give_up_late(self, prediction_id: UUID) -> None:
        """Jobs of the former analysis shall not come after those of the new one."""
        late = [task for task in self._late if task.get_name() == str(prediction_id)]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _save_later(self, prediction_id: UUID, search: asyncio.Task[JobsOutcome]) -> None:
        task = asyncio.create_task(
            self._record_when_found(prediction_id, search), name=str(prediction_id)
        )
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _record_when_found(
        self, prediction_id: UUID, search: asyncio.Task[JobsOutcome]
    ) -> None:
        try:
            jobs = await search
            if (await self._store.get(prediction_id)).jobs.query != jobs.query:
                return  # Rescored meanwhile, by another process: these are not its jobs any more.
            await self._store.record_jobs(prediction_id, jobs, at=self._clock())
        except ServiceError as failure:
            # Deleted meanwhile, or the database is away: the row keeps what it says.
            log.warning("late jobs of %s not saved: %s", prediction_id, failure.code)
