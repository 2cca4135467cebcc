from hypothesis import given
from hypothesis import strategies as st

from ml_service.career.passages import (
    MAX_PASSAGE_TOKENS,
    estimate_tokens,
    mark_headers,
    split_into_passages,
)
from ml_service.domain.resume import RedactedLine, RedactedText
from tests.unit.career.makers import SUSHI_RESUME, redacted


def test_lines_that_open_an_entry_are_a_passage_of_their_own() -> None:
    headers = [
        passage.text for passage in split_into_passages(redacted(*SUSHI_RESUME)) if passage.header
    ]
    assert headers[0].endswith("Sushi Chef 03/2019 to Current\nSakana House, Portland")
    assert "Truck Driver 01/2015 to 02/2019" in headers[1]


def test_dates_on_a_line_of_their_own_mark_the_title_beside_them() -> None:
    assert mark_headers(["Business Owner", "February 2002 to January 2009", "x" * 90 + "."]) == [
        True,
        True,
        False,
    ]


def test_a_sentence_with_a_year_is_no_header() -> None:
    sentence = (
        "Grew sales from 2012 to 2014 by opening four shops and training everyone in them " * 3
    )
    assert mark_headers([sentence]) == [False]


def test_no_passage_crosses_a_page() -> None:
    lines = (RedactedLine("Cooked.", 1, 0), RedactedLine("Baked.", 2, 1))
    assert [passage.page for passage in split_into_passages(RedactedText(lines))] == [1, 2]


def test_no_text_gives_no_passage() -> None:
    assert split_into_passages(redacted("", "  ")) == ()


@given(st.lists(st.text(alphabet="ab 12019-to.", max_size=80), max_size=40))
def test_every_line_with_text_stands_in_exactly_one_passage_in_order(texts: list[str]) -> None:
    passages = split_into_passages(redacted(*texts))
    orders = [order for passage in passages for order in passage.lines]
    assert orders == [at for at, text in enumerate(texts) if text.strip()]


@given(st.lists(st.text(alphabet="abcdefgh ", min_size=1, max_size=120), max_size=60))
def test_passages_of_more_than_one_line_stay_below_the_limit(texts: list[str]) -> None:
    for passage in split_into_passages(redacted(*texts)):
        assert len(passage.lines) == 1 or estimate_tokens(passage.text) <= MAX_PASSAGE_TOKENS
