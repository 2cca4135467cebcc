"""An analysis in the place of another: all of it or nothing, and everything follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ml_service.domain.errors import KeyInUse, PreconditionFailed, PredictionNotFound, TextNotStored
from ml_service.domain.ports import Claim
from ml_service.domain.prediction import (
    Annotations,
    Prediction,
    PredictionFilter,
    Renewal,
    Rescoring,
)
from ml_service.domain.rescoring import standing
from ml_service.storage.check import check
from ml_service.storage.database import Database
from ml_service.storage.idempotency import SqlIdempotencyKeys
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, predictions
from tests.unit.storage.examples import (
    LINES,
    NOON,
    a_prediction,
    an_analysis,
    jobs_found,
    new_id,
    text_lines,
)
from tests.unit.storage.stores import a_store

LATER = NOON + timedelta(hours=1)
EVERYTHING = PredictionFilter()
NEW_LINES = text_lines("Bo Nurse", "Cared for ward nine")
NOTED = Annotations(notes="a note", tags=("a", "b"), feedback="right")


class Unseen:
    def started(self, n_rows: int) -> None: ...

    def advanced(self, n_rows: int) -> None: ...


def a_renewal(former: Prediction) -> Renewal:
    analysis = an_analysis(career_path="Registered Nurses", filename="bo.docx", skills=("Triage",))
    rescoring = Rescoring(standing(former.analysis), True, ("page_count_unknown",))
    return Renewal(
        analysis=replace(analysis, n_pages=2, rescoring=rescoring),
        fingerprint="e" * 64,
        jobs=jobs_found("job-9"),
        lines=NEW_LINES,
    )


async def added(store: SqlPredictionStore) -> Prediction:
    prediction = replace(a_prediction(), annotations=NOTED)
    await store.add(prediction, lines=LINES)
    return prediction


async def n_found(store: SqlPredictionStore, words: str) -> int:
    page = await store.search(words, where=EVERYTHING, limit=9, cursor=None)
    return len(page.summaries)


async def test_all_that_depends_on_the_analysis_follows(
    database: Database, store: SqlPredictionStore
) -> None:
    former = await added(store)
    renewal, jobs = a_renewal(former), jobs_found("job-9")

    renewed = await store.renew(former.prediction_id, renewal, at=LATER)

    expected = replace(
        former,
        updated_at=LATER,
        fingerprint="e" * 64,
        analysis=renewal.analysis,
        jobs=jobs,
    )
    assert renewed == expected == await store.get(former.prediction_id)
    assert await store.lines(former.prediction_id) == NEW_LINES
    found = {words: await n_found(store, words) for words in ("Exämple", "PostgreSQL", "ada.pdf")}
    assert found == {"Exämple": 0, "PostgreSQL": 0, "ada.pdf": 0}
    found = {words: await n_found(store, words) for words in ("ward", "Triage", "bo.docx", "note")}
    assert found == {"ward": 1, "Triage": 1, "bo.docx": 1, "note": 1}
    (summary,) = (await store.page(EVERYTHING, limit=9, cursor=None)).summaries
    assert (summary.career_path, summary.tags) == ("Registered Nurses", ("a", "b"))
    assert summary.resume_filename == "bo.docx"
    of_path = PredictionFilter(career_path="Registered Nurses", tag="a")
    assert len((await store.page(of_path, limit=9, cursor=None)).summaries) == 1
    assert await store.find_same("f" * 64) is None
    async with database.reading() as connection:
        assert await connection.scalar(select(predictions.c.resume_content)) == (
            "Bo Nurse\nCared for ward nine"
        )
        actions = await connection.scalars(select(audit_events.c.action))
        assert sorted(actions) == ["created", "rescored"]
    assert [finding for finding in await check(database, watch=Unseen()) if not finding.ok] == []


async def test_jobs_and_lines_stay_where_none_come(store: SqlPredictionStore) -> None:
    former = await added(store)

    renewal = replace(a_renewal(former), jobs=None, lines=None)
    renewed = await store.renew(former.prediction_id, renewal, at=LATER)

    assert (renewed.jobs, renewed.analysis) == (former.jobs, renewal.analysis)
    assert await store.lines(former.prediction_id) == LINES
    assert await n_found(store, "Exämple") == 1
    assert await n_found(store, "ward") == 0


async def test_former_lines_go_where_text_is_not_kept_any_more(
    database: Database, store: SqlPredictionStore
) -> None:
    former = await added(store)
    without_text = a_store(database, store_text=False)

    await without_text.renew(former.prediction_id, a_renewal(former), at=LATER)

    with pytest.raises(TextNotStored):
        await store.lines(former.prediction_id)
    assert await n_found(store, "Exämple") == 0
    assert await n_found(store, "ward") == 0
    assert await n_found(store, "Triage") == 1


async def test_what_is_not_as_expected_stays_as_it_is(
    database: Database, store: SqlPredictionStore
) -> None:
    former = await added(store)
    renewal, lost = a_renewal(former), Claim("k" * 64, new_id(), LATER)
    await SqlIdempotencyKeys(database).claim(lost.key, fingerprint="f", now=NOON, held_until=LATER)

    with pytest.raises(PreconditionFailed):
        await store.renew(former.prediction_id, renewal, at=LATER, expected={LATER})
    with pytest.raises(KeyInUse):
        await store.renew(former.prediction_id, renewal, at=LATER, claim=lost)
    with pytest.raises(PredictionNotFound):
        await store.renew(new_id(), renewal, at=LATER)

    assert await store.get(former.prediction_id) == former
    assert await store.lines(former.prediction_id) == LINES
    assert await n_found(store, "Exämple") == 1
    assert [event.action for event in (await store.record(former.prediction_id)).events] == [
        "created"
    ]


async def test_the_moment_moves_on_when_the_clock_does_not(store: SqlPredictionStore) -> None:
    former = await added(store)

    renewed = await store.renew(
        former.prediction_id, a_renewal(former), at=NOON, expected={former.updated_at}
    )

    assert renewed.updated_at == NOON + timedelta(microseconds=1)
    assert renewed.created_at == former.created_at
