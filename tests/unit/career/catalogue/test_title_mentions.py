import pytest

from ml_service.career.catalogue.title_mentions import (
    exact_mentions,
    inner_mentions,
    may_be_title,
    position_texts,
    title_openings,
)
from tests.unit.career.makers import CHEF, DRIVER, NURSE, small_catalogue


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Account Director 06/2013 to Current", "account director"),
        ("Company Name City , State Account Director 06/2013 to Current", "account director"),
        ("Company Name June 2013 to February 2015 Finance Specialist", "finance specialist"),
        ("• Truck Driver", "truck driver"),
    ],
)
def test_a_position_is_read_without_dates_and_placeholders(line: str, key: str) -> None:
    assert position_texts(line)[0] == key


@pytest.mark.parametrize(
    "line", ["March 2014", "to", "Bachelor of Science : Nursing , 2018", "October 2010 to Current"]
)
def test_dates_and_degrees_are_no_position(line: str) -> None:
    assert position_texts(line) == ()


def test_a_position_is_found_beside_an_employer() -> None:
    keys = position_texts("Charge Nurse, Mercy Hospital")
    found = list(exact_mentions(keys, small_catalogue().title_codes))
    assert [mention.codes for mention in found] == [frozenset({NURSE})]


def test_titles_inside_a_sentence_are_found_longest_first() -> None:
    key = "worked as sushi chef and truck driver for years"
    titles = small_catalogue().title_codes
    found = list(inner_mentions(key, titles, title_openings(titles)))
    assert [mention.codes for mention in found] == [frozenset({CHEF}), frozenset({DRIVER})]
    assert found[0].coverage == pytest.approx(2 / 9)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("HR Manager", "hr manager"),
        ("Director of Finance", "director of finance"),
    ],
)
def test_a_title_in_other_words_is_found(written: str, key: str) -> None:
    titles = {
        "human resource manager": frozenset({"a"}),
        "finance director": frozenset({"b"}),
    }
    assert position_texts(written) == (key,)
    found = list(exact_mentions([key], titles))
    assert len(found) == 1


@pytest.mark.parametrize("key", ["work experience", "professional summary", "education"])
def test_headings_are_no_titles(key: str) -> None:
    assert not may_be_title(key)


@pytest.mark.parametrize("key", ["training executive", "volunteer", "executive chef"])
def test_titles_of_heading_words_are_titles(key: str) -> None:
    assert may_be_title(key)
