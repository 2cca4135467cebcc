"""Everything the edges call, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from limits.aio.storage import Storage

from ml_service import __version__
from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.collecting import left_out_of_collections, nothing_collected
from ml_service.bootstrap.database import (
    interview_store,
    open_database,
    prediction_store,
    shared_rate_counters,
)
from ml_service.bootstrap.engine import Engine, running_engine
from ml_service.bootstrap.hosting import Hosting, running_hosting
from ml_service.bootstrap.intents import Intents, IntentsState, intents_of
from ml_service.bootstrap.interviews import Interviews, running_interviews
from ml_service.bootstrap.jobs import Jobs, choose_jobs, match_jobs_of
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.health import Part, SharedLook
from ml_service.domain.interview_records import InterviewStore
from ml_service.domain.ports import IdempotencyKeys, PredictionStore
from ml_service.extraction.extractor import PooledReader
from ml_service.settings import Settings, settings_without_effect
from ml_service.storage.database import Database
from ml_service.storage.forgetting import forget_remains
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.use_cases.answer_once import AnswerOnce
from ml_service.use_cases.browse_history import BrowseHistory
from ml_service.use_cases.explain_prediction import ExplainPrediction
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.record_analysis import RecordAnalysis
from ml_service.use_cases.rescore_prediction import RescorePrediction
from ml_service.use_cases.search_jobs import SearchJobs
from ml_service.use_cases.submit_resume import SubmitResume
from ml_service.use_cases.sweep import Sweep, Sweeper
from ml_service.use_cases.users_records import UsersRecords

log = logging.getLogger(__name__)

EXPLANATIONS_IN_WORK = 2
"""Each keeps the encoder as busy as a good many uploads."""


@dataclass(frozen=True, slots=True)
class Service:
    """Everything the edges call."""

    engine: Engine
    submit_resume: SubmitResume
    hosting: Hosting
    upload_permits: Permits
    answer_once: AnswerOnce
    interviews: Interviews
    intents: Intents
    history: BrowseHistory
    users_records: UsersRecords
    explain_prediction: ExplainPrediction
    rescore_prediction: RescorePrediction
    sweep: Sweep
    search_jobs: SearchJobs
    catalogue: Catalogue
    jobs_country: str
    version: str
    settings_without_effect: tuple[str, ...]
    database: Database
    jobs: Jobs
    jobs_outcomes: Mapping[str, int]
    rate_counters: Storage | None
    parts: SharedLook


@asynccontextmanager
async def running_service(settings: Settings) -> AsyncIterator[Service]:
    """Everything, ready to serve. Raises StorageUnavailable, ModelUnavailable, WeightsMismatch."""
    for name in await asyncio.to_thread(settings_without_effect):
        log.warning("%s is set, but nothing acts on it in this version", name)
    async with AsyncExitStack() as stack:
        with nothing_collected():
            database = await stack.enter_async_context(open_database(settings))
            engine = await stack.enter_async_context(running_engine(settings))
            service = await stack.enter_async_context(service_over(engine, database, settings))
            stack.enter_context(left_out_of_collections())
        doubt = await engine.models.doubt(engine.encoder.ref) if engine.encoder.ready else None
        if doubt is not None:
            log.warning("%s: its confidence may be off", doubt)
        yield service


@asynccontextmanager
async def service_over(
    engine: Engine, database: Database, settings: Settings
) -> AsyncIterator[Service]:
    """The use cases over an engine and a database that are open already."""
    async with AsyncExitStack() as stack:
        jobs = choose_jobs(settings, database)
        stack.push_async_callback(jobs.close)
        store = prediction_store(settings, database)
        interview_records = interview_store(settings, database)
        keys = SqlIdempotencyKeys(database)
        history = BrowseHistory(store=store, catalogue=engine.catalogue, clock=utc_now)
        sweep = await stack.enter_async_context(
            _sweeping(settings, database, store, interview_records, keys)
        )
        match_jobs = match_jobs_of(settings, engine, jobs.source)
        record = RecordAnalysis(
            store=store, match_jobs=match_jobs, clock=utc_now, jobs_wait_s=settings.jobs_wait_s
        )
        stack.push_async_callback(record.close)
        hosting = await stack.enter_async_context(running_hosting(engine, database, settings))
        interviews = await stack.enter_async_context(
            running_interviews(settings, engine, interview_records)
        )
        intents = intents_of(settings, engine.host, engine.encoder)
        permits = Permits(settings.max_uploads_in_work)
        yield Service(
            engine=engine,
            submit_resume=SubmitResume(
                analyse=engine.analyse_resume,
                record=record,
                store=store,
                watch_arms=hosting.watch_arms,
            ),
            hosting=hosting,
            upload_permits=permits,
            answer_once=AnswerOnce(keys=keys, clock=utc_now),
            interviews=interviews,
            intents=intents,
            history=history,
            users_records=UsersRecords(
                history=history,
                store=store,
                browse_interviews=interviews.browse,
                interviews=interview_records,
                clock=utc_now,
            ),
            explain_prediction=_explain_prediction(engine, store),
            rescore_prediction=RescorePrediction(
                store=store, analyse=engine.analyse_resume, record=record
            ),
            sweep=sweep,
            search_jobs=SearchJobs(jobs.source),
            catalogue=engine.catalogue,
            jobs_country=settings.jobs_country,
            version=__version__,
            settings_without_effect=await asyncio.to_thread(settings_without_effect),
            database=database,
            jobs=jobs,
            jobs_outcomes=match_jobs.outcomes,
            rate_counters=shared_rate_counters(settings, database),
            parts=SharedLook(lambda: _parts(database, engine, permits, jobs, intents.state)),
        )


async def _parts(
    database: Database, engine: Engine, permits: Permits, jobs: Jobs, intents: IntentsState
) -> tuple[Part, ...]:
    return (
        await database.part(),
        await _reader_part(engine.reader, permits),
        await engine.encoder.part(),
        await engine.models.part(),
        await intents.part(),
        await jobs.stated_by.part(),
    )


async def _reader_part(reader: PooledReader, permits: Permits) -> Part:
    part = await reader.part()
    uploads = {"uploads_in_work": permits.taken, "max_uploads_in_work": permits.limit}
    return replace(part, detail={**part.detail, **uploads})


@asynccontextmanager
async def _sweeping(
    settings: Settings,
    database: Database,
    store: PredictionStore,
    interviews: InterviewStore,
    keys: IdempotencyKeys,
) -> AsyncIterator[Sweep]:
    sweep = Sweep(
        store=store,
        interviews=interviews,
        keys=keys,
        forget_remains=lambda: forget_remains(database),
        clock=utc_now,
        retention_days=settings.retention_days,
    )
    await sweep.end_pending_jobs()
    sweeper = Sweeper(sweep)
    sweeper.start()
    try:
        yield sweep
    finally:
        await sweeper.close()


def _explain_prediction(engine: Engine, store: PredictionStore) -> ExplainPrediction:
    return ExplainPrediction(
        store=store,
        encoder=engine.encoder,
        models=engine.models,
        permits=Permits(EXPLANATIONS_IN_WORK),
    )
