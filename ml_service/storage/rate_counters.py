"""How often each caller asked, counted together by all processes of one PostgreSQL.

SQLite serves one process, which counts in its own memory; so its table stays empty.
"""

from __future__ import annotations

import hashlib
import time

from limits.aio.storage import Storage
from sqlalchemy import delete, func, select, text

from ml_service.domain.errors import StorageUnavailable
from ml_service.storage.database import Database, to_its_end
from ml_service.storage.tables import rate_counters

SWEEP_EVERY_S = 60.0
SWEEP_AT_MOST = 1_000

# One statement, so that two processes never both take the last request of a window. The server's
# clock alone counts: those of the processes may differ.
_HIT = text(
    """
    INSERT INTO rate_counters AS kept (key, hits, expires_at)
    VALUES (:key, :amount, extract(epoch FROM clock_timestamp()) + :window_s)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN kept.expires_at <= extract(epoch FROM clock_timestamp())
                    THEN excluded.hits ELSE kept.hits + excluded.hits END,
        expires_at = CASE WHEN kept.expires_at <= extract(epoch FROM clock_timestamp())
                          THEN excluded.expires_at ELSE kept.expires_at END
    RETURNING hits, expires_at - extract(epoch FROM clock_timestamp()) AS left_s
    """
)
_NOW = func.extract("epoch", func.clock_timestamp())


class PostgresRateCounters(Storage):
    """Fixed windows of the library ``limits``. Raises StorageUnavailable.

    Keys are hashed: the table names nobody. When a window of this process ends is remembered, so
    that a hit is one statement.
    """

    STORAGE_SCHEME: list[str] | None = ["ml-service-postgres"]  # noqa: RUF012 - the library's registry reads it

    def __init__(self, database: Database, *, sweep_every_s: float = SWEEP_EVERY_S) -> None:
        super().__init__()
        self._database = database
        self._ends: dict[str, float] = {}
        self._sweep_every_s = sweep_every_s
        self._next_sweep = time.monotonic() + sweep_every_s

    @property
    def base_exceptions(self) -> type[Exception]:
        return StorageUnavailable

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Hits in the window of ``expiry`` seconds that the first of them began."""
        hits, left_s = await self._hit(_hashed(key), window_s=expiry, amount=amount)
        self._ends[key] = time.time() + left_s
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + self._sweep_every_s
            await self._sweep()
        return hits

    @to_its_end
    async def _hit(self, key: str, *, window_s: float, amount: int) -> tuple[int, float]:
        values = {"key": key, "amount": amount, "window_s": float(window_s)}
        async with self._database.writing() as connection:
            row = (await connection.execute(_HIT, values)).one()
        return int(row.hits), float(row.left_s)

    async def _sweep(self) -> None:
        now = time.time()
        self._ends = {key: end for key, end in self._ends.items() if end > now}
        await self._drop_expired()

    @to_its_end
    async def _drop_expired(self) -> None:
        """Not those that somebody counts in at this moment: they would wait for each other."""
        expired = (
            select(rate_counters.c.key)
            .where(rate_counters.c.expires_at <= _NOW)
            .limit(SWEEP_AT_MOST)
            .with_for_update(skip_locked=True)
        )
        async with self._database.writing() as connection:
            await connection.execute(delete(rate_counters).where(rate_counters.c.key.in_(expired)))

    @to_its_end
    async def get(self, key: str) -> int:
        """Hits so far, 0 where no window is open."""
        statement = select(rate_counters.c.hits).where(
            rate_counters.c.key == _hashed(key), rate_counters.c.expires_at > _NOW
        )
        async with self._database.reading() as connection:
            return await connection.scalar(statement) or 0

    async def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds of this process's clock since 1970."""
        known = self._ends.get(key)
        return known if known is not None else time.time() + await self._left_s(_hashed(key))

    @to_its_end
    async def _left_s(self, key: str) -> float:
        statement = select(rate_counters.c.expires_at - _NOW).where(rate_counters.c.key == key)
        async with self._database.reading() as connection:
            return max(0.0, float(await connection.scalar(statement) or 0.0))

    async def check(self) -> bool:
        try:
            await self._database.ping()
        except StorageUnavailable:
            return False
        return True

    @to_its_end
    async def reset(self) -> int | None:
        """Forget all windows; returns how many."""
        self._ends.clear()
        async with self._database.writing() as connection:
            return (await connection.execute(delete(rate_counters))).rowcount

    @to_its_end
    async def clear(self, key: str) -> None:
        self._ends.pop(key, None)
        statement = delete(rate_counters).where(rate_counters.c.key == _hashed(key))
        async with self._database.writing() as connection:
            await connection.execute(statement)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
