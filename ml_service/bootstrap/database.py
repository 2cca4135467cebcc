"""The database, and what is kept in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from limits.aio.storage import Storage

from ml_service.bootstrap.announcing import announced
from ml_service.bootstrap.clock import utc_now
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.settings import Settings
from ml_service.storage.database import Database
from ml_service.storage.interviews import SqlInterviewStore
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.rate_counters import PostgresRateCounters
from ml_service.storage.schema import refuse_missing_file
from ml_service.use_cases.browse_history import BrowseHistory
from ml_service.use_cases.caller import current_caller_name


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The migrated database. Raises StorageUnavailable."""
    database = Database(settings.resolved_database_url)
    try:
        await database.open()
        with announced("migrating the database"):
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
        store = prediction_store(settings, database)
        yield BrowseHistory(store=store, catalogue=catalogue, clock=utc_now)


def prediction_store(settings: Settings, database: Database) -> SqlPredictionStore:
    return SqlPredictionStore(
        database,
        store_text=settings.store_resume_text,
        actor=current_caller_name,
        clock=utc_now,
    )


def interview_store(settings: Settings, database: Database) -> SqlInterviewStore:
    return SqlInterviewStore(
        database,
        store_text=settings.store_resume_text,
        actor=current_caller_name,
        clock=utc_now,
    )


def shared_rate_counters(settings: Settings, database: Database) -> Storage | None:
    """None with SQLite: it serves one process, which counts by itself."""
    if settings.resolved_database_url.startswith("postgres"):
        return PostgresRateCounters(database)
    return None
