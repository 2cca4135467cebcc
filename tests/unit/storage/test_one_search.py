"""SQLite and PostgreSQL give the same answers, in the same order, to the same questions."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.prediction import Annotations, Page, Prediction, PredictionFilter
from ml_service.storage.database import Database
from ml_service.storage.migrate import migrate
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.search_blocks import SearchSizes
from tests.unit.storage.examples import a_prediction, an_analysis, tagged, text_lines
from tests.unit.storage.stores import a_store

pytestmark = pytest.mark.postgres

Databases = tuple[Database, Database]

# Few words, so that they meet; with forms that databases would each fold in a way of their own.
WORDS = ("loom", "Loom", "looms", "mill", "Müll", "mu", "straße", "STRASSE", "c", "C++", "c#", "½")
SIGNS = (" ", " ", " ", "-", "+", "_", "'", "\n", "\u0301", "漢字", "\u00ad", "ǅ", "ΐ", "İ", "1")
TEXTS = st.lists(st.sampled_from(WORDS + SIGNS), max_size=12).map("".join) | st.text(max_size=20)
QUESTIONS = st.lists(st.sampled_from((*WORDS, *SIGNS, '"', "*", " ", " ")), max_size=8).map("".join)


@pytest.fixture
async def databases(sqlite_url: str, postgres_url: str) -> AsyncIterator[Databases]:
    databases = Database(sqlite_url), Database(postgres_url)
    for database in databases:
        await database.open()
        await migrate(database)
    yield databases
    for database in databases:
        await database.close()


async def everything_found(
    store: SqlPredictionStore, words: str, where: PredictionFilter
) -> object:
    """Ids and snippets of all pages in their order, or why there are none."""
    found: list[object] = []
    page = Page((), None)
    while not found or page.next_cursor is not None:
        try:
            page = await store.search(words, where=where, limit=3, cursor=page.next_cursor)
        except InvalidRequest as refused:
            return refused.message
        found += [(row.prediction_id, row.snippet) for row in page.summaries]
        if not found:
            break
    return found


def a_record(texts: list[str], n: int) -> Prediction:
    filename, career_path, skill, notes, tag = texts
    analysis = an_analysis(filename=filename, career_path=career_path, skills=(skill,))
    prediction = a_prediction(minutes=n, analysis=analysis, annotations=Annotations(notes=notes))
    return tagged(prediction, tag or "tag")


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fields=st.lists(TEXTS, min_size=5, max_size=5),
    lines=st.lists(TEXTS, max_size=4),
    question=QUESTIONS,
    filtered=st.booleans(),
    n_few=st.sampled_from([0, 5_000]),
)
async def test_the_same_questions_have_the_same_answers(
    databases: Databases,
    fields: list[str],
    lines: list[str],
    question: str,
    filtered: bool,
    n_few: int,
) -> None:
    """Records stay from example to example, so that later questions find many."""
    prediction = a_record(fields, len(question))
    sizes = SearchSizes(ranked_together=10, read_one_by_one=n_few)
    stores = [a_store(database, search_sizes=sizes) for database in databases]
    for store in stores:
        await store.add(prediction, lines=text_lines(*lines))
    where = PredictionFilter(user_id="user-1") if filtered else PredictionFilter()
    on_sqlite, on_postgresql = [await everything_found(store, question, where) for store in stores]
    assert on_sqlite == on_postgresql


async def test_the_examples_find_something(databases: Databases) -> None:
    """The control of the test above."""
    for store in map(a_store, databases):
        await store.add(a_prediction(), lines=text_lines("Müll in der STRASSE"))
        for words in ("mull", '"der straße"', "stra*"):
            assert await everything_found(store, words, PredictionFilter())
