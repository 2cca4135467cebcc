"""What is left of a job board's quota: read from its answers, remembered for every process."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ml_service.domain.errors import JobsQuotaExhausted, StorageUnavailable
from ml_service.domain.health import Part
from ml_service.domain.ports import BoardQuota, BoardQuotaLog, Clock

MAX_PAUSE_S = 900
MAX_RESET_S = 400 * 24 * 3600
MAX_COUNT = 2_147_483_647

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SaidOfQuota:
    """By the headers of one answer; None where they say nothing."""

    limit: int | None
    remaining: int | None
    reset_s: int | None

    @property
    def nothing(self) -> bool:
        return self.limit is None and self.remaining is None and self.reset_s is None


def said_of_quota(headers: Mapping[str, str]) -> SaidOfQuota:
    """``headers`` are looked up in lower case. Source: RapidAPI, response headers."""
    limit, remaining, reset_s = (
        _count(headers.get(f"x-ratelimit-requests-{name}", ""))
        for name in ("limit", "remaining", "reset")
    )
    known = reset_s is not None and 0 < reset_s <= MAX_RESET_S
    return SaidOfQuota(limit, remaining, reset_s if known else None)


def _count(value: str) -> int | None:
    text = value.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        return None
    return min(int(text), MAX_COUNT)


class QuotaMemory:
    """A board whose quota is used up is left alone until it comes back.

    Where that is far away or unknown it is asked again after 15 minutes: plans are changed. While
    the database is away, what this process saw itself counts.
    """

    def __init__(self, quota_log: BoardQuotaLog, clock: Clock, *, provider: str) -> None:
        self._log = quota_log
        self._clock = clock
        self._provider = provider
        self._seen_here: BoardQuota | None = None

    async def last(self) -> BoardQuota | None:
        """None until an answer said something about it."""
        try:
            return await self._log.last(self._provider)
        except StorageUnavailable:
            return self._seen_here

    async def part(self) -> Part:
        detail: dict[str, str | int | None] = {"provider": self._provider}
        quota = await self.last()
        if quota is not None:
            detail |= {
                "quota_limit": quota.limit,
                "quota_remaining": quota.remaining,
                "quota_resets_at": _written(quota.resets_at),
                "quota_observed_at": _written(quota.observed_at),
                "quota_exhausted_until": _written(quota.exhausted_until),
            }
        return Part("jobs", "ready", needed=False, detail=detail)

    async def refuse_while_exhausted(self) -> None:
        """Raises JobsQuotaExhausted with the seconds until the quota comes back."""
        quota, now = await self.last(), self._clock()
        if quota is None or quota.exhausted_until is None or now >= quota.exhausted_until:
            return
        raise _exhausted(quota, now)

    async def note(self, said: SaidOfQuota) -> None:
        """After any answer. The last request of a plan is answered too: with nothing remaining."""
        if not said.nothing:
            await self._keep(self._read(said))

    async def note_served(self, said: SaidOfQuota) -> None:
        """After a page: a board that gives one need not be left alone, whatever was known."""
        known = await self.last()
        if said.nothing and known is not None and known.exhausted_until is not None:
            await self._keep(replace(known, exhausted_until=None, observed_at=self._clock()))
        await self.note(said)

    async def note_exhausted(self, said: SaidOfQuota) -> JobsQuotaExhausted:
        """After a refusal for want of quota; what to raise. An earlier answer may know more."""
        quota, known = self._read(replace(said, remaining=0)), await self.last()
        if known is not None:
            still_ahead = known.resets_at is not None and known.resets_at > quota.observed_at
            resets_at = quota.resets_at or (known.resets_at if still_ahead else None)
            quota = replace(
                quota,
                limit=quota.limit if quota.limit is not None else known.limit,
                resets_at=resets_at,
                exhausted_until=_left_alone_until(resets_at, quota.observed_at),
            )
        await self._keep(quota)
        return _exhausted(quota, quota.observed_at)

    def _read(self, said: SaidOfQuota) -> BoardQuota:
        now = self._clock()
        resets_at = None if said.reset_s is None else now + timedelta(seconds=said.reset_s)
        used_up = said.remaining == 0
        return BoardQuota(
            limit=said.limit,
            remaining=said.remaining,
            resets_at=resets_at,
            exhausted_until=_left_alone_until(resets_at, now) if used_up else None,
            observed_at=now,
        )

    async def _keep(self, quota: BoardQuota) -> None:
        self._seen_here = quota
        try:
            await self._log.note(self._provider, quota)
        except StorageUnavailable:
            log.warning("the quota of %s could not be noted", self._provider)


def _left_alone_until(resets_at: datetime | None, now: datetime) -> datetime:
    at_most = now + timedelta(seconds=MAX_PAUSE_S)
    return at_most if resets_at is None else min(resets_at, at_most)


def _exhausted(quota: BoardQuota, now: datetime) -> JobsQuotaExhausted:
    until = quota.resets_at or quota.exhausted_until
    if until is None or until <= now:
        return JobsQuotaExhausted()
    return JobsQuotaExhausted(retry_after_s=math.ceil((until - now).total_seconds()))


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
