"""Texts to a remote engine and back: in parts, within a deadline, tried again where that helps."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from ml_service.inference.remote.engine import RemoteEngine, RemoteVectors
from ml_service.inference.remote.failures import RemoteFailure, as_bad_answer, too_slow

Result = TypeVar("Result")

MOST_TEXTS = 32
MOST_CHARACTERS = 500_000
"""Of one request; a text alone may have more."""
AT_ONCE = 4
"""Requests of one call."""
MOST_IN_FLIGHT = 8
_BACKOFF = wait_random_exponential(multiplier=0.1, max=2.0)


@dataclass(frozen=True, slots=True)
class RequestBounds:
    """``timeout_s`` is the longest that ``AT_ONCE`` requests may take with all their tries."""

    timeout_s: float
    max_retries: int


class Requests:
    def __init__(self, engine: RemoteEngine, *, n_dims: int, bounds: RequestBounds) -> None:
        self._engine = engine
        self._n_dims = n_dims
        self._bounds = bounds
        self._in_flight = asyncio.Semaphore(MOST_IN_FLIGHT)
        self.retries = 0

    async def all_of(self, parts: Sequence[Sequence[str]]) -> list[RemoteVectors]:
        """The answers in the order of ``parts``, all or none. Raises RemoteFailure."""
        allowed_s = self._bounds.timeout_s * math.ceil(len(parts) / AT_ONCE)
        ends_at = asyncio.get_running_loop().time() + allowed_s
        own = asyncio.Semaphore(AT_ONCE)

        async def answered(part: Sequence[str]) -> RemoteVectors:
            async with self._turn(own, ends_at), self._turn(self._in_flight, ends_at):
                return await self._tried(part, ends_at)

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(answered(part)) for part in parts]
        except ExceptionGroup as failed:
            # The first one cancelled the others.
            raise failed.exceptions[0] from None
        return [task.result() for task in tasks]

    async def proof(self, texts: Sequence[str]) -> RemoteVectors:
        """What the server says of itself and the vectors of known texts; not queued, tried once.

        Raises RemoteFailure, or whatever odd metadata set off.
        """
        ends_at = asyncio.get_running_loop().time() + self._bounds.timeout_s

        async def asked() -> RemoteVectors:
            await self._engine.learn()
            return await self._embed(texts)

        try:
            async with asyncio.timeout_at(ends_at):
                return await asked()
        except TimeoutError:
            raise too_slow(self._bounds.timeout_s) from None

    async def _embed(self, texts: Sequence[str]) -> RemoteVectors:
        with as_bad_answer():
            return await self._engine.embed(texts, n_dims=self._n_dims)

    async def _tried(self, texts: Sequence[str], ends_at: float) -> RemoteVectors:
        embed = partial(self._embed, texts)
        return await tried(embed, bounds=self._bounds, ends_at=ends_at, count=self._count)

    @asynccontextmanager
    async def _turn(self, slots: asyncio.Semaphore, ends_at: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(ends_at):
                await slots.acquire()
        except TimeoutError:
            # The server may be well: it had no chance to answer this one.
            raise RemoteFailure(
                "overloaded", "Too many requests wait for the remote encoder."
            ) from None
        try:
            yield
        finally:
            slots.release()

    def _count(self, _: RetryCallState) -> None:
        self.retries += 1


async def tried(
    call: Callable[[], Awaitable[Result]],
    *,
    bounds: RequestBounds,
    ends_at: float,
    count: Callable[[RetryCallState], None],
) -> Result:
    """What ``call`` answers, made again where that helps, until ``ends_at`` by the loop's clock.

    Raises RemoteFailure.
    """
    left_s = ends_at - asyncio.get_running_loop().time()
    retrying = AsyncRetrying(
        stop=stop_after_attempt(1 + bounds.max_retries) | stop_before_delay(left_s),
        wait=_pause_s,
        retry=retry_if_exception(_is_passing),
        before_sleep=count,
        reraise=True,
    )
    try:
        async with asyncio.timeout_at(ends_at):
            return await retrying(call)
    except TimeoutError:
        raise too_slow(bounds.timeout_s) from None


def in_parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Runs of texts, each small enough for one request."""
    begin, n_characters = 0, 0
    for at, text in enumerate(texts):
        n_characters += len(text)
        if at > begin and (at - begin == MOST_TEXTS or n_characters > MOST_CHARACTERS):
            yield texts[begin:at]
            begin, n_characters = at, len(text)
    yield texts[begin:]


def _is_passing(failure: BaseException) -> bool:
    return isinstance(failure, RemoteFailure) and failure.passing


def _pause_s(state: RetryCallState) -> float:
    """At least what ``Retry-After`` asks for."""
    failure = state.outcome.exception() if state.outcome is not None else None
    asked_s = failure.retry_after_s if isinstance(failure, RemoteFailure) else None
    return max(asked_s or 0.0, _BACKOFF(state))
