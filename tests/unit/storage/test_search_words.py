from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.domain.errors import InvalidRequest
from ml_service.storage.search_words import (
    LEFT_OUT,
    POSTING_COLUMNS,
    PREDICTION_COLUMNS,
    Column,
    Term,
    searchable,
    spans_of,
    telling_terms_of,
    terms_of,
    words_of,
)

WORDS = {
    "Résumé of a full-stack C++/C# person": "resume of a full stack c++ c# person",
    "RE\u0301SUME\u0301 İstanbul STRASSE Straße": "resume istanbul strasse strasse",
    "x² ½ ﬁne Ⅳ ｆｕｌｌ": "x2 1 2 fine iv full",
    "don't_stop marta_cv.pdf a@b.example": "don t stop marta cv pdf a b example",
    "+ # +++ ### 5+ #1 c+": "5+ #1 c+",
    "漢字 नमस्ते Ελλάς": "漢字 नमसते ελλασ",
    "soft\u00adhyphen zero\u200bwidth join\u200der \u202eend": "softhyphen zero width joiner end",
    "tab\tline\nbreak\x00nul \ud800half": "tab line break nul half",
    "": "",
}


@pytest.mark.parametrize("text", WORDS)
def test_words_are_folded_runs_of_letters_and_digits(text: str) -> None:
    assert " ".join(words_of(text)) == WORDS[text]


def test_folding_again_changes_nothing_whatever_the_character() -> None:
    for code in range(sys.maxunicode + 1):
        words = words_of(chr(code))
        assert words_of(" ".join(words)) == words, hex(code)


@given(st.text())
def test_every_word_has_its_span_and_is_found_there(text: str) -> None:
    words, spans = words_of(text), spans_of(text)
    assert len(words) == len(spans)
    for word, (start, end) in zip(words, spans, strict=True):
        assert 0 <= start < end <= len(text)
        assert word in words_of(text[start:end])


def test_a_long_word_is_cut_where_a_question_is_cut_too() -> None:
    assert words_of("x" * 300) == ["x" * 64]
    assert terms_of("x" * 300, field="q") == (Term(("x" * 64,)),)


def test_what_is_beyond_the_bounds_of_a_column_is_not_seen() -> None:
    column = Column(first=0, max_words=5, max_same=2, max_bytes=12)
    assert searchable("a b c d e f", column=column) == "a b c d e"
    assert searchable("a a a b", column=column) == f"a a {LEFT_OUT} b"
    assert searchable("abcde fghij klmno", column=column) == "abcde fghij"


@pytest.mark.parametrize("columns", [PREDICTION_COLUMNS, POSTING_COLUMNS])
def test_the_columns_of_an_index_fit_into_one_tsvector(columns: dict[str, Column]) -> None:
    ends = [0]
    for column in columns.values():
        assert column.first == 0 or column.first - ends[-1] >= 2
        ends.append(column.first + column.max_words)
    assert ends[-1] <= 16_383
    assert sum(column.max_same for column in columns.values()) <= 256
    n_words = sum(column.max_words for column in columns.values())
    n_bytes = sum(column.max_bytes for column in columns.values()) + n_words * len(
        "131072:" + "1234"
    )
    assert n_bytes < 2**20


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Kitchen ran", [Term(("kitchen",)), Term(("ran",))]),
        ('"a small kit"*', [Term(("a", "small", "kit"), prefix=True)]),
        ("“small kitchen”", [Term(("small", "kitchen"))]),
        ("full-stack", [Term(("full", "stack"))]),
        ("prog* c++*", [Term(("prog",), prefix=True), Term(("c++",), prefix=True)]),
        ("twice Twice", [Term(("twice",))]),
        ('half "open', [Term(("half",)), Term(("open",))]),
        ("a AND b", [Term(("a",)), Term(("and",)), Term(("b",))]),
        ("* ** kitchen -- +", [Term(("kitchen",))]),
    ],
)
def test_what_a_person_types_becomes_terms(typed: str, terms: list[Term]) -> None:
    assert list(terms_of(typed, field="q")) == terms


@pytest.mark.parametrize("typed", ["", " ", '"" *', "+ #", "x" * 1_001, "a1 " * 65])
def test_nothing_or_too_much_is_refused_by_name(typed: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        terms_of(typed, field="query")
    assert caught.value.field == "query"


def test_words_that_tell_nothing_are_left_out_where_others_are_left() -> None:
    assert telling_terms_of("the cook of it", field="q") == (Term(("cook",)),)
    assert telling_terms_of("it", field="q") == (Term(("it",)),)
    assert telling_terms_of('"the cook" it*', field="q") == (
        Term(("the", "cook")),
        Term(("it",), prefix=True),
    )
