from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import bindparam, text

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.prediction import Page, Prediction, PredictionFilter
from ml_service.storage.column_types import UtcDateTime
from ml_service.storage.cursors import ListCursor
from ml_service.storage.database import Database
from ml_service.storage.history import history_query
from ml_service.storage.predictions import SqlPredictionStore, same_query
from tests.unit.storage.examples import LINES, NOON, a_prediction, an_analysis, new_id, tagged
from tests.unit.storage.plans import plan_of

EVERYTHING = PredictionFilter()


async def added(store: SqlPredictionStore, *made: Prediction) -> None:
    for prediction in made:
        await store.add(prediction, lines=LINES)


async def walk(store: SqlPredictionStore, where: PredictionFilter, *, limit: int) -> list[Page]:
    pages = [await store.page(where, limit=limit, cursor=None)]
    while pages[-1].next_cursor is not None:
        pages.append(await store.page(where, limit=limit, cursor=pages[-1].next_cursor))
    return pages


def ids(*pages: Page) -> list[UUID]:
    return [summary.prediction_id for page in pages for summary in page.summaries]


async def test_no_predictions_are_an_empty_last_page(store: SqlPredictionStore) -> None:
    assert await store.page(EVERYTHING, limit=30, cursor=None) == Page((), None)


async def test_a_summary_says_what_the_prediction_says(store: SqlPredictionStore) -> None:
    prediction = tagged(a_prediction(), "b", "a")
    await added(store, prediction)
    (summary,) = (await store.page(EVERYTHING, limit=1, cursor=None)).summaries
    analysis, best = prediction.analysis, prediction.analysis.career.career_paths[0]
    assert summary.user_id == prediction.user_id
    assert summary.created_at == prediction.created_at
    assert summary.resume_filename == analysis.resume_filename
    assert (summary.career_path, summary.soc_code) == (best.title, best.soc_code)
    assert summary.confidence == best.confidence
    assert summary.abstained is analysis.career.abstained
    assert summary.ats_score == analysis.ats.ats_score
    assert summary.jobs_status == prediction.jobs.status
    assert summary.model == analysis.career.model
    assert summary.tags == ("b", "a")
    assert summary.snippet is None


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_are_newest_first_and_miss_and_repeat_nothing(
    store: SqlPredictionStore, limit: int
) -> None:
    """Several share one moment: the id decides among them."""
    made = [a_prediction(minutes=n // 3) for n in range(7)]
    await added(store, *made)
    in_order = sorted(made, key=lambda p: (p.created_at, str(p.prediction_id)), reverse=True)
    pages = await walk(store, EVERYTHING, limit=limit)
    assert ids(*pages) == [prediction.prediction_id for prediction in in_order]
    assert [len(page.summaries) for page in pages[:-1]] == [limit] * (len(pages) - 1)


async def test_what_is_added_or_deleted_meanwhile_moves_no_page(
    store: SqlPredictionStore,
) -> None:
    made = [a_prediction(minutes=n) for n in range(4)]
    await added(store, *made)
    first = await store.page(EVERYTHING, limit=2, cursor=None)
    await added(store, a_prediction(minutes=9))
    await store.delete(made[2].prediction_id)
    second = await store.page(EVERYTHING, limit=2, cursor=first.next_cursor)
    assert ids(second) == [made[1].prediction_id, made[0].prediction_id]
    assert second.next_cursor is None


async def test_every_filter_narrows_the_list(store: SqlPredictionStore) -> None:
    career = an_analysis().career
    other_model = replace(career, model=replace(career.model, model_id="custom"))
    mine = tagged(a_prediction(minutes=1, user_id="me"), "kept")
    chef = a_prediction(minutes=2, analysis=an_analysis(career_path="Chefs", confidence=0.9))
    custom = a_prediction(minutes=3, analysis=replace(an_analysis(), career=other_model))
    low = replace(an_analysis(), ats=replace(an_analysis().ats, ats_score=1.0))
    weak = a_prediction(minutes=4, analysis=low)
    await added(store, mine, chef, custom, weak)
    expected = {
        PredictionFilter(user_id="me"): [mine],
        PredictionFilter(career_path="Chefs"): [chef],
        PredictionFilter(soc_code="15-1252.00"): [weak, custom, chef, mine],
        PredictionFilter(soc_code="11-1011.00"): [],
        PredictionFilter(model_id="custom"): [custom],
        PredictionFilter(tag="kept"): [mine],
        PredictionFilter(tag="kept", user_id="user-1"): [],
        PredictionFilter(min_confidence=0.9): [chef],
        PredictionFilter(min_ats_score=71.5): [custom, chef, mine],
        PredictionFilter(created_after=chef.created_at): [weak, custom, chef],
        PredictionFilter(created_before=chef.created_at): [mine],
        PredictionFilter(user_id=""): [],
    }
    for where, wanted in expected.items():
        pages = await walk(store, where, limit=2)
        assert ids(*pages) == [prediction.prediction_id for prediction in wanted], where


async def test_pages_of_a_tag_go_on_where_they_stopped(store: SqlPredictionStore) -> None:
    made = [tagged(a_prediction(minutes=n // 2), "tag", f"own-{n}") for n in range(5)]
    await added(store, a_prediction(), *made)
    pages = await walk(store, PredictionFilter(tag="tag"), limit=2)
    in_order = sorted(made, key=lambda p: (p.created_at, str(p.prediction_id)), reverse=True)
    assert ids(*pages) == [prediction.prediction_id for prediction in in_order]


async def test_a_moment_at_the_edge_of_the_calendar_is_a_filter(store: SqlPredictionStore) -> None:
    prediction = a_prediction()
    await added(store, prediction)
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    first, last = datetime.min.replace(tzinfo=east), datetime.max.replace(tzinfo=west)
    where = PredictionFilter(created_after=first, created_before=last)
    assert ids(await store.page(where, limit=9, cursor=None)) == [prediction.prediction_id]


async def test_a_cursor_of_a_search_is_refused(store: SqlPredictionStore) -> None:
    await added(store, a_prediction(), a_prediction())
    search = await store.search("python", where=EVERYTHING, limit=1, cursor=None)
    with pytest.raises(InvalidRequest) as caught:
        await store.page(EVERYTHING, limit=1, cursor=search.next_cursor)
    assert caught.value.field == "cursor"


FILTERS = {
    "ix_predictions_created_at_id": EVERYTHING,
    "ix_predictions_user_id_created_at_id_shown": PredictionFilter(user_id="user-1"),
    "ix_predictions_career_path_created_at_id": PredictionFilter(career_path="path-1"),
    "ix_predictions_soc_code_created_at_id": PredictionFilter(soc_code="soc-1"),
    "ix_predictions_model_id_created_at_id": PredictionFilter(model_id="model-1"),
    "ix_prediction_tags_tag_created_at_prediction_id": PredictionFilter(tag="tag-1"),
}


N_ROWS = 3_000

# More rows than a plan without an index would be good for, many of each user and each path.
MANY_ROWS = """
INSERT INTO predictions (
    id, user_id, resume_filename, document_sha256, fingerprint, career_path, soc_code, confidence,
    abstained, ats_score, jobs_status, model_id, model_revision, created_at, updated_at,
    resume_content, prediction_data
)
SELECT 'id-' || n, 'user-' || n % 7, 'f', 's', 'print-' || n, 'path-' || n % 5, 'soc-' || n % 3,
    0.5, false, 50, 'ok', 'model-' || n % 2, 'r', :noon, :noon, '', '{}'
FROM numbers
"""
MANY_TAGS = """
INSERT INTO prediction_tags (prediction_id, tag, position, created_at)
SELECT 'id-' || n, 'tag-' || n % 3, 0, :noon FROM numbers
"""
NUMBERS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {n})"
)


@pytest.fixture
async def filled(database: Database) -> Database:
    noon = bindparam("noon", NOON, UtcDateTime)
    async with database.writing() as connection:
        for statement in (MANY_ROWS, MANY_TAGS):
            table, _, rows = statement.partition("SELECT")
            numbers = NUMBERS.format(n=N_ROWS)
            await connection.execute(text(f"{table} {numbers} SELECT{rows}").bindparams(noon))
        if database.dialect == "postgresql":  # SQLite is never asked to look at its rows
            await connection.execute(text("ANALYZE"))
    return database


@pytest.mark.parametrize("index", FILTERS)
@pytest.mark.parametrize("after", [None, ListCursor(NOON, new_id())])
async def test_a_page_reads_one_range_of_an_index_and_sorts_nothing(
    filled: Database, index: str, after: ListCursor | None
) -> None:
    plan = await plan_of(filled, history_query(FILTERS[index], after=after, limit=31))
    assert reads_in_order(plan, index)
    if after is not None:
        assert goes_on_after_a_row(plan)


def reads_in_order(plan: str, index: str) -> bool:
    if "Scan" in plan:  # PostgreSQL
        in_order = re.search(rf"Index (Only )?Scan Backward using {index}\b", plan)
        return in_order is not None and "Sort" not in plan and "Seq Scan" not in plan
    used = re.search(rf"USING (COVERING )?INDEX {index}\b", plan)
    return used is not None and "TEMP B-TREE" not in plan


def goes_on_after_a_row(plan: str) -> bool:
    """The index begins where the page before ended, however far that is."""
    if "Scan" in plan:
        return (
            re.search(r"Index Cond: .*ROW\(created_at, \(?\w*id\)?.*\) < ROW\(", plan) is not None
        )
    return "created_at,id)<(?,?)" in plan.replace("prediction_id", "id")


async def test_a_list_of_a_user_is_read_from_the_index_alone(filled: Database) -> None:
    """His rows lie far apart, each on a page of its own."""
    await filled.vacuum()
    where = PredictionFilter(user_id="user-1")
    plan = await plan_of(filled, history_query(where, after=None, limit=31))
    on_sqlite, on_postgresql = "USING COVERING INDEX", "Index Only Scan"
    assert on_sqlite in plan or on_postgresql in plan


async def test_a_span_of_time_is_a_range_of_the_index(filled: Database) -> None:
    where = PredictionFilter(created_after=NOON, created_before=NOON + timedelta(days=1))
    plan = await plan_of(filled, history_query(where, after=None, limit=31))
    assert reads_in_order(plan, "ix_predictions_created_at_id")
    on_sqlite, on_postgresql = "created_at>? AND created_at<?", "Index Cond: ((created_at >="
    assert on_sqlite in plan or on_postgresql in plan


async def test_the_same_upload_is_found_by_its_index(filled: Database) -> None:
    plan = await plan_of(filled, same_query("print-7"))
    assert reads_in_order(plan, "ix_predictions_fingerprint_created_at_id")
