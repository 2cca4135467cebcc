"""JSearch as these tests ask it: over real HTTP, against the stand-in on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

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


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[JSearchStandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with JSearchStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def source(board: JSearchStandIn, pauses: Pauses) -> AsyncIterator[JSearchSource]:
    source = source_at(board.url, pauses)
    yield source
    await source.close()


def source_at(url: str, pauses: Pauses, timeouts: Timeouts | None = None) -> JSearchSource:
    return JSearchSource(
        api_key=KEY,
        clock=lambda: NOW,
        base_url=url,
        timeouts=timeouts or Timeouts(connect_s=1, read_s=5, deadline_s=10),
        sleep=pauses,
    )
