"""What job boards said of their quotas, shared by all processes; satisfies BoardQuotaLog."""

from __future__ import annotations

from sqlalchemy import select

from ml_service.domain.ports import BoardQuota
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.tables import board_quota
from ml_service.storage.upserts import insert_into


class SqlBoardQuotaLog:
    """Raises StorageUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @to_its_end
    async def last(self, provider: str) -> BoardQuota | None:
        statement = select(
            board_quota.c.quota_limit,
            board_quota.c.quota_remaining,
            board_quota.c.quota_resets_at,
            board_quota.c.exhausted_until,
            board_quota.c.observed_at,
        ).where(board_quota.c.provider == provider)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else BoardQuota(*row)

    @to_its_end
    async def note(self, provider: str, quota: BoardQuota) -> None:
        """One statement, so that processes that note at once leave the newest of their rows."""
        row: dict[str, object] = {
            "provider": provider,
            "quota_limit": quota.limit,
            "quota_remaining": quota.remaining,
            "quota_resets_at": quota.resets_at,
            "exhausted_until": quota.exhausted_until,
            "observed_at": quota.observed_at,
        }
        older = board_quota.c.observed_at <= quota.observed_at
        async with self._database.writing() as connection:
            statement = insert_into(connection, board_quota).values(row)
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["provider"], set_=row, where=older)
            )
