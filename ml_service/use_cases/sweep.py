"""What has to be done although nobody asks: forget what is too old, end what nobody will end."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from ml_service.domain.errors import ServiceError
from ml_service.domain.interview_records import InterviewStore
from ml_service.domain.ports import Clock, IdempotencyKeys, PredictionStore
from ml_service.domain.unexpected import where_it_happened

log = logging.getLogger(__name__)

PENDING_FOR = timedelta(minutes=3)
"""A board is given 45 s: after this, the process that waited for it is gone."""

ERASURE_KNOWN_FOR = timedelta(hours=1)
"""No upload is in work for so long."""

ERASED_AT_ONCE = 100
PAUSE_S = 0.05
"""Between two batches, so that uploads get their turn to write."""

MOST_STEPS = 1_000
"""Of forgetting at one time; what is left is gone on with at the next."""

FIRST_AFTER_S = 2.0
EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each; None where it failed and is left to the next time."""

    jobs_ended: int | None
    predictions_expired: int | None
    interviews_expired: int | None
    keys_forgotten: int | None
    erasures_forgotten: int | None
    steps_of_forgetting: int | None


ForgetRemains = Callable[[], Awaitable[bool]]
"""One short step of removing what deleted records left in an index; false while more is needed."""


class Sweep:
    """Several processes may sweep one database at once."""

    def __init__(
        self,
        *,
        store: PredictionStore,
        interviews: InterviewStore,
        keys: IdempotencyKeys,
        forget_remains: ForgetRemains,
        clock: Clock,
        retention_days: int | None,
    ) -> None:
        """``retention_days`` None keeps predictions and interviews for ever."""
        self._store = store
        self._interviews = interviews
        self._keys = keys
        self._forget_remains = forget_remains
        self._clock = clock
        self._retention_days = retention_days

    async def __call__(self) -> Swept:
        """Each chore on its own: one that fails keeps no other from being done."""
        swept = Swept(
            jobs_ended=await _tried("pending jobs ended", self.end_pending_jobs),
            predictions_expired=await _tried("predictions expired", self._expire_predictions),
            interviews_expired=await _tried("interviews expired", self._expire_interviews),
            keys_forgotten=await _tried("idempotency keys forgotten", self._forget_keys),
            erasures_forgotten=await _tried("erasures forgotten", self._forget_erasures),
            steps_of_forgetting=await _tried("steps of forgetting done", self._forget),
        )
        _log_swept(asdict(swept))
        return swept

    async def end_pending_jobs(self) -> int:
        """Those of processes that are gone; others may still wait for theirs.

        Raises StorageUnavailable.
        """
        now = self._clock()
        return await self._store.end_pending_jobs(created_before=now - PENDING_FOR, at=now)

    async def _expire_predictions(self) -> int:
        return await self._expire(self._store)

    async def _expire_interviews(self) -> int:
        return await self._expire(self._interviews)

    async def _expire(self, store: PredictionStore | InterviewStore) -> int:
        if self._retention_days is None:
            return 0
        moment = self._clock() - timedelta(days=self._retention_days)
        n_expired = 0
        while n := await store.erase_created_before(moment, limit=ERASED_AT_ONCE):
            n_expired += n
            await asyncio.sleep(PAUSE_S)
        return n_expired

    async def _forget_keys(self) -> int:
        return await self._keys.forget_expired(now=self._clock())

    async def _forget_erasures(self) -> int:
        return await self._store.forget_erasures(before=self._clock() - ERASURE_KNOWN_FOR)

    async def _forget(self) -> int:
        for n_steps in range(MOST_STEPS):
            if await self._forget_remains():
                return n_steps
            await asyncio.sleep(PAUSE_S)
        return MOST_STEPS


async def _tried(what: str, chore: Callable[[], Awaitable[int]]) -> int | None:
    try:
        return await chore()
    except ServiceError as failure:
        log.warning("sweep: no %s: %s", what, failure.code)
        return None


def _log_swept(counts: dict[str, int | None]) -> None:
    """One line, and none where there was nothing to do."""
    done = {name: count for name, count in counts.items() if count}
    if done:
        said = ", ".join(f"{name} {count}" for name, count in done.items())
        log.info("sweep: %s", said, extra={"fields": done})


class Sweeper:
    """Sweeps now and then, from ``start`` until ``close``."""

    def __init__(
        self,
        sweep: Callable[[], Awaitable[object]],
        *,
        first_after_s: float = FIRST_AFTER_S,
        every_s: float = EVERY_S,
    ) -> None:
        self._sweep = sweep
        self._first_after_s = first_after_s
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """What is being written is written to its end. Safe without ``start``."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        await asyncio.sleep(_about(self._first_after_s))
        while True:
            try:
                await self._sweep()
            except Exception as error:  # noqa: BLE001 - nobody waits for it: said here, tried again
                log.error("sweep: unexpected %s", where_it_happened(error))
            await asyncio.sleep(_about(self._every_s))


def _about(seconds: float) -> float:
    """Processes that were started together do not stay in step."""
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
