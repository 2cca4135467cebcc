"""Databases of the first revision, whose search kept words as they were written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, MetaData, insert

from ml_service.domain.posting import JobQuery, Posting
from ml_service.domain.prediction import Prediction, PredictionFilter
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.postings import SqlPostingIndex
from ml_service.storage.prediction_rows import prediction_row
from ml_service.storage.schema import all_revisions, upgrade_to
from ml_service.storage.serialisation import LINES, POSTING, to_json
from tests.unit.storage.examples import NOON, a_posting, a_prediction, text_lines
from tests.unit.storage.stores import a_store, an_index

LINES_OF_ALL = ("Ran a small kitchen in Zürich", "Résumé of a full-stack C++ person")
N_ROWS = 1_203


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await database.open()
    yield database
    await database.close()


async def filled_by_the_first_version(
    database: Database, *, predictions: Sequence[Prediction] = (), postings: Sequence[Posting] = ()
) -> None:
    scripts = await asyncio.to_thread(all_revisions)

    def fill(connection: Connection) -> None:
        upgrade_to(connection, scripts, "0001")
        add_rows(connection, predictions=predictions, postings=postings)

    await database.migrate(fill)


def add_rows(
    connection: Connection, *, predictions: Sequence[Prediction], postings: Sequence[Posting]
) -> None:
    tables = MetaData()
    names = ["predictions", "prediction_text", "prediction_search", "postings"]
    tables.reflect(connection, only=names)
    lines = text_lines(*LINES_OF_ALL)
    for prediction in predictions:
        row = prediction_row(prediction, text="\n".join(LINES_OF_ALL))
        del row["summary_data"]
        connection.execute(insert(tables.tables["predictions"]), plain(row))
        part = {"prediction_id": str(prediction.prediction_id)}
        stored = {**part, "lines": to_json(LINES, lines)}
        connection.execute(insert(tables.tables["prediction_text"]), stored)
        entry = {
            "resume_filename": "Ada.pdf",
            "career_path": "Software Developers",
            "skills": "Python, PostgreSQL",
            "notes": "Rückruf",
            "text": " ".join(LINES_OF_ALL),
        }
        connection.execute(insert(tables.tables["prediction_search"]), {**part, **entry})
    for posting in postings:
        row = {
            "job_id": posting.job_id,
            "country": posting.country,
            "remote": posting.remote,
            "employment_types": "|FULLTIME|",
            "posted_at": posting.posted_at,
            "posting_data": to_json(POSTING, posting),
        }
        connection.execute(insert(tables.tables["postings"]), row)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}


async def test_what_the_first_version_kept_is_found_after_the_upgrade(database: Database) -> None:
    made = [a_prediction(minutes=n) for n in range(3)]
    jobs = [a_posting("a", title="Küchenchef"), a_posting("b", title="Cook")]
    await filled_by_the_first_version(database, predictions=made, postings=jobs)
    await migrate(database)
    store = a_store(database)
    newest_first = [prediction.prediction_id for prediction in reversed(made)]
    for words in ('"small kitchen"', "zurich", "c++", "full-stack", "ruckruf", "ada", "postgre*"):
        page = await store.search(words, where=PredictionFilter(), limit=9, cursor=None)
        assert [summary.prediction_id for summary in page.summaries] == newest_first, words
    assert page.summaries[0].snippet == "Python, «PostgreSQL»"
    index = SqlPostingIndex(database, clock=lambda: NOON + timedelta(hours=1))
    assert (await index.search(JobQuery("kuchenchef")))[0] == (jobs[0],)
    assert (await index.search(JobQuery("cook", location="berlin")))[0] == (jobs[1],)


async def test_what_is_added_changed_and_deleted_after_the_upgrade_is_followed(
    database: Database,
) -> None:
    old, new = a_prediction(), a_prediction(minutes=1)
    await filled_by_the_first_version(database, predictions=[old], postings=[a_posting("a")])
    await migrate(database)
    store, index = a_store(database), an_index(database)
    await store.add(new, lines=text_lines("another kitchen"))
    await store.delete(old.prediction_id)
    page = await store.search("kitchen", where=PredictionFilter(), limit=9, cursor=None)
    assert [summary.prediction_id for summary in page.summaries] == [new.prediction_id]
    await index.add([a_posting("a", title="Cook")])
    assert (await index.search(JobQuery("python")))[0] == ()
    assert len((await index.search(JobQuery("cook")))[0]) == 1


async def test_more_rows_than_one_batch_are_folded(database: Database) -> None:
    jobs = [a_posting(f"job-{n}", title=f"Nürse {n}") for n in range(N_ROWS)]
    await filled_by_the_first_version(database, postings=jobs)
    await migrate(database)
    index = an_index(database)
    for n in (0, 499, 500, N_ROWS - 1):
        found, _ = await index.search(JobQuery(f'"nurse {n}"'))
        assert [posting.job_id for posting in found] == [f"job-{n}"]
