from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.storage.search_words import Term, terms_of, words_of
from ml_service.storage.snippets import N_WORDS, best_snippet


def snippet(words: str, *fields: str) -> str | None:
    return best_snippet([field.split("\n") for field in fields], terms_of(words, field="q"))


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("loom", "mended the old Loom\nby hand", "mended the old «Loom» by hand"),
        ("resume", "Résumé, two pages.", "«Résumé», two pages."),
        ("full-stack", "a full-stack person", "a «full-stack» person"),
        ('"old loom"', "an old\nloom", "an «old loom»"),
        ("loo*", "looms and a loom", "«looms» and a «loom»"),
        ('"a b" "b c"', "x a b c y", "x «a b c» y"),
        ("a b", "a b", "«a» «b»"),
        ("c++", "C, C++ and C#", "C, «C++» and C#"),
        ("2", "½ a cup", "«½» a cup"),
        ("softhyphen", "a soft\u00adhyphen", "a «softhyphen»"),
        ("loom", "\x02fake\x03 «fake» \x1b[31m <b>loom</b>", 'fake "fake" [31m <b>«loom»</b>'),
        ("missing", "nothing here", None),
    ],
)
def test_matches_are_marked_where_they_stand(words: str, text: str, expected: str | None) -> None:
    assert snippet(words, text) == expected


def test_a_long_text_is_cut_around_the_match() -> None:
    text = " ".join(f"a{n}" for n in range(500)) + " loom " + " ".join(f"b{n}" for n in range(500))
    shown = snippet("loom", text)
    assert shown is not None
    assert shown.startswith("…a489 ")
    assert "a499 «loom» b0" in shown
    assert shown.endswith("…")
    assert len(shown.split()) == N_WORDS


def test_the_place_with_most_terms_is_shown() -> None:
    text = "loom " + "word " * 100 + "mill loom " + "word " * 100
    assert "«mill» «loom»" in str(snippet("loom mill", text))


def test_the_field_with_most_terms_is_shown_and_the_first_of_equals() -> None:
    assert snippet("loom mill", "a loom", "a mill and a loom") == "a «mill» and a «loom»"
    assert snippet("loom", "one loom", "two loom") == "one «loom»"


def test_signs_without_end_are_cut() -> None:
    shown = snippet("loom", "x" * 10_000 + "." * 10_000 + " loom " + "-" * 10_000)
    assert shown is not None
    assert "«loom»" in shown
    assert len(shown) < 400


@given(st.lists(st.text(max_size=60), max_size=5), st.data())
def test_every_word_of_a_text_is_shown_when_asked_for(
    lines: list[str], data: st.DataObject
) -> None:
    words = [word for line in lines for word in words_of(line)]
    if not words:
        return
    start = data.draw(st.integers(0, len(words) - 1))
    term = Term(tuple(words[start : start + data.draw(st.integers(1, 3))]))
    shown = best_snippet([lines], [term])
    assert shown is not None
    assert shown.isprintable()
    assert shown.count("«") == shown.count("»") > 0
    marked = re.findall("«([^»]*)»", shown)
    assert any(term.words[0] in words_of(text) for text in marked)
