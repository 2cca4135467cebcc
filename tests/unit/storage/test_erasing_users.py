"""What is deleted together: all of one user, or all that is too old."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from ml_service.domain.errors import PredictionNotFound, StorageUnavailable, UserErased
from ml_service.domain.prediction import Annotations, PredictionChange, PredictionFilter
from ml_service.storage import erasure
from ml_service.storage.database import Database
from ml_service.storage.erased_users import refuse_erased
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, metadata
from tests.unit.storage.databases import on_postgresql
from tests.unit.storage.examples import LINES, NOON, a_prediction, tagged
from tests.unit.storage.stores import a_store

LATER_BY = timedelta(hours=1)
LATER = NOON + LATER_BY


async def rows_left(database: Database) -> dict[str, int]:
    """Of all tables but the one that says what work is left to do."""
    async with database.reading() as connection:
        counts = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != "upkeep"
        }
    return {name: count for name, count in counts.items() if count}


async def test_all_of_one_user_goes_and_nothing_of_another(
    database: Database, store: SqlPredictionStore
) -> None:
    gone = [tagged(a_prediction(minutes=n, user_id="team/7"), "tag") for n in range(3)]
    kept = a_prediction(user_id="team", annotations=Annotations(notes="kept"))
    for prediction in (*gone, kept):
        await store.add(prediction, lines=LINES)

    assert await store.erase_user("team/7") == 3
    assert await store.erase_user("team/7") == 0

    assert await rows_left(database) == {
        "predictions": 1,
        "prediction_jobs": 2,
        "prediction_text": 1,
        "prediction_search": 1,
        "audit_events": 4 + 3,
        "erased_users": 1,
    }
    assert await store.get(kept.prediction_id) == kept
    for prediction in gone:
        with pytest.raises(PredictionNotFound):
            await store.get(prediction.prediction_id)


async def test_each_prediction_that_is_erased_is_noted_with_who_asked(database: Database) -> None:
    store = SqlPredictionStore(
        database, store_text=True, actor=lambda: "web-backend", clock=lambda: LATER
    )
    gone = [a_prediction(), a_prediction(minutes=1)]
    for prediction in gone:
        await store.add(prediction, lines=LINES)

    await store.erase_user("user-1")

    async with database.reading() as connection:
        erased = select(audit_events).where(audit_events.c.action == "erased")
        events = (await connection.execute(erased)).all()
    assert {(event.at, event.actor, event.subject_id) for event in events} == {
        (LATER, "web-backend", prediction.prediction_id) for prediction in gone
    }


async def test_the_oldest_go_first_and_a_batch_at_a_time(
    database: Database, store: SqlPredictionStore
) -> None:
    made = [a_prediction(minutes=n) for n in range(5)]
    for prediction in reversed(made):
        await store.add(prediction, lines=LINES)
    limit = NOON + timedelta(minutes=3)

    erased = [await store.erase_created_before(limit, limit=2) for _ in range(3)]

    assert erased == [2, 1, 0]
    page = await store.page(PredictionFilter(), limit=9, cursor=None)
    assert [row.prediction_id for row in page.summaries] == [
        made[4].prediction_id,
        made[3].prediction_id,
    ]
    async with database.reading() as connection:
        noted = select(audit_events.c.subject_id).where(audit_events.c.action == "expired")
        subjects = set((await connection.scalars(noted)).all())
    assert subjects == {prediction.prediction_id for prediction in made[:3]}


async def test_several_who_erase_at_once_erase_each_once(
    database: Database, store: SqlPredictionStore
) -> None:
    for n in range(12):
        await store.add(a_prediction(minutes=n), lines=LINES)

    erased = await asyncio.gather(*(store.erase_created_before(LATER, limit=4) for _ in range(6)))

    assert sum(erased) == 12
    assert (await rows_left(database)) == {"audit_events": 24}


async def test_a_record_holds_all_there_is_of_a_prediction(database: Database) -> None:
    store = SqlPredictionStore(database, store_text=True, actor=lambda: "web", clock=lambda: NOON)
    prediction = tagged(a_prediction(), "tag")
    await store.add(prediction, lines=LINES)
    changed = await store.change(
        prediction.prediction_id, PredictionChange(feedback="right"), at=LATER
    )

    record = await store.record(prediction.prediction_id)

    assert record.prediction == changed
    assert record.lines == LINES
    assert [(event.at, event.actor, event.action) for event in record.events] == [
        (NOON, "web", "created"),
        (LATER, "web", "changed"),
    ]


async def test_a_record_without_text_has_no_lines(database: Database) -> None:
    store = a_store(database, store_text=False)
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)

    assert (await store.record(prediction.prediction_id)).lines is None


async def test_a_user_of_many_predictions_is_erased_a_batch_at_a_time(
    database: Database, store: SqlPredictionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure leaves what was erased erased; asking again goes on."""
    monkeypatch.setattr(erasure, "ERASED_AT_ONCE", 2)
    for n in range(5):
        await store.add(a_prediction(minutes=n, user_id="many"), lines=LINES)
    n_batches = 0

    def fail_in_the_second() -> datetime:
        nonlocal n_batches
        n_batches += 1
        if n_batches == 3:  # the first moment is that of the erasure
            raise StorageUnavailable
        return NOON

    failing = SqlPredictionStore(
        database, store_text=True, actor=lambda: "service", clock=fail_in_the_second
    )
    with pytest.raises(StorageUnavailable):
        await failing.erase_user("many")

    assert (await rows_left(database))["predictions"] == 3
    assert await store.erase_user("many") == 3


async def test_what_was_in_work_for_an_erased_user_is_not_saved(
    database: Database, store: SqlPredictionStore
) -> None:
    """``a_store`` erases at noon."""
    early, late = a_prediction(user_id="ada"), a_prediction(user_id="ada")
    await store.erase_user("ada")

    with pytest.raises(UserErased):
        await store.add(early, lines=LINES, begun_at=NOON - timedelta(seconds=1))
    await store.add(late, lines=LINES, begun_at=NOON + timedelta(seconds=1))
    await store.add(a_prediction(user_id="bob"), lines=LINES, begun_at=NOON - LATER_BY)

    assert (await rows_left(database))["predictions"] == 2
    assert await store.forget_erasures(before=NOON) == 0
    assert await store.forget_erasures(before=LATER) == 1
    await store.add(early, lines=LINES, begun_at=NOON - LATER_BY)


@on_postgresql
async def test_an_erasure_waits_for_what_is_being_saved_for_the_user(
    database: Database, store: SqlPredictionStore
) -> None:
    """Else it would not see it, and it would be there after the answer."""
    async with database.writing() as connection:
        await refuse_erased(connection, "ada", since=NOON)
        erasing = asyncio.create_task(store.erase_user("ada"))
        await asyncio.sleep(0.1)
        assert not erasing.done()
    assert await erasing == 0
