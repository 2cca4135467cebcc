"""Where postings come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.engine import TextEngine
from ml_service.domain.ports import JobSource, PostingIndex
from ml_service.job_sources.caching import CachedJobSource
from ml_service.job_sources.local_index import LocalIndexSource
from ml_service.job_sources.switched_off import SwitchedOff
from ml_service.settings import Settings
from ml_service.storage.board_quota import SqlBoardQuotaLog
from ml_service.storage.database import Database
from ml_service.storage.job_cache import SqlJobCache
from ml_service.storage.postings import SqlPostingIndex
from ml_service.use_cases.caller import current_caller_may_spend_quota
from ml_service.use_cases.match_jobs import MatchJobs

if TYPE_CHECKING:
    from ml_service.job_sources.jsearch import JSearchSource


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


def choose_jobs(settings: Settings, database: Database) -> Jobs:
    index = SqlPostingIndex(database, clock=utc_now)
    key = settings.rapidapi_key.get_secret_value() if settings.rapidapi_key else ""
    if settings.jobs_provider == "off":
        off = SwitchedOff()
        return Jobs(off, index, stated_by=off)
    if settings.jobs_provider == "local" or not key:
        unkeyed = _unkeyed_source(settings, index)
        return Jobs(unkeyed, index, stated_by=unkeyed)
    from ml_service.job_sources.jsearch import JSearchSource  # noqa: PLC0415 - brings an HTTP client

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


def match_jobs_of(settings: Settings, engine: TextEngine, source: JobSource) -> MatchJobs:
    return MatchJobs(
        source=source,
        encoder=engine.encoder,
        find_skills=engine.vocabulary.names_in,
        country=settings.jobs_country,
    )
