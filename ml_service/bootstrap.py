"""Settings -> running service. The only place where implementations are chosen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from limits.aio.storage import Storage

from ml_service import __version__
from ml_service.analysis.language import language_of
from ml_service.analysis.skills import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.loading import load_model
from ml_service.career.model_shelf import ModelShelf
from ml_service.career.predictor import AnyPredictor
from ml_service.career.transitions.model import FOLDER as NEXT_STEPS
from ml_service.career.transitions.model import NextOccupations
from ml_service.domain.health import Part, SharedLook
from ml_service.domain.ports import IdempotencyKeys, JobSource, PostingIndex, PredictionStore
from ml_service.extraction.extractor import OcrLimits, PooledReader, ReadingLimits
from ml_service.inference.encoder import WARM_UP_TEXT, LocalEncoder
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.job_sources.caching import CachedJobSource
from ml_service.job_sources.importing import ImportAccount, read_postings
from ml_service.job_sources.jsearch import JSearchSource
from ml_service.job_sources.local_index import LocalIndexSource
from ml_service.job_sources.switched_off import SwitchedOff
from ml_service.settings import Settings, settings_without_effect
from ml_service.storage.board_quota import SqlBoardQuotaLog
from ml_service.storage.database import Database
from ml_service.storage.forgetting import forget_remains
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.migrate import migrate
from ml_service.storage.postings import SqlPostingIndex
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.rate_counters import PostgresRateCounters
from ml_service.storage.schema import refuse_missing_file
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.answer_once import AnswerOnce
from ml_service.use_cases.browse_history import BrowseHistory
from ml_service.use_cases.caller import current_caller_may_spend_quota, current_caller_name
from ml_service.use_cases.career_models import CareerModels
from ml_service.use_cases.explain_prediction import ExplainPrediction
from ml_service.use_cases.gather_evidence import GatherEvidence
from ml_service.use_cases.import_postings import ImportPostings
from ml_service.use_cases.match_jobs import MatchJobs
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.record_analysis import RecordAnalysis
from ml_service.use_cases.rescore_prediction import RescorePrediction
from ml_service.use_cases.search_jobs import SearchJobs
from ml_service.use_cases.submit_resume import SubmitResume
from ml_service.use_cases.sweep import Sweep, Sweeper
from ml_service.use_cases.train_model import TrainModel
from ml_service.use_cases.users_records import UsersRecords

log = logging.getLogger(__name__)

EXPLANATIONS_IN_WORK = 2
"""Each keeps the encoder as busy as a good many uploads."""

MOST_OCR_THREADS = 4
"""The processors are not there for one scan alone."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads and predicts, without a database: enough for evaluation."""

    reader: PooledReader
    encoder: LocalEncoder
    models: CareerModels
    catalogue: Catalogue
    next_occupations: NextOccupations
    vocabulary: SkillVocabulary
    analyse_resume: AnalyseResume


@dataclass(frozen=True, slots=True)
class Jobs:
    """The chosen job source, and who says how it is doing; ``board`` is None without one."""

    source: JobSource
    index: PostingIndex
    stated_by: JSearchSource | LocalIndexSource | SwitchedOff
    board: JSearchSource | None = None
    cached: CachedJobSource | None = None

    async def close(self) -> None:
        if self.cached is not None:
            await self.cached.close()
        if self.board is not None:
            await self.board.close()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything the edges call."""

    engine: Engine
    submit_resume: SubmitResume
    upload_permits: Permits
    answer_once: AnswerOnce
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


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def running_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Reader processes, encoder, catalogue and models, loaded and warmed up.

    Raises ModelUnavailable or WeightsMismatch.
    """
    async with AsyncExitStack() as stack:
        with _announced("reading the occupation catalogue"):
            catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
            vocabulary = await asyncio.to_thread(SkillVocabulary, catalogue.technologies())
            next_occupations = await asyncio.to_thread(
                NextOccupations.load, settings.catalogue_dir / NEXT_STEPS, catalogue
            )
        with _announced("loading the encoder"):
            encoder = LocalEncoder(
                lambda: SentenceTransformersEngine(MINILM), model_id=MINILM.model_id
            )
            stack.push_async_callback(encoder.close)
            await encoder.start()
        with _announced(f"loading the career model {settings.default_model}"):
            models = _career_models(settings, catalogue)
            await models.start()
        with _announced("starting the reader processes"):
            reader = PooledReader(
                _limits(settings), workers=settings.parse_workers, ocr=_ocr_limits(settings)
            )
            stack.push_async_callback(reader.close)
            await reader.start()
            await asyncio.to_thread(language_of, [WARM_UP_TEXT])
        analyse_resume = AnalyseResume(
            reader=reader,
            encoder=encoder,
            models=models,
            next_occupations=next_occupations,
            vocabulary=vocabulary,
        )
        yield Engine(
            reader=reader,
            encoder=encoder,
            models=models,
            catalogue=catalogue,
            next_occupations=next_occupations,
            vocabulary=vocabulary,
            analyse_resume=analyse_resume,
        )


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The migrated database. Raises StorageUnavailable."""
    database = Database(settings.resolved_database_url)
    try:
        await database.open()
        with _announced("migrating the database"):
            await migrate(database)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def recorded_history(settings: Settings) -> AsyncIterator[BrowseHistory]:
    """What was recorded, without a model. Raises StorageUnavailable."""
    await asyncio.to_thread(refuse_missing_file, settings.resolved_database_url)
    catalogue = await asyncio.to_thread(Catalogue.load, settings.catalogue_dir)
    async with open_database(settings) as database:
        store = _prediction_store(settings, database)
        yield BrowseHistory(store=store, catalogue=catalogue, clock=utc_now)


@asynccontextmanager
async def running_service(settings: Settings) -> AsyncIterator[Service]:
    """Everything, ready to serve. Raises StorageUnavailable, ModelUnavailable, WeightsMismatch."""
    for name in await asyncio.to_thread(settings_without_effect):
        log.warning("%s is set, but nothing acts on it in this version", name)
    async with (
        open_database(settings) as database,
        running_engine(settings) as engine,
        service_over(engine, database, settings) as service,
    ):
        yield service


@asynccontextmanager
async def service_over(
    engine: Engine, database: Database, settings: Settings
) -> AsyncIterator[Service]:
    """The use cases over an engine and a database that are open already."""
    async with AsyncExitStack() as stack:
        jobs = _choose_jobs(settings, database)
        stack.push_async_callback(jobs.close)
        store = _prediction_store(settings, database)
        keys = SqlIdempotencyKeys(database)
        history = BrowseHistory(store=store, catalogue=engine.catalogue, clock=utc_now)
        sweep = await stack.enter_async_context(_sweeping(settings, database, store, keys))
        match_jobs = _match_jobs(settings, engine, jobs.source)
        record = RecordAnalysis(
            store=store, match_jobs=match_jobs, clock=utc_now, jobs_wait_s=settings.jobs_wait_s
        )
        stack.push_async_callback(record.close)
        permits = Permits(settings.max_uploads_in_work)
        yield Service(
            engine=engine,
            submit_resume=SubmitResume(analyse=engine.analyse_resume, record=record, store=store),
            upload_permits=permits,
            answer_once=AnswerOnce(keys=keys, clock=utc_now),
            history=history,
            users_records=UsersRecords(history=history, store=store, clock=utc_now),
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
            rate_counters=_shared_rate_counters(settings, database),
            parts=SharedLook(lambda: _parts(database, engine, permits, jobs)),
        )


async def _parts(
    database: Database, engine: Engine, permits: Permits, jobs: Jobs
) -> tuple[Part, ...]:
    return (
        await database.part(),
        await _reader_part(engine.reader, permits),
        await engine.encoder.part(),
        await engine.models.part(),
        await jobs.stated_by.part(),
    )


async def _reader_part(reader: PooledReader, permits: Permits) -> Part:
    part = await reader.part()
    uploads = {"uploads_in_work": permits.taken, "max_uploads_in_work": permits.limit}
    return replace(part, detail={**part.detail, **uploads})


@asynccontextmanager
async def _sweeping(
    settings: Settings, database: Database, store: PredictionStore, keys: IdempotencyKeys
) -> AsyncIterator[Sweep]:
    sweep = Sweep(
        store=store,
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


def _prediction_store(settings: Settings, database: Database) -> SqlPredictionStore:
    return SqlPredictionStore(
        database,
        store_text=settings.store_resume_text,
        actor=current_caller_name,
        clock=utc_now,
    )


def _explain_prediction(engine: Engine, store: PredictionStore) -> ExplainPrediction:
    return ExplainPrediction(
        store=store,
        encoder=engine.encoder,
        models=engine.models,
        permits=Permits(EXPLANATIONS_IN_WORK),
    )


@dataclass(frozen=True, slots=True)
class PostingsImported:
    """``skipped`` counts records by the reason for which they were left out."""

    n_read: int
    n_new: int
    skipped: Mapping[str, int]
    warnings: tuple[str, ...]


async def import_posting_file(
    settings: Settings, path: Path, *, progress: Callable[[int], None]
) -> PostingsImported:
    """CSV or JSON into the local index. Raises InvalidRequest naming the line, StorageUnavailable.

    What was read before a line that cannot be followed stays imported.
    """
    account = ImportAccount()
    async with open_database(settings) as database:
        import_postings = ImportPostings(SqlPostingIndex(database, clock=utc_now))
        n_new = await import_postings(read_postings(path, account=account), progress=progress)
    return PostingsImported(
        n_read=account.n_read,
        n_new=n_new,
        skipped=dict(account.skipped),
        warnings=tuple(account.warnings),
    )


def gathering(engine: Engine, settings: Settings) -> GatherEvidence:
    """Labelled resumes into evidence, over an engine that runs."""
    return GatherEvidence(
        reader=engine.reader,
        encoder=engine.encoder,
        vocabulary=engine.vocabulary,
        today=utc_now().date(),
        documents_at_once=settings.parse_workers,
    )


def training(engine: Engine, settings: Settings) -> TrainModel:
    return TrainModel(
        gather=gathering(engine, settings),
        shelf=model_shelf(settings),
        encoder=engine.encoder.ref,
        today=utc_now().date(),
    )


def _career_models(settings: Settings, catalogue: Catalogue) -> CareerModels:
    return CareerModels(
        model_shelf(settings),
        lambda folder: load_model(folder, catalogue),
        default=settings.default_model,
    )


def load_from_shelf(settings: Settings, folder: Path) -> AnyPredictor:
    """As the service would load it. Raises ModelUnavailable or WeightsMismatch."""
    return load_model(folder, Catalogue.load(settings.catalogue_dir))


def model_shelf(settings: Settings) -> ModelShelf:
    """The folder of models, without loading one."""
    return ModelShelf(settings.models_dir)


def _limits(settings: Settings) -> ReadingLimits:
    return ReadingLimits(
        max_pages=settings.max_pages,
        memory_bytes=settings.parse_memory_bytes,
        wall_s=settings.parse_timeout_s,
    )


def _ocr_limits(settings: Settings) -> OcrLimits | None:
    if not settings.ocr:
        return None
    return OcrLimits(
        wall_s=settings.ocr_timeout_s,
        memory_bytes=settings.ocr_memory_bytes,
        threads=min(settings.parse_workers, MOST_OCR_THREADS),
    )


def _choose_jobs(settings: Settings, database: Database) -> Jobs:
    index = SqlPostingIndex(database, clock=utc_now)
    key = settings.rapidapi_key.get_secret_value() if settings.rapidapi_key else ""
    if settings.jobs_provider == "off":
        off = SwitchedOff()
        return Jobs(off, index, stated_by=off)
    if settings.jobs_provider == "local" or not key:
        unkeyed = _unkeyed_source(settings, index)
        return Jobs(unkeyed, index, stated_by=unkeyed)
    board = JSearchSource(
        api_key=key,
        clock=utc_now,
        quota_log=SqlBoardQuotaLog(database),
        base_url=settings.jsearch_base_url,
        rapidapi_host=settings.rapidapi_host,
        default_country=settings.jobs_country,
    )
    cached = CachedJobSource(
        board, SqlJobCache(database), utc_now, may_spend=current_caller_may_spend_quota
    )
    return Jobs(cached, index, stated_by=board, board=board, cached=cached)


def _unkeyed_source(settings: Settings, index: PostingIndex) -> LocalIndexSource | SwitchedOff:
    if settings.jobs_provider == "jsearch":
        return SwitchedOff("JOBS_PROVIDER=jsearch needs a key: set RAPIDAPI_KEY.")
    return LocalIndexSource(index, utc_now)


def _shared_rate_counters(settings: Settings, database: Database) -> Storage | None:
    """None with SQLite: it serves one process, which counts by itself."""
    if settings.resolved_database_url.startswith("postgres"):
        return PostgresRateCounters(database)
    return None


def _match_jobs(settings: Settings, engine: Engine, source: JobSource) -> MatchJobs:
    return MatchJobs(
        source=source,
        encoder=engine.encoder,
        find_skills=engine.vocabulary.names_in,
        country=settings.jobs_country,
    )


@contextmanager
def _announced(step: str) -> Iterator[None]:
    """Say what takes long, and how long it took."""
    log.info("%s ...", step)
    begin = time.perf_counter()
    yield
    log.info("%s: done in %.1f s", step, time.perf_counter() - begin)
