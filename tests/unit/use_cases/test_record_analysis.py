"""Saving an analysis while a board is slow, gone, or the caller goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from ml_service.career.evidence import ResumeEvidence
from ml_service.domain.document import Line
from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.ports import Claim, Embeddings
from ml_service.domain.posting import JobPage, JobQuery
from ml_service.domain.prediction import EncoderRef, ModelRef, Prediction, PredictionFilter
from ml_service.domain.resume import RedactedText
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.use_cases.analyse_resume import AnalysedResume
from ml_service.use_cases.match_jobs import JobPlace, MatchJobs
from ml_service.use_cases.record_analysis import RecordAnalysis, RecordFor
from tests.unit.storage.examples import LINES, NOON, an_analysis

REF = EncoderRef(model_id="none", revision="1", precision="float32", engine="none")
NO_VECTORS = Embeddings(vectors=np.zeros((0, 0), dtype=np.float32), encoder=REF)
EVIDENCE = ResumeEvidence((), NO_VECTORS, RedactedText(()), an_analysis().profile)
ANALYSED = AnalysedResume(analysis=an_analysis(), lines=LINES, evidence=EVIDENCE)
MOST_LATE = 2
RECORD_FOR = RecordFor(user_id="me", fingerprint="f" * 64, place=JobPlace(), begun_at=NOON)


class Board:
    """Answers with an empty page when it may."""

    provider = "board"

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.n_asked = 0
        self.n_given_up = 0

    async def search(self, query: JobQuery) -> JobPage:
        self.n_asked += 1
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.n_given_up += 1
            raise
        return JobPage(postings=(), provider=self.provider, fetched_at=NOON)


class NoEncoder:
    ref = REF
    space = ModelRef(REF.model_id, REF.revision)

    async def embed_documents(self, texts: Sequence[str]) -> Embeddings:
        raise AssertionError(texts)


class Store(SqlPredictionStore):
    """Saves when it may."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            database, store_text=True, actor=lambda: "service", clock=lambda: datetime.now(UTC)
        )
        self.may_save = asyncio.Event()
        self.may_save.set()
        self.is_saving = asyncio.Event()
        self.is_away = False

    async def add(
        self,
        prediction: Prediction,
        *,
        lines: Sequence[Line],
        claim: Claim | None = None,
        begun_at: datetime | None = None,
    ) -> None:
        self.is_saving.set()
        await self.may_save.wait()
        if self.is_away:
            raise StorageUnavailable
        await super().add(prediction, lines=lines, claim=claim, begun_at=begun_at)

    async def statuses(self) -> list[str]:
        page = await self.page(PredictionFilter(), limit=100, cursor=None)
        return [summary.jobs_status for summary in page.summaries]


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


@pytest.fixture
async def record(board: Board, store: Store) -> AsyncIterator[RecordAnalysis]:
    match_jobs = MatchJobs(
        source=board, encoder=NoEncoder(), find_skills=lambda _: (), country="us"
    )
    record = RecordAnalysis(
        store=store,
        match_jobs=match_jobs,
        clock=lambda: datetime.now(UTC),
        jobs_wait_s=0.05,
        most_late=MOST_LATE,
    )
    yield record
    await record.close()


async def until_statuses(store: Store, *expected: str) -> None:
    async with asyncio.timeout(5):
        while await store.statuses() != list(expected):
            await asyncio.sleep(0.01)


async def test_jobs_that_come_late_are_saved_when_they_come(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    prediction = await record(ANALYSED, RECORD_FOR)
    assert prediction.jobs.status == "pending"
    assert await store.statuses() == ["pending"]

    board.may_answer.set()

    await until_statuses(store, "empty")
    assert board.n_asked == 1


async def test_the_board_is_not_waited_for_at_the_end(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    await record(ANALYSED, RECORD_FOR)

    async with asyncio.timeout(5):
        await record.close()

    assert board.n_given_up == 1
    assert await store.statuses() == ["pending"]


async def test_a_caller_who_goes_away_before_the_saving_leaves_nothing(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    recording = asyncio.create_task(record(ANALYSED, RECORD_FOR))
    await asyncio.sleep(0.01)

    recording.cancel()
    await asyncio.wait([recording])

    assert recording.cancelled()
    await asyncio.sleep(0)
    assert (board.n_asked, board.n_given_up) == (1, 1)
    assert await store.statuses() == []


async def test_a_saving_that_has_begun_is_carried_to_its_end(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    store.may_save.clear()
    recording = asyncio.create_task(record(ANALYSED, RECORD_FOR))
    await store.is_saving.wait()
    recording.cancel()
    await asyncio.sleep(0.05)
    assert not recording.done()

    store.may_save.set()
    await asyncio.wait([recording])

    assert recording.cancelled()
    assert await store.statuses() == ["pending"]
    board.may_answer.set()
    await until_statuses(store, "empty")


async def test_a_saving_that_fails_gives_the_board_up(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    store.is_away = True

    with pytest.raises(StorageUnavailable):
        await record(ANALYSED, RECORD_FOR)

    await asyncio.sleep(0)
    assert board.n_given_up == 1


async def test_only_so_many_boards_are_waited_for(
    record: RecordAnalysis, board: Board, store: Store
) -> None:
    for _ in range(MOST_LATE + 1):
        await record(ANALYSED, RECORD_FOR)

    assert sorted(await store.statuses()) == ["pending", "pending", "unavailable"]
    assert board.n_given_up == 1
    board.may_answer.set()
    async with asyncio.timeout(5):
        while sorted(await store.statuses()) != ["empty", "empty", "unavailable"]:
            await asyncio.sleep(0.01)
    assert (await record(ANALYSED, RECORD_FOR)).jobs.status == "empty"
