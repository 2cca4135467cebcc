"""What lists show, where it is kept and where it is too long for that."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ml_service.domain.prediction import (
    ModelRef,
    Prediction,
    PredictionChange,
    PredictionFilter,
)
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.serialisation import from_json
from ml_service.storage.summaries import BRIEF, MAX_SUMMARY_BYTES, Brief, summary_data
from ml_service.storage.tables import predictions
from tests.unit.storage.examples import (
    LINES,
    NOON,
    a_prediction,
    an_analysis,
    new_id,
    tagged,
)

LATER = NOON + timedelta(hours=1)
OF_USER = PredictionFilter(user_id="user-1")
MANY_TAGS = tuple(f"a rather long tag, the {n}th of many" for n in range(50))
SHORT = Brief("ada.pdf", "Software Developers", None, ModelRef("occupations", "1"), ("b", "a"))


async def kept_for(database: Database, prediction: Prediction) -> str | None:
    statement = select(predictions.c.summary_data).where(
        predictions.c.id == prediction.prediction_id
    )
    async with database.reading() as connection:
        kept: str | None = await connection.scalar(statement)
        return kept


def test_a_short_one_comes_back() -> None:
    assert from_json(BRIEF, summary_data(SHORT) or "") == SHORT


def test_the_limit_is_in_bytes_and_the_last_one_is_within() -> None:
    room = MAX_SUMMARY_BYTES - len((summary_data(SHORT) or "").encode())
    longest = replace(SHORT, resume_filename=SHORT.resume_filename + "ä" * (room // 2))
    assert summary_data(longest) is not None
    assert summary_data(replace(longest, resume_filename=longest.resume_filename + "ä")) is None


async def test_long_and_short_ones_stand_in_one_list(
    database: Database, store: SqlPredictionStore
) -> None:
    made = [
        a_prediction(minutes=1),
        tagged(a_prediction(minutes=2), *MANY_TAGS),
        tagged(a_prediction(minutes=3), "b", "a"),
        a_prediction(minutes=4, analysis=an_analysis(filename="𠀋" * 255)),
    ]
    for prediction in made:
        await store.add(prediction, lines=LINES)
    kept = [await kept_for(database, prediction) is not None for prediction in made]
    assert kept == [True, False, True, False]
    for page in (
        await store.page(OF_USER, limit=9, cursor=None),
        await store.search("parsing", where=OF_USER, limit=9, cursor=None),
    ):
        newest_first = list(reversed(made))
        shown = [replace(summary, snippet=None) for summary in page.summaries]
        assert [one.prediction_id for one in shown] == [one.prediction_id for one in newest_first]
        assert [one.tags for one in shown] == [one.annotations.tags for one in newest_first]
        assert [one.resume_filename for one in shown] == [
            one.analysis.resume_filename for one in newest_first
        ]
        assert {one.model for one in shown} == {made[0].analysis.career.model}
    assert [await store.get(one.prediction_id) for one in made] == made


async def test_a_summary_follows_its_tags_and_its_jobs(
    database: Database, store: SqlPredictionStore
) -> None:
    prediction = tagged(a_prediction(), "before")
    await store.add(prediction, lines=LINES)
    for tags in (("b", "a"), MANY_TAGS, (), ("again",)):
        change = PredictionChange(tags=tags)
        changed = await store.change(prediction.prediction_id, change, at=LATER)
        (summary,) = (await store.page(OF_USER, limit=9, cursor=None)).summaries
        assert changed.annotations.tags == summary.tags == tags
        assert (await kept_for(database, prediction) is None) is (tags == MANY_TAGS)
    jobs = replace(prediction.jobs, status="unavailable", postings=())
    await store.record_jobs(prediction.prediction_id, jobs, at=LATER)
    (summary,) = (await store.page(OF_USER, limit=9, cursor=None)).summaries
    assert summary.jobs_status == "unavailable"


@pytest.mark.parametrize("n_tags", range(4))
async def test_the_widest_that_is_taken_fits_into_every_index(
    store: SqlPredictionStore, n_tags: int
) -> None:
    """Texts of four bytes a character that no database can make shorter."""
    chance = random.Random(n_tags)

    def wide(n_characters: int) -> str:
        return "".join(chr(chance.randrange(0x20000, 0x2A000)) for _ in range(n_characters))

    analysis = an_analysis(filename=wide(235 - 66 * n_tags), career_path="x")
    prediction = tagged(
        replace(a_prediction(user_id=wide(128), analysis=analysis), prediction_id=new_id()),
        *(wide(64) for _ in range(n_tags)),
    )
    await store.add(prediction, lines=LINES)
    where = PredictionFilter(user_id=prediction.user_id)
    (summary,) = (await store.page(where, limit=9, cursor=None)).summaries
    assert summary.tags == prediction.annotations.tags
