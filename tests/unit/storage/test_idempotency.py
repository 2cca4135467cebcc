"""What every implementation of IdempotencyKeys holds to, together with the store's claims."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ml_service.domain.errors import KeyInUse, KeyReused, PredictionNotFound
from ml_service.domain.ports import Claim, IdempotencyKeys, KeptAnswer
from ml_service.storage.database import Database
from ml_service.storage.idempotency import KEPT_FOR, SqlIdempotencyKeys
from ml_service.storage.predictions import SqlPredictionStore
from tests.unit.storage.examples import LINES, NOON, a_prediction

KEY, FINGERPRINT, OTHER = "a" * 64, "b" * 64, "c" * 64
HELD_FOR = timedelta(seconds=30)


@asynccontextmanager
async def keys_of(database_url: str) -> AsyncIterator[IdempotencyKeys]:
    """With connections of its own, which wait for their turn as the service's do."""
    database = Database(database_url)
    await database.open()
    yield SqlIdempotencyKeys(database)
    await database.close()


@pytest.fixture
async def keys(database_url: str, database: Database) -> AsyncIterator[IdempotencyKeys]:
    async with keys_of(database_url) as opened:
        yield opened


@pytest.fixture
async def other_keys(database_url: str, database: Database) -> AsyncIterator[IdempotencyKeys]:
    """As another process has them."""
    async with keys_of(database_url) as opened:
        yield opened


async def asked(
    keys: IdempotencyKeys, *, at: datetime = NOON, fingerprint: str = FINGERPRINT, key: str = KEY
) -> Claim | KeptAnswer:
    return await keys.claim(key, fingerprint=fingerprint, now=at, held_until=at + HELD_FOR)


async def claimed(
    keys: IdempotencyKeys, *, at: datetime = NOON, fingerprint: str = FINGERPRINT
) -> Claim:
    claim = await asked(keys, at=at, fingerprint=fingerprint)
    assert isinstance(claim, Claim)
    return claim


async def test_a_key_is_held_by_one(keys: IdempotencyKeys, other_keys: IdempotencyKeys) -> None:
    await claimed(keys)

    for holder in (keys, other_keys):
        with pytest.raises(KeyInUse) as refused:
            await asked(holder)
        assert refused.value.retry_after_s > 0
    assert isinstance(await asked(other_keys, key=OTHER), Claim)


async def test_of_many_that_ask_at_once_one_is_given_the_key(
    keys: IdempotencyKeys, other_keys: IdempotencyKeys
) -> None:
    outcomes = await asyncio.gather(
        *(asked(each) for each in (keys, other_keys) * 10), return_exceptions=True
    )

    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, KeyInUse) for outcome in outcomes) == len(outcomes) - 1


async def test_another_request_under_the_same_key_is_refused(keys: IdempotencyKeys) -> None:
    await claimed(keys)

    with pytest.raises(KeyReused):
        await asked(keys, fingerprint=OTHER)


async def test_a_released_key_is_free_for_any_request(keys: IdempotencyKeys) -> None:
    await keys.release(await claimed(keys))

    await claimed(keys, fingerprint=OTHER)


async def test_a_claim_that_ran_out_is_taken_over_and_lost_to_its_first_holder(
    keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    lost = await claimed(keys)

    with pytest.raises(KeyInUse):
        await asked(keys, at=NOON + HELD_FOR - timedelta(microseconds=1))
    taken_over = await claimed(keys, at=NOON + HELD_FOR)

    with pytest.raises(KeyInUse):
        await keys.renew(lost, held_until=NOON + 3 * HELD_FOR)
    await keys.release(lost)
    with pytest.raises(KeyInUse):
        await store.add(prediction := a_prediction(), lines=LINES, claim=lost)
    with pytest.raises(PredictionNotFound):
        await store.get(prediction.prediction_id)
    await store.add(a_prediction(), lines=LINES, claim=taken_over)


async def test_a_renewed_claim_is_held_on(keys: IdempotencyKeys) -> None:
    claim = await claimed(keys)

    renewed = await keys.renew(claim, held_until=NOON + 2 * HELD_FOR)

    assert renewed == replace(claim, held_until=NOON + 2 * HELD_FOR)
    with pytest.raises(KeyInUse):
        await asked(keys, at=NOON + HELD_FOR)
    assert isinstance(await asked(keys, at=NOON + 2 * HELD_FOR), Claim)


async def test_the_first_answer_is_given_again_exactly(
    keys: IdempotencyKeys, other_keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    claim, prediction = await claimed(keys), a_prediction()
    body = '[201, {"Location": "/x"}, "{\\"résumé\\": \\"\\\\u0000 🙂\\"}"]'
    await store.add(prediction, lines=LINES, claim=claim)
    await keys.keep(claim, record_id=prediction.prediction_id, body=body)

    for each in (keys, other_keys):
        assert await asked(each) == KeptAnswer(prediction.prediction_id, body)
        # Long after the lease, which was about the work alone.
        assert await asked(each, at=NOON + timedelta(hours=23)) == KeptAnswer(
            prediction.prediction_id, body
        )
        with pytest.raises(KeyReused):
            await asked(each, fingerprint=OTHER)


async def test_a_process_that_dies_before_it_answers_leaves_the_prediction_to_answer_with(
    keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    claim, prediction = await claimed(keys), a_prediction()
    await store.add(prediction, lines=LINES, claim=claim)

    assert await asked(keys) == KeptAnswer(prediction.prediction_id, None)
    await keys.release(claim)
    assert await asked(keys) == KeptAnswer(prediction.prediction_id, None)


async def test_an_answer_from_the_store_is_kept_too(
    keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    """Nothing was saved for it: the same upload was there already."""
    await store.add(prediction := a_prediction(), lines=LINES)
    claim = await claimed(keys)

    await keys.keep(claim, record_id=prediction.prediction_id, body="[200]")

    assert await asked(keys) == KeptAnswer(prediction.prediction_id, "[200]")


async def test_an_answer_goes_when_its_prediction_goes(
    keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    claim, prediction = await claimed(keys), a_prediction()
    await store.add(prediction, lines=LINES, claim=claim)
    await keys.keep(claim, record_id=prediction.prediction_id, body="[201]")
    await store.delete(prediction.prediction_id)

    assert isinstance(await asked(keys), Claim)


async def test_nothing_is_kept_of_a_prediction_that_is_gone(keys: IdempotencyKeys) -> None:
    claim = await claimed(keys)

    await keys.keep(claim, record_id=uuid4(), body="[200]")

    assert isinstance(await asked(keys, at=NOON + HELD_FOR), Claim)


async def test_a_key_is_forgotten_after_a_day(
    keys: IdempotencyKeys, store: SqlPredictionStore
) -> None:
    claim, prediction = await claimed(keys), a_prediction()
    await store.add(prediction, lines=LINES, claim=claim)
    await keys.keep(claim, record_id=prediction.prediction_id, body="[201]")

    assert await keys.forget_expired(now=NOON + KEPT_FOR - timedelta(microseconds=1)) == 0
    # Also when nobody has swept yet.
    assert isinstance(await asked(keys, at=NOON + KEPT_FOR, fingerprint=OTHER), Claim)
    assert await keys.forget_expired(now=NOON + 2 * KEPT_FOR) == 1
    assert await store.get(prediction.prediction_id) == prediction
