"""The JSearch job board over HTTP: bounded in time and bytes, and sparing with its quota.

Every attempt is charged. A second one is made only for a burst limit, a connection that never
came about, and 502 to 504. Source: vendor documentation at OpenWeb Ninja and RapidAPI.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from ml_service.domain.errors import JobsError, JobsUnavailable
from ml_service.domain.health import Part
from ml_service.domain.ports import BoardQuotaLog, Clock
from ml_service.domain.posting import JobPage, JobQuery
from ml_service.job_sources.bounded_body import BodyTooLarge, BodyUnreadable, read_at_most
from ml_service.job_sources.field_values import storable
from ml_service.job_sources.jsearch_answers import (
    PROVIDER,
    UNREADABLE,
    Answer,
    error_message,
    read_answer,
)
from ml_service.job_sources.quota import QuotaMemory, SaidOfQuota, said_of_quota

BASE_URL = "https://jsearch.p.rapidapi.com"
RAPIDAPI_HOST = "jsearch.p.rapidapi.com"
VENDOR_DOMAIN = "openwebninja.com"
SEARCH_PATH = "/search-v2"
JOBS_PER_PAGE = 10
MAX_PAGES = 10
MAX_BODY_BYTES = 4_000_000
MAX_ERROR_BYTES = 16_000
BURST_PAUSE_S = (1.0, 1.2)
RETRY_PAUSE_S = (0.2, 0.8)
MAX_CALLS_IN_FLIGHT = 8
MAX_SEARCHES_WAITING = 32

REFUSALS = {
    401: "The job board refused the key. Check RAPIDAPI_KEY.",
    403: "The job board refused the key. Check RAPIDAPI_KEY and its subscription to JSearch.",
    404: "The job board does not know this address. Check JSEARCH_BASE_URL.",
    400: "The job board did not accept this search.",
    422: "The job board did not accept this search.",
    429: "The job board is asked too often at this moment. Try again shortly.",
}
NO_ANSWER = "The job board could not be reached. Try again later."
BUSY = "Too many job searches are under way at this moment. Try again shortly."
TOO_SLOW = "The job board took too long to answer. Try again later."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """``deadline_s`` ends a search with all its attempts; the gateway itself gives up at 30 s."""

    connect_s: float = 5.0
    read_s: float = 30.0
    deadline_s: float = 45.0


DEFAULT_TIMEOUTS = Timeouts()


class _WorthOneRetry(Exception):
    def __init__(self, error: JobsError, pause_s: tuple[float, float]) -> None:
        super().__init__(error.message)
        self.error = error
        self.pause_s = pause_s


class JSearchSource:
    """A job source that owns its connections: call ``close`` at the end.

    A page holds what the board gives, ten postings for every ten of ``limit`` begun;
    CachedJobSource cuts it to size. Two to ten such pages are charged as two requests.
    """

    provider = PROVIDER

    def __init__(
        self,
        *,
        api_key: str,
        clock: Clock,
        quota_log: BoardQuotaLog,
        base_url: str = BASE_URL,
        rapidapi_host: str = RAPIDAPI_HOST,
        default_country: str = "us",
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Raises ValueError for a key that no header can hold."""
        self._url = base_url.rstrip("/") + SEARCH_PATH
        self._clock = clock
        self._default_country = default_country
        self._deadline_s = timeouts.deadline_s
        self._sleep = sleep
        self._quota = QuotaMemory(quota_log, clock, provider=PROVIDER)
        self._in_flight = asyncio.Semaphore(MAX_CALLS_IN_FLIGHT)
        self._n_waiting = 0
        self._client = httpx.AsyncClient(
            headers=_headers(api_key, base_url=base_url, rapidapi_host=rapidapi_host),
            timeout=httpx.Timeout(timeouts.read_s, connect=timeouts.connect_s),
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        return f"JSearchSource({self._url!r})"

    async def part(self) -> Part:
        return await self._quota.part()

    async def close(self) -> None:
        await self._client.aclose()

    async def search(self, query: JobQuery) -> JobPage:
        """Raises JobsUnavailable or JobsQuotaExhausted."""
        try:
            async with asyncio.timeout(self._deadline_s), self._turn():
                await self._quota.refuse_while_exhausted()
                answer = await self._answer(_params(query, self._default_country))
        except TimeoutError as error:
            raise JobsUnavailable(TOO_SLOW) from error
        # The board can leave out what is not remote, but not what is.
        postings = [p for p in answer.postings if query.remote is not False or not p.remote]
        return JobPage(
            postings=tuple(postings),
            provider=self.provider,
            fetched_at=self._clock(),
            next_cursor=answer.cursor,
        )

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """A board that is slow must not gather callers without end."""
        if self._n_waiting >= MAX_SEARCHES_WAITING:
            raise JobsUnavailable(BUSY)
        self._n_waiting += 1
        try:
            await self._in_flight.acquire()
        finally:
            self._n_waiting -= 1
        try:
            yield
        finally:
            self._in_flight.release()

    async def _answer(self, params: dict[str, str]) -> Answer:
        try:
            return await self._attempt(params)
        except _WorthOneRetry as first:
            log.info("job board asked a second time: %s", first)
            await self._sleep(random.uniform(*first.pause_s))  # noqa: S311 - jitter, no secret
        try:
            return await self._attempt(params)
        except _WorthOneRetry as second:
            raise second.error from second

    async def _attempt(self, params: dict[str, str]) -> Answer:
        """One request. Foreign exceptions end here; their words do not reach a caller."""
        try:
            async with self._client.stream("GET", self._url, params=params) as response:
                said = said_of_quota(response.headers)
                if response.status_code != httpx.codes.OK:
                    raise await self._refusal(response, said)
                await self._quota.note_served(said)
                return read_answer(await _json_body(response))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _WorthOneRetry(JobsUnavailable(NO_ANSWER), RETRY_PAUSE_S) from error
        except httpx.TimeoutException as error:
            raise JobsUnavailable(TOO_SLOW) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise JobsUnavailable(NO_ANSWER) from error

    async def _refusal(
        self, response: httpx.Response, said: SaidOfQuota
    ) -> JobsError | _WorthOneRetry:
        status = response.status_code
        log.warning("job board answered %d", status)
        if status == httpx.codes.TOO_MANY_REQUESTS and _is_quota(
            await _error_message(response), said
        ):
            return await self._quota.note_exhausted(said)
        await self._quota.note(said)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return _WorthOneRetry(JobsUnavailable(REFUSALS[status]), BURST_PAUSE_S)
        if status in {502, 503, 504}:
            return _WorthOneRetry(JobsUnavailable(), RETRY_PAUSE_S)
        return JobsUnavailable(REFUSALS.get(status))


def _is_quota(message: str, said: SaidOfQuota) -> bool:
    """Two kinds of 429 differ by a word; without any words, by what the headers count."""
    return "quota" in message.lower() if message else said.remaining == 0


def _headers(api_key: str, *, base_url: str, rapidapi_host: str) -> dict[str, str]:
    """The vendor's own address and the gateway want the key under different names."""
    key = api_key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("The key of the job board is empty or holds characters that no key has.")
    shared = {"accept": "application/json", "accept-encoding": "gzip"}
    host = urlsplit(base_url).hostname or ""
    if host == VENDOR_DOMAIN or host.endswith(f".{VENDOR_DOMAIN}"):
        return {"x-api-key": key, **shared}
    return {"X-RapidAPI-Key": key, "X-RapidAPI-Host": rapidapi_host, **shared}


def _params(query: JobQuery, default_country: str) -> dict[str, str]:
    words = " ".join(storable(query.query).split())
    place = " ".join(storable(query.location or "").split())
    params = {
        "query": f"{words} in {place}" if place else words,
        "country": (query.country or default_country).lower(),
        "date_posted": query.date_posted,
        "num_pages": str(min(MAX_PAGES, max(1, math.ceil(query.limit / JOBS_PER_PAGE)))),
    }
    if query.remote:
        params["work_from_home"] = "true"
    if query.employment_types:
        params["employment_types"] = ",".join(query.employment_types)
    if query.cursor:
        params["cursor"] = query.cursor
    return params


async def _json_body(response: httpx.Response) -> bytes:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise JobsUnavailable(UNREADABLE)
    try:
        return await read_at_most(response, MAX_BODY_BYTES)
    except (BodyTooLarge, BodyUnreadable) as error:
        raise JobsUnavailable(UNREADABLE) from error


async def _error_message(response: httpx.Response) -> str:
    try:
        return error_message(await read_at_most(response, MAX_ERROR_BYTES))
    except (BodyTooLarge, BodyUnreadable, httpx.TransportError):
        return ""
