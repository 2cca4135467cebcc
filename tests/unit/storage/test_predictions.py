"""What every PredictionStore keeps to, whatever database is behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select, text

from ml_service.domain.errors import PredictionNotFound, StorageUnavailable, TextNotStored
from ml_service.domain.ports import PredictionStore
from ml_service.domain.posting import JobsOutcome
from ml_service.domain.prediction import Annotations, PredictionChange, PredictionFilter
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, metadata, predictions
from tests.unit.storage.examples import (
    LINES,
    NOON,
    a_posting,
    a_prediction,
    an_analysis,
    jobs_found,
    new_id,
    tagged,
    text_lines,
)
from tests.unit.storage.stores import a_store

LATER = NOON + timedelta(hours=1)
EVERYTHING = PredictionFilter()


def test_the_store_satisfies_the_port(store: SqlPredictionStore) -> None:
    port: PredictionStore = store
    assert port is store


async def test_what_was_added_comes_back_exactly(store: SqlPredictionStore) -> None:
    annotations = Annotations("a note", ("b", "a"), "wrong", "11-1011.00")
    prediction = a_prediction(annotations=annotations)
    await store.add(prediction, lines=LINES)
    assert await store.get(prediction.prediction_id) == prediction
    assert await store.lines(prediction.prediction_id) == LINES


async def test_a_prediction_with_nothing_optional_comes_back(store: SqlPredictionStore) -> None:
    bare = a_prediction(user_id=None, jobs=JobsOutcome("not_configured"))
    await store.add(bare, lines=())
    assert await store.get(bare.prediction_id) == bare
    assert await store.lines(bare.prediction_id) == ()


async def test_times_of_other_zones_come_back_as_the_same_moment_in_utc(
    store: SqlPredictionStore,
) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    prediction = replace(a_prediction(), created_at=local)
    await store.add(prediction, lines=LINES)
    found = await store.get(prediction.prediction_id)
    assert found.created_at == NOON
    assert found.created_at.utcoffset() == timedelta(0)


async def test_text_that_no_database_takes_is_kept_as_far_as_it_can_be(
    store: SqlPredictionStore,
) -> None:
    prediction = a_prediction(analysis=an_analysis(filename="a\x00b\udcff.pdf"), user_id="u\ud800")
    await store.add(prediction, lines=text_lines("one\x00two\ud800"))
    found = await store.get(prediction.prediction_id)
    page = await store.page(PredictionFilter(user_id="u\ud800"), limit=1, cursor=None)
    assert found.user_id == "u?"
    assert page.summaries[0].resume_filename == "a\N{REPLACEMENT CHARACTER}b?.pdf"
    assert "two" in (await store.lines(prediction.prediction_id))[0].text


async def test_the_columns_that_callers_know_are_filled(
    database: Database, store: SqlPredictionStore
) -> None:
    lines = text_lines("é" * 600, "b" * 600)
    prediction = a_prediction()
    await store.add(prediction, lines=lines)
    async with database.reading() as connection:
        row = (await connection.execute(text("SELECT * FROM predictions"))).mappings().one()
        jobs = (await connection.execute(text("SELECT * FROM prediction_jobs"))).mappings().all()
        as_text = connection.dialect.name == "sqlite"
    assert row["id"] == str(prediction.prediction_id)
    assert row["resume_content"] == "é" * 600 + "\n" + "b" * 399
    assert row["career_path"] == "Software Developers"
    assert row["confidence"] == 0.1 + 0.2
    assert row["ats_score"] == 71.5
    assert row["created_at"] == ("2026-03-01 12:00:00.123456" if as_text else NOON)
    assert [(job["prediction_id"], job["position"]) for job in jobs] == [
        (row["id"], 0),
        (row["id"], 1),
    ]


async def test_what_has_columns_of_its_own_is_not_in_the_analysis(
    database: Database, store: SqlPredictionStore
) -> None:
    annotations = Annotations("secret note", ("secret tag",))
    await store.add(
        a_prediction(user_id="secret user", annotations=annotations, jobs=jobs_found("secret job")),
        lines=LINES,
    )
    async with database.reading() as connection:
        analysis = await connection.scalar(select(predictions.c.prediction_data))
    assert analysis is not None
    assert "secret" not in analysis


async def test_the_newest_of_the_same_upload_is_found(store: SqlPredictionStore) -> None:
    old, new = a_prediction(fingerprint="same"), a_prediction(minutes=1, fingerprint="same")
    await store.add(new, lines=LINES)
    await store.add(old, lines=LINES)
    assert await store.find_same("same") == new
    assert await store.find_same("other") is None


async def test_an_unknown_id_is_not_found_by_any_method(store: SqlPredictionStore) -> None:
    unknown = new_id()
    calls = (
        store.get(unknown),
        store.lines(unknown),
        store.change(unknown, PredictionChange(tags=("a",), notes="n"), at=LATER),
        store.record_jobs(unknown, jobs_found("job"), at=LATER),
        store.delete(unknown),
    )
    for call in calls:
        with pytest.raises(PredictionNotFound):
            await call


@pytest.mark.parametrize(
    "table",
    [
        "predictions",
        "prediction_jobs",
        "prediction_tags",
        "prediction_text",
        "prediction_search",
        "audit_events",
    ],
)
async def test_an_add_that_fails_anywhere_leaves_nothing(
    database: Database, store: SqlPredictionStore, table: str
) -> None:
    torn = tagged(a_prediction(), "tag")
    async with database.writing() as connection:
        for statement in FAILING_TRIGGER[connection.dialect.name]:
            second = "WHEN (new.position = 1)" if table == "prediction_jobs" else ""
            await connection.execute(text(statement.format(table=table, second=second)))
    with pytest.raises(StorageUnavailable):
        await store.add(torn, lines=LINES)
    assert await rows_left(database) == {}
    async with database.writing() as connection:
        of_table = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        await connection.execute(text(f"DROP TRIGGER torn{of_table}"))
    await store.add(torn, lines=LINES)
    assert await store.get(torn.prediction_id) == torn


FAILING_TRIGGER = {
    "sqlite": (
        (
            "CREATE TRIGGER torn AFTER INSERT ON {table} {second} "
            "BEGIN SELECT RAISE(ABORT, 'torn'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION torn() RETURNS trigger LANGUAGE plpgsql "
            "AS $$BEGIN RAISE EXCEPTION 'torn'; END$$"
        ),
        "CREATE TRIGGER torn AFTER INSERT ON {table} FOR EACH ROW {second} EXECUTE FUNCTION torn()",
    ),
}


async def rows_left(database: Database) -> dict[str, int]:
    """Tables that hold something, with how much; the words of the full-text index too, and not
    the table that says what work is left to do.
    """
    async with database.reading() as connection:
        counts = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != "upkeep"
        }
        if connection.dialect.name == "sqlite":
            words = "SELECT count(*) FROM prediction_fts WHERE prediction_fts MATCH 'ada'"
            counts["prediction_fts"] = await connection.scalar(text(words)) or 0
    return {name: count for name, count in counts.items() if count}


async def test_a_change_touches_only_what_it_names(store: SqlPredictionStore) -> None:
    before = a_prediction(annotations=Annotations("note", ("a",), "right", "11-1011.00"))
    await store.add(before, lines=LINES)
    after = await store.change(before.prediction_id, PredictionChange(feedback="wrong"), at=LATER)
    annotations = replace(before.annotations, feedback="wrong")
    assert after == replace(before, annotations=annotations, updated_at=LATER)
    assert await store.get(before.prediction_id) == after


async def test_a_change_to_none_clears(store: SqlPredictionStore) -> None:
    before = a_prediction(annotations=Annotations("note", ("a", "b"), "right", "11-1011.00"))
    await store.add(before, lines=LINES)
    change = PredictionChange(
        user_id=None, notes=None, tags=(), feedback=None, corrected_soc_code=None
    )
    after = await store.change(before.prediction_id, change, at=LATER)
    assert after == replace(before, user_id=None, annotations=Annotations(), updated_at=LATER)


async def test_tags_are_replaced_in_their_order_and_once_each(store: SqlPredictionStore) -> None:
    before = tagged(a_prediction(), "a", "b")
    await store.add(before, lines=LINES)
    change = PredictionChange(tags=("z", "a", "z"))
    after = await store.change(before.prediction_id, change, at=LATER)
    assert after.annotations.tags == ("z", "a")
    assert (await store.page(PredictionFilter(tag="b"), limit=9, cursor=None)).summaries == ()
    found = await store.page(PredictionFilter(tag="z"), limit=9, cursor=None)
    assert [summary.tags for summary in found.summaries] == [("z", "a")]


async def test_notes_are_found_after_a_change_and_the_former_are_not(
    store: SqlPredictionStore,
) -> None:
    prediction = a_prediction(annotations=Annotations(notes="former"))
    await store.add(prediction, lines=LINES)
    await store.change(prediction.prediction_id, PredictionChange(notes="present"), at=LATER)
    for words, n_found in (("former", 0), ("present", 1), ("Zurich", 1)):
        page = await store.search(words, where=EVERYTHING, limit=9, cursor=None)
        assert len(page.summaries) == n_found


async def test_jobs_are_replaced_with_what_became_of_them(store: SqlPredictionStore) -> None:
    prediction = a_prediction(jobs=JobsOutcome("pending"))
    await store.add(prediction, lines=LINES)
    outcomes = (jobs_found("b", "a", "c"), jobs_found("d"), JobsOutcome("quota_exhausted"))
    for minutes, jobs in enumerate(outcomes):
        at = LATER + timedelta(minutes=minutes)
        await store.record_jobs(prediction.prediction_id, jobs, at=at)
        found = await store.get(prediction.prediction_id)
        assert found == replace(prediction, jobs=jobs, updated_at=at)


async def test_only_pending_jobs_are_ended(store: SqlPredictionStore) -> None:
    pending, done = a_prediction(jobs=JobsOutcome("pending")), a_prediction()
    for prediction in (pending, done):
        await store.add(prediction, lines=LINES)
    assert await store.end_pending_jobs(created_before=LATER, at=LATER) == 1
    assert await store.end_pending_jobs(created_before=LATER, at=LATER) == 0
    ended = await store.get(pending.prediction_id)
    assert ended == replace(pending, jobs=JobsOutcome("unavailable"), updated_at=LATER)
    assert await store.get(done.prediction_id) == done


async def test_the_same_posting_may_be_listed_twice(store: SqlPredictionStore) -> None:
    jobs = JobsOutcome("ok", (a_posting("same"), a_posting("same")), "jsearch", "q", NOON)
    prediction = a_prediction(jobs=jobs)
    await store.add(prediction, lines=LINES)
    assert (await store.get(prediction.prediction_id)).jobs == jobs


async def test_deleting_leaves_only_the_audit_events(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = tagged(a_prediction(), "tag")
    await store.add(prediction, lines=LINES)
    await store.change(prediction.prediction_id, PredictionChange(notes="Ada again"), at=LATER)
    await store.delete(prediction.prediction_id)
    assert await rows_left(database) == {"audit_events": 3}
    with pytest.raises(PredictionNotFound):
        await store.get(prediction.prediction_id)


async def test_deleting_one_leaves_the_others_whole(store: SqlPredictionStore) -> None:
    kept, gone = tagged(a_prediction(), "tag"), tagged(a_prediction(), "tag")
    for prediction in (kept, gone):
        await store.add(prediction, lines=LINES)
    await store.delete(gone.prediction_id)
    assert await store.get(kept.prediction_id) == kept
    assert await store.lines(kept.prediction_id) == LINES
    page = await store.search("ada", where=EVERYTHING, limit=9, cursor=None)
    assert [summary.prediction_id for summary in page.summaries] == [kept.prediction_id]


async def test_audit_events_say_who_did_what_to_which_id_and_nothing_else(
    database: Database,
) -> None:
    store = SqlPredictionStore(
        database, store_text=True, actor=lambda: "web-backend", clock=lambda: NOON
    )
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    await store.change(prediction.prediction_id, PredictionChange(notes="private"), at=LATER)
    await store.record_jobs(prediction.prediction_id, jobs_found("job"), at=LATER)
    await store.delete(prediction.prediction_id)
    async with database.reading() as connection:
        events = (await connection.execute(select(audit_events))).all()
    identity = prediction.prediction_id
    assert [tuple(event)[1:] for event in events] == [
        (NOON, "web-backend", "created", identity),
        (LATER, "web-backend", "changed", identity),
        (LATER, "web-backend", "jobs_recorded", identity),
        (NOON, "web-backend", "deleted", identity),
    ]


async def test_without_text_no_line_is_kept_and_none_is_searched(database: Database) -> None:
    store = a_store(database, store_text=False)
    prediction = a_prediction()
    await store.add(prediction, lines=text_lines("Zanzibar"))
    assert await store.get(prediction.prediction_id) == prediction
    with pytest.raises(TextNotStored):
        await store.lines(prediction.prediction_id)
    for words, n_found in (("zanzibar", 0), ("python", 1), ("ada.pdf", 1)):
        page = await store.search(words, where=EVERYTHING, limit=9, cursor=None)
        assert len(page.summaries) == n_found
    async with database.reading() as connection:
        assert await connection.scalar(select(predictions.c.resume_content)) == ""


async def test_text_that_was_kept_before_is_still_answered(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = a_prediction()
    await store.add(prediction, lines=LINES)
    forgetful = a_store(database, store_text=False)
    assert await forgetful.lines(prediction.prediction_id) == LINES
