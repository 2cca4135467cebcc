"""What is deleted together: all of one user, or all that is too old."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ml_service.domain.errors import PredictionNotFound
from ml_service.domain.prediction import Annotations, PredictionChange, PredictionFilter
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, metadata
from tests.unit.storage.examples import LINES, NOON, a_prediction, tagged

LATER = NOON + timedelta(hours=1)


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
    store = SqlPredictionStore(database, store_text=False)
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)

    assert (await store.record(prediction.prediction_id)).lines is None
