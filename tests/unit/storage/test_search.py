from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.prediction import Annotations, Page, Prediction, PredictionFilter
from ml_service.storage.cursors import SearchCursor
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.search_blocks import Search, SearchSizes, block_query
from ml_service.storage.search_words import terms_of
from tests.unit.storage.examples import a_prediction, an_analysis, tagged, text_lines
from tests.unit.storage.plans import plan_of
from tests.unit.storage.stores import a_store

EVERYTHING = PredictionFilter()


async def find(store: SqlPredictionStore, words: str, *, limit: int = 30) -> Page:
    return await store.search(words, where=EVERYTHING, limit=limit, cursor=None)


def ids(page: Page) -> list[UUID]:
    return [summary.prediction_id for summary in page.summaries]


async def test_file_name_career_path_skills_notes_and_text_are_searched(
    store: SqlPredictionStore,
) -> None:
    analysis = an_analysis(filename="marta_cv.pdf", career_path="Chefs", skills=("Baking",))
    prediction = a_prediction(analysis=analysis, annotations=Annotations(notes="call back"))
    await store.add(prediction, lines=text_lines("Ran a kitchen"))
    await store.add(a_prediction(), lines=text_lines("Something else"))
    for word in ("marta", "chefs", "baking", "call", "kitchen"):
        assert ids(await find(store, word)) == [prediction.prediction_id], word


QUERIES = {
    "kitchen": True,
    "KITCHEN": True,
    "kitch": False,
    "kitch*": True,
    "ran kitchen": True,
    "kitchen ran": True,
    "kitchen missing": False,
    '"small kitchen"': True,
    '"kitchen small"': False,
    '"a small kit"*': True,
    "“small kitchen”": True,
    '"small kitchen': True,
    "resume": True,
    "Résumé": True,
    "zurich": True,
    "Züri*": True,
    "c++": True,
    "C#": True,
    "c": False,
    "full-stack": True,
    "stack-full": False,
    "kitchen AND ran": False,
    "kitchen OR missing": False,
    "NOT kitchen": False,
    "text:kitchen": False,
    "NEAR(ran kitchen)": False,
    "kitchen ) OR (": False,
    "kitchen ** --": True,
}


async def test_words_mean_themselves(store: SqlPredictionStore) -> None:
    lines = text_lines("Ran a small kitchen in Zürich.", "Résumé of a full-stack C++/C# person")
    await store.add(a_prediction(), lines=lines)
    found = {words: bool((await find(store, words)).summaries) for words in QUERIES}
    assert found == QUERIES


@pytest.mark.parametrize("words", ["", " ", "***", '""', '"', "!?", "\x00", "()", '"…" - *'])
async def test_nothing_to_search_for_is_refused_by_name(
    store: SqlPredictionStore, words: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await find(store, words)
    assert caught.value.field == "q"


@pytest.mark.parametrize("words", ["a " * 400, "x" * 1_001, '"' * 5_000, "(" * 1_001])
async def test_more_than_a_person_types_is_refused(store: SqlPredictionStore, words: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await find(store, words)
    assert caught.value.field == "q"


async def test_long_questions_within_the_bounds_are_answered(store: SqlPredictionStore) -> None:
    for words in ("a " * 64, "x" * 1_000, '"' + "a b " * 249 + '"', "a*" * 500, "é-" * 500):
        assert (await find(store, words)).summaries == ()


SIGNS = ('"', "*", "(", ")", "^", ":", "+", "-", "{", "}", ",", "'", ";", "--", " ", "  ", "\x00")
WORDS = (
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR(",
    "text",
    "a",
    "ß",
    "½",
    "漢字",
    "\u0301",
    "💼",
    "\ud800",
)
SYNTAX = st.sampled_from(SIGNS + WORDS)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text() | st.lists(SYNTAX).map("".join) | st.lists(SYNTAX).map(" ".join))
async def test_nothing_a_person_types_is_a_syntax_error(
    store: SqlPredictionStore, words: str
) -> None:
    try:
        assert isinstance(await find(store, words), Page)
    except InvalidRequest as refused:
        assert refused.field == "q"


async def test_the_best_match_comes_first_and_the_newest_of_equals(
    store: SqlPredictionStore,
) -> None:
    filler = text_lines("Worked with many tools and once a loom in a large old mill")
    once = [a_prediction(minutes=n) for n in range(3)]
    weaver = a_prediction(minutes=-9, analysis=an_analysis(career_path="Loom Weavers"))
    for prediction in (once[0], weaver, once[1], once[2]):
        await store.add(prediction, lines=filler)
    expected = [weaver, once[2], once[1], once[0]]
    assert ids(await find(store, "loom")) == [prediction.prediction_id for prediction in expected]


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
async def test_pages_miss_and_repeat_nothing_while_others_are_added(
    store: SqlPredictionStore, limit: int
) -> None:
    made = [a_prediction(minutes=n) for n in range(5)]
    for prediction in made:
        await store.add(prediction, lines=text_lines("loom"))
    page = await find(store, "loom", limit=limit)
    found = ids(page)
    while page.next_cursor is not None:
        await store.add(a_prediction(minutes=60), lines=text_lines("loom"))
        page = await store.search("loom", where=EVERYTHING, limit=limit, cursor=page.next_cursor)
        found += ids(page)
    assert found == [prediction.prediction_id for prediction in reversed(made)]


@pytest.fixture
def store_of_small_blocks(database: Database) -> SqlPredictionStore:
    return a_store(database, search_sizes=SearchSizes(ranked_together=4))


async def fill_blocks(store: SqlPredictionStore) -> list[Prediction]:
    """In the order of a search for "loom": of each four, newest first, the weavers come first."""
    made = [
        a_prediction(
            minutes=n, analysis=an_analysis(career_path="Loom Weavers" if n % 3 == 0 else "Clerks")
        )
        for n in range(10)
    ]
    for prediction in made:
        await store.add(prediction, lines=text_lines("loom"))
    order = [9, 6, 8, 7, 3, 5, 4, 2, 0, 1]
    return [made[n] for n in order]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 9, 10, 11])
async def test_blocks_are_ranked_one_after_the_other_across_pages(
    store_of_small_blocks: SqlPredictionStore, limit: int
) -> None:
    store = store_of_small_blocks
    expected = await fill_blocks(store)
    await store.add(a_prediction(), lines=text_lines("something else"))
    page = await find(store, "loom", limit=limit)
    found = ids(page)
    while page.next_cursor is not None:
        assert len(page.summaries) == limit
        page = await store.search("loom", where=EVERYTHING, limit=limit, cursor=page.next_cursor)
        found += ids(page)
    assert found == [prediction.prediction_id for prediction in expected]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
async def test_deleting_between_pages_loses_and_repeats_nothing(
    store_of_small_blocks: SqlPredictionStore, limit: int
) -> None:
    """Deleted are what was shown last, what would come next, and the last of all."""
    store = store_of_small_blocks
    left = [prediction.prediction_id for prediction in await fill_blocks(store)]
    page, found = await find(store, "loom", limit=limit), []
    while page.summaries:
        found += ids(page)
        left = [prediction_id for prediction_id in left if prediction_id not in ids(page)]
        for prediction_id in {found[-1], *left[:1], *left[-1:]}:
            await store.delete(prediction_id)
        left = left[1:-1]
        if page.next_cursor is None:
            break
        page = await store.search("loom", where=EVERYTHING, limit=limit, cursor=page.next_cursor)
    assert len(found) == len(set(found))
    assert left == []


@pytest.mark.parametrize("n_few", [0, 5_000])
async def test_filters_narrow_a_search(database: Database, n_few: int) -> None:
    """The same whether what a filter leaves is read, or what the index finds is filtered."""
    store = a_store(database, search_sizes=SearchSizes(read_one_by_one=n_few))
    mine, yours = tagged(a_prediction(minutes=1, user_id="me"), "t"), a_prediction(user_id="you")
    for prediction in (mine, yours):
        await store.add(prediction, lines=text_lines("an old loom"))
    silent = tagged(a_prediction(user_id="me"), "t")
    await store.add(silent, lines=text_lines("old"))
    for where in (
        PredictionFilter(user_id="me"),
        PredictionFilter(tag="t"),
        PredictionFilter(user_id="me", tag="t", min_confidence=0.1),
        PredictionFilter(created_after=mine.created_at),
    ):
        for words in ("loom", '"old loom"', "lo* old", "software loom"):
            page = await store.search(words, where=where, limit=9, cursor=None)
            assert ids(page) == [mine.prediction_id], (where, words)


async def test_a_cursor_is_good_for_its_own_search_only(store: SqlPredictionStore) -> None:
    for _ in range(3):
        await store.add(a_prediction(), lines=text_lines("loom mill"))
    searched = (await find(store, "loom", limit=1)).next_cursor
    listing = (await store.page(EVERYTHING, limit=1, cursor=None)).next_cursor
    mine = PredictionFilter(user_id="user-1")
    for words, where, cursor in (
        ("mill", EVERYTHING, searched),
        ("loom", mine, searched),
        ("loom", EVERYTHING, listing),
        ("loom", EVERYTHING, "made up"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            await store.search(words, where=where, limit=1, cursor=cursor)
        assert caught.value.field == "cursor"


async def test_a_snippet_shows_the_match_in_its_context(store: SqlPredictionStore) -> None:
    text = "word " * 50 + "mended the old Loom\nby hand " + "word " * 50
    await store.add(a_prediction(), lines=text_lines(text))
    snippet = (await find(store, "loom")).summaries[0].snippet
    assert snippet is not None
    assert "mended the old «Loom» by hand" in snippet
    assert snippet.startswith("…")
    assert len(snippet) < 250


async def test_a_snippet_holds_no_marks_or_controls_but_its_own(store: SqlPredictionStore) -> None:
    line = "\x02fake\x03 «fake» \x1b[31m <b>loom</b> & \u202e"
    await store.add(a_prediction(), lines=text_lines(line))
    snippet = (await find(store, "loom")).summaries[0].snippet
    assert snippet is not None
    assert snippet.count("«") == snippet.count("»") == 1
    assert "<b>«loom»</b> &" in snippet
    assert snippet.isprintable()


@pytest.mark.parametrize("store_text", [True, False])
async def test_skills_are_shown_where_nothing_else_matches(
    database: Database, store_text: bool
) -> None:
    store = a_store(database, store_text=store_text)
    analysis = an_analysis(skills=("Baking", "C++"))
    notes = Annotations(notes="call back about baking")
    await store.add(a_prediction(analysis=analysis), lines=text_lines("nothing"))
    await store.add(a_prediction(analysis=analysis, annotations=notes), lines=text_lines("nothing"))
    found = (await find(store, "baking")).summaries
    snippets = [summary.snippet for summary in found]
    assert snippets == ["call back about «baking»", "«Baking», C++"]


async def test_a_phrase_does_not_reach_from_one_field_into_another(
    store: SqlPredictionStore,
) -> None:
    analysis = an_analysis(career_path="Loom Weavers", filename="mill.pdf", skills=("Oak", "Elm"))
    notes = Annotations(notes="call back")
    await store.add(a_prediction(analysis=analysis, annotations=notes), lines=text_lines("first"))
    for phrase in ("weavers oak", "elm mill", "pdf call", "back first"):
        assert (await find(store, f'"{phrase}"')).summaries == (), phrase
        assert (await find(store, phrase)).summaries, phrase


async def test_the_longest_resume_is_kept_and_found(store: SqlPredictionStore) -> None:
    """More words, of more bytes, than PostgreSQL would keep."""
    words = [f"{chr(0x20000 + n % 9)}{'x' * 300}{n}" for n in range(20_000)]
    await store.add(a_prediction(), lines=text_lines("loom", *words, "the " * 40_000))
    assert len((await find(store, "loom")).summaries) == 1
    assert len((await find(store, words[7])).summaries) == 1


async def test_both_directions_of_a_page_read_an_index(
    database: Database, store: SqlPredictionStore
) -> None:
    await store.add(a_prediction(), lines=text_lines("loom"))
    for terms in ("loom", '"old loom" we*'):
        asked = Search(terms_of(terms, field="q"), EVERYTHING, False, database.dialect)
        for after in (None, SearchCursor("q", top=9_000, bottom=1, rank=4, entry=7)):
            plan = await plan_of(database, block_query(asked, top=None, after=after, limit=31))
            assert "Seq Scan" not in plan
            assert "Bitmap Index Scan on ix_prediction_fts_words" in plan or (
                "prediction_fts VIRTUAL TABLE INDEX" in plan
            )
