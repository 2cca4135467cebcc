"""The JSearch job board over HTTP: bounded in time and bytes, and sparing with its quota.

Every attempt is charged. A second one is made only for a burst limit, a connection that never
came about, and 502 to 504. Source: vendor documentation at OpenWeb Ninja and RapidAPI.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from ml_service.domain.errors import JobsError, JobsQuotaExhausted, JobsUnavailable
from ml_service.domain.ports import Clock
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
MAX_RESET_S = 400 * 24 * 3600

REFUSALS = {
    401: "The job board refused the key. Check RAPIDAPI_KEY.",
    403: "The job board refused the key. Check RAPIDAPI_KEY and its subscription to JSearch.",
    404: "The job board does not know this address. Check JSEARCH_BASE_URL.",
    400: "The job board did not accept this search.",
    422: "The job board did not accept this search.",
    429: "The job board is asked too often at this moment. Try again shortly.",
}
NO_ANSWER = "The job board could not be reached. Try again later."
TOO_SLOW = "The job board took too long to answer. Try again later."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """``deadline_s`` ends a search with all its attempts; the gateway itself gives up at 30 s."""

    connect_s: float = 5.0
    read_s: float = 30.0
    deadline_s: float = 45.0


DEFAULT_TIMEOUTS = Timeouts()


@dataclass(frozen=True, slots=True)
class Quota:
    """What the last answer that spoke of it said; None where it did not."""

    limit: int | None
    remaining: int | None
    resets_at: datetime | None


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
        self._quota: Quota | None = None
        self._client = httpx.AsyncClient(
            headers=_headers(api_key, base_url=base_url, rapidapi_host=rapidapi_host),
            timeout=httpx.Timeout(timeouts.read_s, connect=timeouts.connect_s),
            follow_redirects=False,
        )

    def __repr__(self) -> str:
        return f"JSearchSource({self._url!r})"

    @property
    def quota(self) -> Quota | None:
        """None until an answer said something about it."""
        return self._quota

    async def close(self) -> None:
        await self._client.aclose()

    async def search(self, query: JobQuery) -> JobPage:
        """Raises JobsUnavailable or JobsQuotaExhausted."""
        try:
            async with asyncio.timeout(self._deadline_s):
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
                self._note_quota(response.headers)
                if response.status_code != httpx.codes.OK:
                    raise await self._refusal(response)
                return read_answer(await _json_body(response))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _WorthOneRetry(JobsUnavailable(NO_ANSWER), RETRY_PAUSE_S) from error
        except httpx.TimeoutException as error:
            raise JobsUnavailable(TOO_SLOW) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise JobsUnavailable(NO_ANSWER) from error

    async def _refusal(self, response: httpx.Response) -> JobsError | _WorthOneRetry:
        status = response.status_code
        log.warning("job board answered %d", status)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            if self._is_quota(await _error_message(response), response.headers):
                return JobsQuotaExhausted(retry_after_s=self._seconds_to_reset())
            return _WorthOneRetry(JobsUnavailable(REFUSALS[status]), BURST_PAUSE_S)
        if status in {502, 503, 504}:
            return _WorthOneRetry(JobsUnavailable(), RETRY_PAUSE_S)
        return JobsUnavailable(REFUSALS.get(status))

    def _is_quota(self, message: str, headers: httpx.Headers) -> bool:
        """Two kinds of 429 differ by a word; without any words, by what the headers count."""
        if message:
            return "quota" in message.lower()
        return _count(headers, "x-ratelimit-requests-remaining") == 0

    def _note_quota(self, headers: httpx.Headers) -> None:
        names = ("limit", "remaining", "reset")
        limit, remaining, reset_s = (_count(headers, f"x-ratelimit-requests-{n}") for n in names)
        if limit is None and remaining is None and reset_s is None:
            return
        known = reset_s is not None and reset_s <= MAX_RESET_S
        resets_at = self._clock() + timedelta(seconds=reset_s) if known and reset_s else None
        self._quota = Quota(limit=limit, remaining=remaining, resets_at=resets_at)

    def _seconds_to_reset(self) -> int | None:
        """By this answer or an earlier one; None when none said so."""
        if self._quota is None or self._quota.resets_at is None:
            return None
        return max(1, math.ceil((self._quota.resets_at - self._clock()).total_seconds()))


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


def _count(headers: httpx.Headers, name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None
