"""A job board that is asked once for what many want to know."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from ml_service.domain.errors import InvalidRequest, JobsNeedKey, StorageUnavailable
from ml_service.domain.ports import Clock, JobCache, JobSource
from ml_service.domain.posting import JobPage, JobQuery
from ml_service.job_sources.field_values import storable

BOARD_PAGE_SIZE = 10
MAX_CURSOR_CHARACTERS = 4_000
MAX_POSITION = 1_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a caller stands: on which page of the board, how large it was, how far down."""

    board_cursor: str | None
    board_limit: int
    offset: int


class CachedJobSource:
    """Keeps pages for ``ttl_s`` and lets identical searches under way share one call.

    The board's pages are kept whole and cut to the caller's ``limit`` here, so that reading on
    costs no quota before a page is used up. Failures are not kept. For callers who may not spend
    quota only what is kept, or on its way already, is there.
    """

    def __init__(
        self,
        source: JobSource,
        cache: JobCache,
        clock: Clock,
        *,
        may_spend: Callable[[], bool],
        ttl_s: float = 1_200,
    ) -> None:
        """``may_spend`` speaks of the caller in whose context it is called."""
        self._source = source
        self._cache = cache
        self._clock = clock
        self._ttl = timedelta(seconds=ttl_s)
        self._under_way: dict[str, asyncio.Task[JobPage]] = {}
        self._may_spend = may_spend

    @property
    def provider(self) -> str:
        return self._source.provider

    async def search(self, query: JobQuery) -> JobPage:
        """At most ``limit`` postings.

        Raises what the board raises, InvalidRequest for a cursor, JobsNeedKey for a caller who may
        not spend quota when the answer would.
        """
        position = _position(query)
        asked = replace(query, cursor=position.board_cursor, limit=position.board_limit)
        page = await self._page(asked)
        return _cut(page, position, limit=query.limit)

    async def close(self) -> None:
        """Give up calls that are under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _page(self, query: JobQuery) -> JobPage:
        key = cache_key(self.provider, query)
        task = self._under_way.get(key)
        if task is None and not self._may_spend():
            return await self._kept_or_refused(key)
        if task is None:
            task = asyncio.create_task(self._kept_or_fetched(key, query))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        # Shielded: a caller who goes away takes neither the answer nor the quota from the others.
        return await asyncio.shield(task)

    async def _kept_or_refused(self, key: str) -> JobPage:
        kept = await self._kept(key)
        if kept is None:
            raise JobsNeedKey
        return kept

    def _forget(self, key: str, done: asyncio.Task[JobPage]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # Marks it as seen, for when every caller has gone away.

    async def _kept_or_fetched(self, key: str, query: JobQuery) -> JobPage:
        kept = await self._kept(key)
        if kept is not None:
            return kept
        page = await self._source.search(query)
        await self._keep(key, page)
        return page

    async def _kept(self, key: str) -> JobPage | None:
        try:
            return await self._cache.get(key, now=self._clock())
        except StorageUnavailable:
            log.warning("kept job pages cannot be read; the board is asked")
            return None

    async def _keep(self, key: str, page: JobPage) -> None:
        try:
            await self._cache.put(key, page, expires_at=self._clock() + self._ttl)
        except StorageUnavailable:
            log.warning("a job page could not be kept; the next search asks the board again")


def cache_key(provider: str, query: JobQuery) -> str:
    """The same for searches that differ only in case, spaces or the order of types."""
    asked = [
        "v1",
        provider,
        _normalised(query.query),
        _normalised(query.location or ""),
        (query.country or "").lower(),
        query.remote,
        query.date_posted,
        sorted(set(query.employment_types)),
        query.limit,
        query.cursor,
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _normalised(text: str) -> str:
    return " ".join(text.casefold().split())


def _position(query: JobQuery) -> _Position:
    if query.cursor is None:
        return _Position(board_cursor=None, board_limit=_whole_pages(query.limit), offset=0)
    cursor, board_limit, offset = _decoded(query.cursor)
    return _Position(board_cursor=cursor, board_limit=board_limit, offset=offset)


def _whole_pages(limit: int) -> int:
    return max(1, math.ceil(limit / BOARD_PAGE_SIZE)) * BOARD_PAGE_SIZE


def _cut(page: JobPage, position: _Position, *, limit: int) -> JobPage:
    end = position.offset + limit
    following: _Position | None = None
    if end < len(page.postings):
        following = replace(position, offset=end)
    elif page.next_cursor is not None:
        following = _Position(page.next_cursor, position.board_limit, 0)
    return replace(
        page,
        postings=page.postings[position.offset : end],
        next_cursor=_encoded(following) if following else None,
    )


def _encoded(position: _Position) -> str:
    fields = [position.board_cursor, position.board_limit, position.offset]
    packed = json.dumps(fields, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _decoded(cursor: str) -> tuple[str | None, int, int]:
    """Raises InvalidRequest for what ``_encoded`` did not write."""
    refused = InvalidRequest("This cursor does not come from a job search here.", field="cursor")
    if len(cursor) > MAX_CURSOR_CHARACTERS or not cursor.isascii():
        raise refused
    try:
        fields = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", True))
    except (ValueError, RecursionError) as error:
        raise refused from error
    match fields:
        case [str() as unsendable, *_] if storable(unsendable) != unsendable:
            raise refused
        case [str() | None as board_cursor, int() as board_limit, int() as offset] if (
            0 < board_limit <= MAX_POSITION and 0 <= offset <= MAX_POSITION
        ):
            return board_cursor, board_limit, offset
    raise refused
