"""Answers of job boards, kept across restarts; satisfies the port JobCache."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from ml_service.domain.posting import JobPage
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.serialisation import JOB_PAGE, from_json, to_json
from ml_service.storage.tables import job_cache
from ml_service.storage.upserts import insert_into


class SqlJobCache:
    """Raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_its_end
    async def get(self, key: str, *, now: datetime) -> JobPage | None:
        statement = select(job_cache.c.page_data).where(
            job_cache.c.key == key, job_cache.c.expires_at > now
        )
        async with self._database.reading() as connection:
            page = await connection.scalar(statement)
        return None if page is None else from_json(JOB_PAGE, page)

    @to_its_end
    async def put(self, key: str, page: JobPage, *, expires_at: datetime) -> None:
        """Replaces what the key had, and drops all that had expired when the page was fetched."""
        row = {"key": key, "page_data": to_json(JOB_PAGE, page), "expires_at": expires_at}
        # Two processes that put at once must not wait for each other in a circle.
        expired = (
            select(job_cache.c.key)
            .where(job_cache.c.expires_at <= page.fetched_at)
            .with_for_update(skip_locked=True)
        )
        async with self._database.writing() as connection:
            await connection.execute(delete(job_cache).where(job_cache.c.key.in_(expired)))
            statement = insert_into(connection, job_cache).values(row)
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["key"], set_=row)
            )
