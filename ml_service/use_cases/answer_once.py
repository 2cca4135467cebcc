"""One request, one answer: who sends it again with its key is given the first answer again."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from ml_service.domain.errors import KeyInUse, StorageUnavailable
from ml_service.domain.ports import Claim, Clock, IdempotencyKeys, KeptAnswer

log = logging.getLogger(__name__)

HELD_FOR = timedelta(seconds=30)
"""A key whose process died is free again after this."""

RENEW_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """``key`` names one request of one caller, ``fingerprint`` says what it asks for."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """``text`` is the whole answer as its edge writes it; it goes when the record goes: the
    prediction or interview that it is about.
    """

    record_id: UUID
    text: str


Give = Callable[[Claim], Awaitable[GivenAnswer]]
GiveAgain = Callable[[UUID], Awaitable[GivenAnswer]]


class AnswerOnce:
    def __init__(
        self, *, keys: IdempotencyKeys, clock: Clock, renew_every_s: float = RENEW_EVERY_S
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._renew_every_s = renew_every_s

    async def __call__(
        self, request: KeyedRequest, give: Give, *, give_again: GiveAgain
    ) -> tuple[GivenAnswer, bool]:
        """The answer, and whether it was given before.

        ``give`` does the work and saves it together with the claim. ``give_again`` answers for a
        process that died between saving and answering. A request that fails or is cancelled
        leaves its key free. Raises KeyInUse, KeyReused, and what ``give`` raises.
        """
        now = self._clock()
        held = await self._keys.claim(
            request.key, fingerprint=request.fingerprint, now=now, held_until=now + HELD_FOR
        )
        if isinstance(held, Claim):
            return await self._first(held, give), False
        return await _again(held, give_again), True

    async def _first(self, claim: Claim, give: Give) -> GivenAnswer:
        try:
            async with self._renewed(claim):
                answer = await give(claim)
        except BaseException:
            await self._release(claim)
            raise
        await self._keep(claim, answer)
        return answer

    async def _keep(self, claim: Claim, answer: GivenAnswer) -> None:
        """The work is done and saved: who asked is told so, whatever becomes of this.

        ``give_again`` then answers who asks again; a key that nothing was noted of is free.
        """
        try:
            await self._keys.keep(claim, record_id=answer.record_id, body=answer.text)
        except StorageUnavailable:
            log.warning("the answer to a key could not be kept; it was given all the same")
            await self._release(claim)

    @asynccontextmanager
    async def _renewed(self, claim: Claim) -> AsyncIterator[None]:
        renewal = asyncio.create_task(self._renew(claim))
        try:
            yield
        finally:
            renewal.cancel()
            await asyncio.wait([renewal])

    async def _renew(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self._renew_every_s)
            try:
                claim = await self._keys.renew(claim, held_until=self._clock() + HELD_FOR)
            except KeyInUse:
                return  # It was lost, or the work is saved: what saves it will tell.
            except StorageUnavailable:
                log.warning("a claim could not be renewed; it is tried again")

    async def _release(self, claim: Claim) -> None:
        """A key that cannot be given back runs out by itself."""
        with suppress(StorageUnavailable):
            await self._keys.release(claim)


async def _again(kept: KeptAnswer, give_again: GiveAgain) -> GivenAnswer:
    if kept.body is None:
        return await give_again(kept.record_id)
    return GivenAnswer(record_id=kept.record_id, text=kept.body)


def digest_of(*parts: str | bool | None) -> str:
    """sha256 over parts in their order; None differs from an empty text."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
