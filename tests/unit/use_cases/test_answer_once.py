from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ml_service.domain.errors import Corrupt, KeyInUse, StorageUnavailable
from ml_service.domain.ports import Claim
from ml_service.storage.database import Database
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.use_cases.answer_once import (
    HELD_FOR,
    AnswerOnce,
    GivenAnswer,
    KeyedRequest,
    digest_of,
)
from tests.unit.storage.examples import LINES, a_prediction
from tests.unit.storage.stores import a_store

REQUEST = KeyedRequest(key="a" * 64, fingerprint="b" * 64)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Work:
    """Saves a prediction for each time it is asked, as an upload does."""

    def __init__(self, store: SqlPredictionStore) -> None:
        self._store = store
        self.n_given = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def give(self, claim: Claim) -> GivenAnswer:
        await self.may_go_on.wait()
        prediction = a_prediction()
        await self._store.add(prediction, lines=LINES, claim=claim)
        self.n_given += 1
        return GivenAnswer(prediction.prediction_id, f"answer {self.n_given}")

    async def give_again(self, prediction_id: UUID) -> GivenAnswer:
        prediction = await self._store.get(prediction_id)
        return GivenAnswer(prediction.prediction_id, "answer from the store")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answer_once(database: Database, clock: Clock) -> AnswerOnce:
    return AnswerOnce(keys=SqlIdempotencyKeys(database), clock=clock, renew_every_s=0.01)


@pytest.fixture
def work(database: Database) -> Work:
    return Work(a_store(database))


async def asked(answer_once: AnswerOnce, work: Work) -> tuple[str, bool]:
    answer, was_given_before = await answer_once(REQUEST, work.give, give_again=work.give_again)
    return answer.text, was_given_before


async def test_the_work_is_done_once(answer_once: AnswerOnce, work: Work) -> None:
    assert await asked(answer_once, work) == ("answer 1", False)
    assert await asked(answer_once, work) == ("answer 1", True)
    assert work.n_given == 1


async def test_what_was_saved_and_not_answered_is_answered_from_the_store(
    answer_once: AnswerOnce, work: Work
) -> None:
    async def die_before_the_answer(claim: Claim) -> GivenAnswer:
        await work.give(claim)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await answer_once(REQUEST, die_before_the_answer, give_again=work.give_again)

    assert await asked(answer_once, work) == ("answer from the store", True)
    assert work.n_given == 1


async def test_a_failure_leaves_the_key_free(answer_once: AnswerOnce, work: Work) -> None:
    async def refuse(_: Claim) -> GivenAnswer:
        raise Corrupt

    with pytest.raises(Corrupt):
        await answer_once(REQUEST, refuse, give_again=work.give_again)

    assert await asked(answer_once, work) == ("answer 1", False)


async def test_a_caller_who_goes_away_leaves_the_key_free(
    answer_once: AnswerOnce, work: Work
) -> None:
    work.may_go_on.clear()
    waiting = asyncio.create_task(asked(answer_once, work))
    await asyncio.sleep(0.1)
    with pytest.raises(KeyInUse):
        await asked(answer_once, work)

    waiting.cancel()
    await asyncio.wait([waiting])
    work.may_go_on.set()

    assert await asked(answer_once, work) == ("answer 1", False)


async def test_slow_work_keeps_its_key(answer_once: AnswerOnce, work: Work, clock: Clock) -> None:
    work.may_go_on.clear()
    slow = asyncio.create_task(asked(answer_once, work))
    for _ in range(3):
        await asyncio.sleep(0.1)
        clock.now += HELD_FOR - timedelta(seconds=1)
        await asyncio.sleep(0.1)
        with pytest.raises(KeyInUse):
            await asked(answer_once, work)

    work.may_go_on.set()

    assert await slow == ("answer 1", False)


async def test_work_whose_key_was_lost_saves_nothing(
    database: Database, clock: Clock, work: Work
) -> None:
    keys = SqlIdempotencyKeys(database)
    paused = AnswerOnce(keys=keys, clock=clock, renew_every_s=3_600)
    work.may_go_on.clear()
    slow = asyncio.create_task(asked(paused, work))
    await asyncio.sleep(0.1)
    clock.now += HELD_FOR
    other = Work(a_store(database))
    assert await asked(paused, other) == ("answer 1", False)

    work.may_go_on.set()

    with pytest.raises(KeyInUse):
        await slow
    assert (work.n_given, other.n_given) == (0, 1)


def test_parts_do_not_run_into_each_other() -> None:
    assert digest_of("a", "bc") != digest_of("ab", "c")
    assert digest_of("a", None) != digest_of("a", "")
    assert digest_of("a", True) != digest_of("a", "true")


class CannotKeep(SqlIdempotencyKeys):
    async def keep(self, claim: Claim, *, record_id: UUID, body: str) -> None:
        raise StorageUnavailable


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    database: Database, work: Work, clock: Clock
) -> None:
    forgetful = AnswerOnce(keys=CannotKeep(database), clock=clock)

    assert await asked(forgetful, work) == ("answer 1", False)
    assert await asked(forgetful, work) == ("answer from the store", True)


async def test_a_key_of_which_nothing_was_noted_or_kept_is_free(
    database: Database, work: Work, clock: Clock
) -> None:
    """As that of an upload which was answered from the store."""
    forgetful = AnswerOnce(keys=CannotKeep(database), clock=clock)

    async def from_the_store(_: Claim) -> GivenAnswer:
        return GivenAnswer(UUID(int=1), "stored")

    for _ in range(2):
        answer, replayed = await forgetful(REQUEST, from_the_store, give_again=work.give_again)
        assert (answer.text, replayed) == ("stored", False)
