"""Changes that depend on what is there: one writer wins, and nothing moves back in time."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from ml_service.domain.errors import KeyInUse, PreconditionFailed, PredictionNotFound
from ml_service.domain.ports import Claim
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import Prediction, PredictionChange
from ml_service.storage.database import Database
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, idempotency_keys
from tests.unit.storage.examples import LINES, NOON, a_prediction, jobs_found, new_id

LATER = NOON + timedelta(hours=1)
KEY = "k" * 64


async def added(store: SqlPredictionStore, prediction: Prediction | None = None) -> Prediction:
    prediction = prediction or a_prediction()
    await store.add(prediction, lines=LINES)
    return prediction


async def actions(database: Database) -> list[str]:
    async with database.reading() as connection:
        statement = select(audit_events.c.action).order_by(audit_events.c.id)
        return list((await connection.scalars(statement)).all())


async def a_claim(database: Database) -> Claim:
    claim = await SqlIdempotencyKeys(database).claim(
        KEY, fingerprint="f", now=NOON, held_until=LATER
    )
    assert isinstance(claim, Claim)
    return claim


@pytest.mark.parametrize("at", [NOON - timedelta(days=1), NOON])
async def test_the_moment_of_the_last_change_moves_on_when_the_clock_does_not(
    store: SqlPredictionStore, at: datetime
) -> None:
    prediction = await added(store)

    changed = await store.change(prediction.prediction_id, PredictionChange(notes="a"), at=at)
    await store.record_jobs(prediction.prediction_id, jobs_found("job"), at=at)
    again = await store.get(prediction.prediction_id)

    tick = timedelta(microseconds=1)
    assert (changed.updated_at, again.updated_at) == (NOON + tick, NOON + 2 * tick)


async def test_a_change_of_nothing_leaves_everything(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = await added(store)

    assert await store.change(prediction.prediction_id, PredictionChange(), at=LATER) == prediction
    assert await actions(database) == ["created"]
    with pytest.raises(PredictionNotFound):
        await store.change(new_id(), PredictionChange(), at=LATER)


async def test_a_record_that_changed_since_is_neither_changed_nor_deleted(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = await added(store)
    identity, note = prediction.prediction_id, PredictionChange(notes="new")

    for stale in ((), (LATER,)):
        for call in (
            store.change(identity, note, at=LATER, expected=stale),
            store.change(identity, PredictionChange(), at=LATER, expected=stale),
            store.delete(identity, expected=stale),
        ):
            with pytest.raises(PreconditionFailed):
                await call

    assert await store.get(identity) == prediction
    assert await actions(database) == ["created"]
    changed = await store.change(identity, note, at=LATER, expected=(LATER, NOON))
    await store.delete(identity, expected=(changed.updated_at,))
    assert await actions(database) == ["created", "changed", "deleted"]


async def test_an_unknown_id_is_not_found_whatever_was_expected(store: SqlPredictionStore) -> None:
    for call in (
        store.change(new_id(), PredictionChange(notes="n"), at=LATER, expected=(NOON,)),
        store.delete(new_id(), expected=(NOON,)),
        store.record(new_id()),
    ):
        with pytest.raises(PredictionNotFound):
            await call


async def test_of_many_who_expect_the_same_state_one_changes_it(store: SqlPredictionStore) -> None:
    prediction = await added(store)
    expected = (prediction.updated_at,)

    outcomes = await asyncio.gather(
        *(
            store.change(
                prediction.prediction_id,
                PredictionChange(notes=f"note {number}"),
                at=LATER,
                expected=expected,
            )
            for number in range(8)
        ),
        return_exceptions=True,
    )

    won = [outcome for outcome in outcomes if isinstance(outcome, Prediction)]
    assert len(won) == 1
    assert sum(isinstance(outcome, PreconditionFailed) for outcome in outcomes) == 7
    assert await store.get(prediction.prediction_id) == won[0]


async def test_only_old_pending_jobs_are_ended_and_it_is_noted(
    database: Database, store: SqlPredictionStore
) -> None:
    old = await added(store, a_prediction(jobs=JobsOutcome("pending")))
    young = await added(store, a_prediction(minutes=5, jobs=JobsOutcome("pending")))

    ended = await store.end_pending_jobs(
        created_before=NOON + timedelta(minutes=5), at=NOON - timedelta(hours=1)
    )

    assert ended == 1
    found = await store.get(old.prediction_id)
    assert found.jobs.status == "unavailable"
    assert found.updated_at == NOON + timedelta(microseconds=1)
    assert await store.get(young.prediction_id) == young
    record = await store.record(old.prediction_id)
    assert [event.action for event in record.events] == ["created", "jobs_ended"]


async def test_several_who_end_pending_jobs_at_once_end_each_once(
    database: Database, store: SqlPredictionStore
) -> None:
    for _ in range(20):
        await added(store, a_prediction(jobs=JobsOutcome("pending")))

    ended = await asyncio.gather(
        *(store.end_pending_jobs(created_before=LATER, at=LATER) for _ in range(4))
    )

    assert sum(ended) == 20
    assert (await actions(database)).count("jobs_ended") == 20


async def test_a_prediction_is_noted_beside_its_key(
    database: Database, store: SqlPredictionStore
) -> None:
    claim, prediction = await a_claim(database), a_prediction()

    await store.add(prediction, lines=LINES, claim=claim)

    async with database.reading() as connection:
        noted = await connection.scalar(select(idempotency_keys.c.prediction_id))
    assert noted == prediction.prediction_id
    await store.delete(prediction.prediction_id)
    async with database.reading() as connection:
        assert await connection.scalar(select(idempotency_keys.c.key)) is None


async def test_nothing_is_written_for_a_claim_that_was_lost(
    database: Database, store: SqlPredictionStore
) -> None:
    lost, prediction = await a_claim(database), a_prediction()
    after = LATER + timedelta(seconds=1)
    taken_over = await SqlIdempotencyKeys(database).claim(
        KEY, fingerprint="f", now=after, held_until=after + timedelta(hours=1)
    )

    with pytest.raises(KeyInUse):
        await store.add(prediction, lines=LINES, claim=lost)

    assert isinstance(taken_over, Claim)
    assert await actions(database) == []
    with pytest.raises(PredictionNotFound):
        await store.get(prediction.prediction_id)
