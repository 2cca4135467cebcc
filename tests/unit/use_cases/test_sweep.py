from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from ml_service.domain.errors import StorageUnavailable
from ml_service.domain.ports import Claim
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import PredictionFilter
from ml_service.storage.database import Database
from ml_service.storage.forgetting import forget_remains
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.use_cases.sweep import (
    ERASED_AT_ONCE,
    ERASURE_KNOWN_FOR,
    PENDING_FOR,
    Sweep,
    Sweeper,
    Swept,
)
from tests.unit.storage.examples import LINES, NOON, a_prediction
from tests.unit.storage.interviews import SAID, an_interview, interviews_of
from tests.unit.storage.stores import a_store


def sweep_of(
    database: Database, *, after: timedelta = timedelta(0), retention_days: int | None = None
) -> Sweep:
    return Sweep(
        store=a_store(database),
        interviews=interviews_of(database),
        keys=SqlIdempotencyKeys(database),
        forget_remains=lambda: forget_remains(database),
        clock=lambda: NOON + after,
        retention_days=retention_days,
    )


async def test_only_what_is_too_old_expires_however_much_it_is(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    store = a_store(database)
    n_old = ERASED_AT_ONCE + 3
    for n in range(n_old):
        await store.add(a_prediction(minutes=-1 - n), lines=LINES)
    young = a_prediction()
    await store.add(young, lines=LINES)

    with caplog.at_level(logging.INFO, logger="ml_service.use_cases.sweep"):
        kept = await sweep_of(database, after=timedelta(days=30))()
        swept = await sweep_of(database, after=timedelta(days=30), retention_days=30)()

    assert kept.predictions_expired == 0
    assert swept.predictions_expired == n_old
    assert caplog.messages == [f"sweep: predictions_expired {n_old}"]
    page = await store.page(PredictionFilter(), limit=9, cursor=None)
    assert [row.prediction_id for row in page.summaries] == [young.prediction_id]


async def test_interviews_expire_as_predictions_do(database: Database) -> None:
    interviews = interviews_of(database)
    old, young = an_interview("old", minutes=-1), an_interview("young")
    for one in (old, young):
        await interviews.add(one, transcript=SAID, begun_at=NOON)

    kept = await sweep_of(database, after=timedelta(days=30))()
    swept = await sweep_of(database, after=timedelta(days=30), retention_days=30)()

    assert (kept.interviews_expired, swept.interviews_expired) == (0, 1)
    assert (await interviews.find("old"), await interviews.find("young")) == (None, young)


async def test_pending_jobs_are_ended_when_nobody_can_wait_for_them(database: Database) -> None:
    store = a_store(database)
    pending = a_prediction(jobs=JobsOutcome("pending"))
    await store.add(pending, lines=LINES)

    early = await sweep_of(database, after=PENDING_FOR)()
    late = await sweep_of(database, after=PENDING_FOR + timedelta(seconds=1))()

    assert (early.jobs_ended, late.jobs_ended) == (0, 1)
    assert (await store.get(pending.prediction_id)).jobs.status == "unavailable"


async def test_keys_are_forgotten_after_a_day(database: Database) -> None:
    keys = SqlIdempotencyKeys(database)
    held_until = NOON + timedelta(days=9)
    await keys.claim("k" * 64, fingerprint="f", now=NOON, held_until=held_until)

    early = await sweep_of(database, after=timedelta(hours=23))()
    late = await sweep_of(database, after=timedelta(hours=24))()

    assert (early.keys_forgotten, late.keys_forgotten) == (0, 1)
    claim = await keys.claim("k" * 64, fingerprint="other", now=NOON, held_until=held_until)
    assert isinstance(claim, Claim)


async def test_who_was_erased_is_forgotten_after_an_hour(database: Database) -> None:
    await a_store(database).erase_user("ada")

    early = await sweep_of(database, after=ERASURE_KNOWN_FOR)()
    late = await sweep_of(database, after=ERASURE_KNOWN_FOR + timedelta(seconds=1))()

    assert (early.erasures_forgotten, late.erasures_forgotten) == (0, 1)


async def test_several_sweeps_at_once_do_each_thing_once(database: Database) -> None:
    store = a_store(database)
    for n in range(10):
        await store.add(a_prediction(minutes=-n, jobs=JobsOutcome("pending")), lines=LINES)

    sweep = sweep_of(database, after=timedelta(days=2), retention_days=1)
    swept = await asyncio.gather(*(sweep() for _ in range(4)))

    assert sum(one.jobs_ended or 0 for one in swept) <= 10
    assert sum(one.predictions_expired or 0 for one in swept) == 10


async def test_forgetting_goes_on_step_by_step_until_nothing_is_left(database: Database) -> None:
    steps = iter([False, False, True])

    async def a_step() -> bool:
        return next(steps)

    sweep = Sweep(
        store=a_store(database),
        interviews=interviews_of(database),
        keys=SqlIdempotencyKeys(database),
        forget_remains=a_step,
        clock=lambda: NOON,
        retention_days=None,
    )
    assert (await sweep()).steps_of_forgetting == 2
    assert next(steps, None) is None


async def test_a_chore_that_fails_keeps_no_other_from_being_done(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = Database(f"sqlite+aiosqlite:///{Path('/nowhere')}")
    sweep = Sweep(
        store=a_store(elsewhere),
        interviews=interviews_of(elsewhere),
        keys=SqlIdempotencyKeys(database),
        forget_remains=lambda: forget_remains(database),
        clock=lambda: NOON,
        retention_days=1,
    )
    with caplog.at_level(logging.WARNING):
        assert await sweep() == Swept(None, None, None, 0, None, 0)
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 4
    with pytest.raises(StorageUnavailable):
        await sweep.end_pending_jobs()


async def test_the_sweeper_goes_on_after_a_failure_and_stops_when_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    three_times, n_sweeps = asyncio.Event(), 0
    quoted = " ".join(["Marta", "Lindqvist"])

    async def failing() -> None:
        nonlocal n_sweeps
        n_sweeps += 1
        if n_sweeps == 3:
            three_times.set()
        raise ValueError(quoted)

    sweeper = Sweeper(failing, first_after_s=0, every_s=0.001)
    sweeper.start()
    await asyncio.wait_for(three_times.wait(), 5)
    await sweeper.close()
    n_until_closed = n_sweeps
    await asyncio.sleep(0.02)

    assert n_sweeps == n_until_closed
    assert "ValueError" in caplog.text
    assert quoted not in caplog.text


async def test_a_sweeper_that_never_ran_can_be_closed() -> None:
    async def unused() -> None:
        raise AssertionError

    await Sweeper(unused).close()
    sweeper = Sweeper(unused, first_after_s=60)
    sweeper.start()
    await sweeper.close()
