"""Settings -> running service. The only place where implementations are chosen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ml_service import __version__
from ml_service.analysis.language import language_of
from ml_service.analysis.skills import SkillVocabulary
from ml_service.career.model import CareerModel
from ml_service.career.occupations import Catalogue
from ml_service.domain.errors import ServiceError
from ml_service.domain.ports import JobSource, PostingIndex
from ml_service.extraction.extractor import PooledReader, ReadingLimits
from ml_service.inference.encoder import WARM_UP_TEXT, LocalEncoder
from ml_service.inference.engines.sentence_transformers import SentenceTransformersEngine
from ml_service.inference.weights import MINILM
from ml_service.job_sources.caching import CachedJobSource
from ml_service.job_sources.importing import ImportAccount, read_postings
from ml_service.job_sources.jsearch import JSearchSource
from ml_service.job_sources.local_index import LocalIndexSource
from ml_service.job_sources.switched_off import SwitchedOff
from ml_service.settings import Settings, settings_without_effect
from ml_service.storage.database import Database
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.migrate import migrate
from ml_service.storage.postings import SqlPostingIndex
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.use_cases.analyse_resume import AnalyseResume
from ml_service.use_cases.browse_history import BrowseHistory
from ml_service.use_cases.caller import current_caller
from ml_service.use_cases.import_postings import ImportPostings
from ml_service.use_cases.match_jobs import MatchJobs
from ml_service.use_cases.permits import Permits
from ml_service.use_cases.record_analysis import RecordAnalysis
from ml_service.use_cases.search_jobs import SearchJobs
from ml_service.use_cases.submit_resume import SubmitResume

log = logging.getLogger(__name__)

PartState = Literal["ready", "not_ready", "not_configured"]
Detail = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Part:
    """The state of one part, for /health."""

    name: str
    state: PartState
    needed: bool
    detail: Detail = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads and predicts, without a database: enough for evaluation."""

    reader: PooledReader
    encoder: LocalEncoder
    models: Mapping[str, CareerModel]
    catalogue: Catalogue
    vocabulary: SkillVocabulary
    analyse_resume: AnalyseResume


@dataclass(frozen=True, slots=True)
class Jobs:
    """The chosen job source; ``board`` is None where postings come from the imported index."""

    source: JobSource
    index: PostingIndex
    board: JSearchSource | None
    cached: CachedJobSource | None

    async def part(self) -> Part:
        if self.board is not None:
            return Part("jobs", "ready", needed=False, detail=_quota_detail(self.board))
        if self.source.provider == SwitchedOff.provider:
            return Part("jobs", "not_configured", needed=False, detail={"provider": "off"})
        n_postings = await self.index.count()
        detail: Detail = {"provider": self.source.provider, "postings": n_postings}
        return Part(
            "jobs", "ready" if n_postings else "not_configured", needed=False, detail=detail
        )

    async def close(self) -> None:
        if self.cached is not None:
            await self.cached.close()
        if self.board is not None:
            await self.board.close()


def _quota_detail(board: JSearchSource) -> Detail:
    quota = board.quota
    if quota is None:
        return {"provider": board.provider}
    resets_at = None if quota.resets_at is None else quota.resets_at.isoformat()
    return {
        "provider": board.provider,
        "quota_limit": quota.limit,
        "quota_remaining": quota.remaining,
        "quota_resets_at": resets_at,
    }


@dataclass(frozen=True, slots=True)
class Service:
    """Everything the edges call."""

    engine: Engine
    submit_resume: SubmitResume
    history: BrowseHistory
    search_jobs: SearchJobs
    catalogue: Catalogue
    jobs_country: str
    version: str
    settings_without_effect: tuple[str, ...]
    database: Database
    jobs: Jobs

    async def parts(self) -> tuple[Part, ...]:
        return (
            await self._database_part(),
            _reader_part(self.engine.reader),
            _encoder_part(self.engine.encoder),
            _models_part(self.engine.models),
            await self.jobs.part(),
        )

    async def _database_part(self) -> Part:
        try:
            await self.database.ping()
        except ServiceError:
            return Part("database", "not_ready", needed=True)
        return Part("database", "ready", needed=True)


def _reader_part(reader: PooledReader) -> Part:
    status = reader.status
    detail = {"workers": status.workers, "busy": status.busy, "replaced": status.replaced}
    return Part("reader", "ready", needed=True, detail=detail)


def _encoder_part(encoder: LocalEncoder) -> Part:
    if not encoder.ready:
        return Part("encoder", "not_ready", needed=True, detail={"missing": MINILM.model_id})
    ref = encoder.ref
    detail = {
        "model_id": ref.model_id,
        "revision": ref.revision,
        "precision": ref.precision,
        "engine": ref.engine,
    }
    return Part("encoder", "ready", needed=True, detail=detail)


def _models_part(models: Mapping[str, CareerModel]) -> Part:
    return Part(
        "career_models",
        "ready",
        needed=True,
        detail={model_id: model.ref.revision for model_id, model in models.items()},
    )


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
        with _announced("loading the encoder"):
            encoder = LocalEncoder(lambda: SentenceTransformersEngine(MINILM))
            stack.push_async_callback(encoder.close)
            await encoder.start()
        with _announced(f"loading the career model {settings.default_model}"):
            models = await asyncio.to_thread(_load_models, settings, catalogue)
        with _announced("starting the reader processes"):
            reader = PooledReader(_limits(settings), workers=settings.parse_workers)
            stack.push_async_callback(reader.close)
            await reader.start()
            await asyncio.to_thread(language_of, [WARM_UP_TEXT])
        analyse_resume = AnalyseResume(
            reader=reader,
            encoder=encoder,
            models=models,
            default_model=settings.default_model,
            catalogue=catalogue,
            vocabulary=vocabulary,
            permits=Permits(settings.max_uploads_in_work),
        )
        yield Engine(reader, encoder, models, catalogue, vocabulary, analyse_resume)


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
async def running_service(settings: Settings) -> AsyncIterator[Service]:
    """Everything, ready to serve. Raises StorageUnavailable, ModelUnavailable, WeightsMismatch."""
    for name in settings_without_effect():
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
        store = SqlPredictionStore(
            database, store_text=settings.store_resume_text, actor=current_caller
        )
        await store.end_pending_jobs(at=utc_now())
        record = RecordAnalysis(
            store=store,
            match_jobs=_match_jobs(settings, engine, jobs.source),
            clock=utc_now,
            jobs_wait_s=settings.jobs_wait_s,
        )
        stack.push_async_callback(record.close)
        yield Service(
            engine=engine,
            submit_resume=SubmitResume(analyse=engine.analyse_resume, record=record, store=store),
            history=BrowseHistory(store=store, catalogue=engine.catalogue, clock=utc_now),
            search_jobs=SearchJobs(jobs.source),
            catalogue=engine.catalogue,
            jobs_country=settings.jobs_country,
            version=__version__,
            settings_without_effect=settings_without_effect(),
            database=database,
            jobs=jobs,
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
        import_postings = ImportPostings(SqlPostingIndex(database))
        n_new = await import_postings(read_postings(path, account=account), progress=progress)
    return PostingsImported(
        n_read=account.n_read,
        n_new=n_new,
        skipped=dict(account.skipped),
        warnings=tuple(account.warnings),
    )


def _load_models(settings: Settings, catalogue: Catalogue) -> dict[str, CareerModel]:
    folder = settings.models_dir / settings.default_model
    return {settings.default_model: CareerModel.load(folder, catalogue)}


def _limits(settings: Settings) -> ReadingLimits:
    return ReadingLimits(
        max_pages=settings.max_pages,
        memory_bytes=settings.parse_memory_bytes,
        wall_s=settings.parse_timeout_s,
    )


def _choose_jobs(settings: Settings, database: Database) -> Jobs:
    index = SqlPostingIndex(database)
    key = settings.rapidapi_key.get_secret_value() if settings.rapidapi_key else ""
    if settings.jobs_provider == "off":
        return Jobs(SwitchedOff(), index, board=None, cached=None)
    if settings.jobs_provider == "local" or not key:
        return Jobs(_unkeyed_source(settings, index), index, board=None, cached=None)
    board = JSearchSource(
        api_key=key,
        clock=utc_now,
        base_url=settings.jsearch_base_url,
        rapidapi_host=settings.rapidapi_host,
        default_country=settings.jobs_country,
    )
    cached = CachedJobSource(board, SqlJobCache(database), utc_now)
    return Jobs(cached, index, board=board, cached=cached)


def _unkeyed_source(settings: Settings, index: PostingIndex) -> JobSource:
    if settings.jobs_provider == "jsearch":
        return SwitchedOff("JOBS_PROVIDER=jsearch needs a key: set RAPIDAPI_KEY.")
    return LocalIndexSource(index, utc_now)


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
