"""JSearch as these tests ask it: over real HTTP, against the stand-in on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from ml_service.domain.ports import BoardQuota, BoardQuotaLog, Clock
from ml_service.domain.posting import JobQuery
from ml_service.job_sources.jsearch import JSearchSource, Timeouts
from tests.jsearch_stand_in import JSearchStandIn

KEY = "invented-key-0123456789"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUERY = JobQuery(query="data engineer", location="Berlin", country="de")


class Pauses:
    """Stands for sleeping: remembers how long and returns at once."""

    def __init__(self) -> None:
        self.taken_s: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken_s.append(seconds)


class MemoryQuotaLog:
    """Stands for the table: two boards with the same one are two processes."""

    def __init__(self) -> None:
        self.kept: dict[str, BoardQuota] = {}

    async def last(self, provider: str) -> BoardQuota | None:
        return self.kept.get(provider)

    async def note(self, provider: str, quota: BoardQuota) -> None:
        self.kept[provider] = quota


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[JSearchStandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with JSearchStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def quota_log() -> MemoryQuotaLog:
    return MemoryQuotaLog()


@pytest.fixture
async def source(
    board: JSearchStandIn, pauses: Pauses, quota_log: MemoryQuotaLog
) -> AsyncIterator[JSearchSource]:
    source = source_at(board.url, pauses, quota_log=quota_log)
    yield source
    await source.close()


def source_at(
    url: str,
    pauses: Pauses,
    timeouts: Timeouts | None = None,
    *,
    quota_log: BoardQuotaLog | None = None,
    clock: Clock = lambda: NOW,
) -> JSearchSource:
    return JSearchSource(
        api_key=KEY,
        clock=clock,
        quota_log=quota_log or MemoryQuotaLog(),
        base_url=url,
        timeouts=timeouts or Timeouts(connect_s=1, read_s=5, deadline_s=10),
        sleep=pauses,
    )
