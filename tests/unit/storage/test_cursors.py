from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.domain.errors import InvalidRequest
from ml_service.storage.cursors import (
    ListCursor,
    RankedCursor,
    SearchCursor,
    list_cursor,
    ranked_cursor,
    search_cursor,
)
from tests.unit.storage.examples import NOON, new_id


def encoded(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_a_list_cursor_comes_back() -> None:
    cursor = ListCursor(NOON, new_id())
    assert list_cursor(cursor.encode()) == cursor


def test_a_ranked_cursor_comes_back_for_its_question() -> None:
    cursor = RankedCursor("q", 7, 30)
    assert ranked_cursor(cursor.encode(), question="q") == cursor


def test_a_search_cursor_comes_back_for_its_question() -> None:
    cursor = SearchCursor("q", top=70, bottom=0, rank=4, entry=30)
    assert search_cursor(cursor.encode(), question="q") == cursor


DECODERS: dict[type, Callable[[str], object]] = {
    ListCursor: list_cursor,
    RankedCursor: lambda cursor: ranked_cursor(cursor, question="q"),
    SearchCursor: lambda cursor: search_cursor(cursor, question="q"),
}
CURSORS = (ListCursor(NOON, new_id()), RankedCursor("q", 7, 30), SearchCursor("q", 9, 1, 4, 5))


@pytest.mark.parametrize("cursor", CURSORS, ids=lambda cursor: type(cursor).__name__)
def test_a_cursor_of_one_kind_is_refused_by_the_others(
    cursor: ListCursor | RankedCursor | SearchCursor,
) -> None:
    for kind, decode in DECODERS.items():
        if kind is not type(cursor):
            with pytest.raises(InvalidRequest):
                decode(cursor.encode())


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        ranked_cursor(RankedCursor("q", 7, 30).encode(), question="r")
    with pytest.raises(InvalidRequest):
        search_cursor(SearchCursor("q", 9, 1, 4, 5).encode(), question="r")


MADE_UP = [
    "",
    "=",
    "é",
    "a" * 10_000,
    encoded("list"),
    encoded({"list": 1}),
    encoded(["list", "2026-01-01T00:00:00", str(new_id())]),
    encoded(["list", "2026-01-01T00:00:00+02:00", str(new_id())]),
    encoded(["list", "0001-01-01T00:00:00+14:00", str(new_id())]),
    encoded(["list", "yesterday", str(new_id())]),
    encoded(["list", NOON.isoformat(), "7"]),
    encoded(["list", NOON.isoformat(), None]),
    encoded(["ranked", "q", -1, 0]),
    encoded(["ranked", "q", 0, 2**64]),
    encoded(["ranked", "q", 0, "0"]),
    encoded(["ranked", "q", 0.5, 0]),
    encoded(["search", "q", 9, 1, 4]),
    encoded(["search", "q", 9, 1, 4, 5, 6]),
    encoded(["search", "q", 9, -1, 4, 5]),
    encoded(["search", "q", 2**31, 1, 4, 5]),
    encoded(["search", "q", 9, 1, True, 5]),
    encoded(["search", "q", 9, 1, 4, "5"]),
]


@pytest.mark.parametrize("cursor", MADE_UP)
def test_a_made_up_cursor_is_refused_by_name(cursor: str) -> None:
    for decode in DECODERS.values():
        with pytest.raises(InvalidRequest) as caught:
            decode(cursor)
        assert caught.value.field == "cursor"


@given(st.text() | st.binary().map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_no_cursor_fails_otherwise(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        list_cursor(cursor)
