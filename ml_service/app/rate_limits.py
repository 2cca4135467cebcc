"""How often one caller may ask, and the headers that tell him.

Fixed windows: each begins with a caller's first request of a kind and ends after its length. A
caller may so send twice the amount around the end of one; in exchange a request costs one atomic
step in whatever counts. Headers: draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from limits import RateLimitItem
from limits.aio.storage import MemoryStorage, Storage

from ml_service.domain.errors import RateLimited, StorageUnavailable
from ml_service.settings import Settings, parse_rate_limit

LimitClass = Literal["uploads", "jobs", "default"]

SHARED_WAIT_S = 2.0
SHARED_PAUSE_S = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """What one caller has left of one class."""

    limit_class: LimitClass
    limit: RateLimitItem
    n_requests: int
    resets_in_s: int

    @property
    def exceeded(self) -> bool:
        return self.n_requests > self.limit.amount

    @property
    def headers(self) -> dict[str, str]:
        remaining = max(0, self.limit.amount - self.n_requests)
        window_s = self.limit.get_expiry()
        return {
            "RateLimit-Policy": f'"{self.limit_class}";q={self.limit.amount};w={window_s}',
            "RateLimit": f'"{self.limit_class}";r={remaining};t={self.resets_in_s}',
        }

    def refuse_when_exceeded(self) -> None:
        """Raises RateLimited."""
        if self.exceeded:
            raise RateLimited(
                f"Only {self.limit} are served here ({self.limit_class}). "
                f"Try again in {self.resets_in_s} s.",
                retry_after_s=self.resets_in_s,
            )


class RateLimits:
    """Counts in a storage that processes share, and in this process while that one is away.

    A limit so goes on to hold when the database does not answer, for each process on its own.
    """

    def __init__(self, limits: Mapping[LimitClass, RateLimitItem | None]) -> None:
        """``None`` stands for no limit."""
        self._limits = limits
        self._own = MemoryStorage()
        self._shared_away_until = 0.0

    @classmethod
    def of(cls, settings: Settings) -> RateLimits:
        return cls(
            {
                "uploads": parse_rate_limit(settings.rate_limit_uploads),
                "jobs": parse_rate_limit(settings.rate_limit_jobs),
                "default": parse_rate_limit(settings.rate_limit_default),
            }
        )

    async def count(
        self, limit_class: LimitClass, identity: str, *, shared: Storage | None = None
    ) -> Count | None:
        """One more request of this caller; None where the class has no limit."""
        limit = self._limits[limit_class]
        if limit is None:
            return None
        key = limit.key_for(limit_class, identity)
        if shared is not None and time.monotonic() >= self._shared_away_until:
            try:
                async with asyncio.timeout(SHARED_WAIT_S):
                    return await _count(shared, key, limit_class, limit)
            except (StorageUnavailable, TimeoutError):
                self._shared_away_until = time.monotonic() + SHARED_PAUSE_S
                log.warning("shared rate limits cannot be counted; this process counts alone")
        return await _count(self._own, key, limit_class, limit)

    async def count_stranger(self, address_digest: str) -> Count | None:
        """A request of nobody who is known. Counted by this process alone: no database for it."""
        return await self.count("default", f"stranger:{address_digest}")

    async def count_guess(self, address_digest: str) -> Count | None:
        """A request with a key that is none."""
        return await self.count("default", _guesses(address_digest))

    async def guesses(self, address_digest: str) -> Count | None:
        """How the next request of this address would count if it were one more guess.

        Looked at before a key is: who guesses would otherwise learn of a right one as the only
        request that is not refused. Pages of other sites cannot send a key, so that they cannot
        shut out the address of whoever looks at them.
        """
        limit = self._limits["default"]
        if limit is None:
            return None
        key = limit.key_for("default", _guesses(address_digest))
        n_guesses = await self._own.get(key)
        return await _as_count(self._own, key, "default", limit, n_guesses + 1)


def _guesses(address_digest: str) -> str:
    return f"guesses:{address_digest}"


async def _count(
    storage: Storage, key: str, limit_class: LimitClass, limit: RateLimitItem
) -> Count:
    n_requests = await storage.incr(key, limit.get_expiry())
    return await _as_count(storage, key, limit_class, limit, n_requests)


async def _as_count(
    storage: Storage, key: str, limit_class: LimitClass, limit: RateLimitItem, n_requests: int
) -> Count:
    left_s = math.ceil(await storage.get_expiry(key) - time.time())
    resets_in_s = min(max(1, left_s), limit.get_expiry())
    return Count(limit_class, limit, n_requests, resets_in_s=resets_in_s)
