from __future__ import annotations

from datetime import date

import pytest

from ml_service.analysis.phrases.dates import find_date, find_range, parse_date, years_covered


@pytest.mark.parametrize(
    ("text", "start", "end", "current"),
    [
        ("Jan 2019 - Present", "2019-01", None, True),
        ("01/2013 to 03/2014", "2013-01", "2014-03", False),
        ("May 2005 to November 2011", "2005-05", "2011-11", False),
        ("2019 – 2021", "2019", "2021", False),
        ("06.2018 bis heute", "2018-06", None, True),
        ("seit März 2020", "2020-03", None, True),
        ("janv. 2018 à aujourd'hui", "2018-01", None, True),
        ("enero de 2015 - actualidad", "2015-01", None, True),
        ("março de 2019 até o momento", "2019-03", None, True),
        ("gennaio 2016 - oggi", "2016-01", None, True),
        ("2020-01 - 2020-12", "2020-01", "2020-12", False),
        ("Jun '17 - Feb '21", "2017-06", "2021-02", False),
        ("15.03.2021 - 01.04.2022", "2021-03-15", "2022-04-01", False),
        ("December2014toCurrent", "2014-12", None, True),
    ],
)
def test_ranges_of_six_languages(text: str, start: str, end: str | None, current: bool) -> None:
    found = find_range(text)
    assert found is not None
    assert (found.start, found.end, found.current) == (start, end, current)


def test_day_and_month_that_cannot_be_told_apart_give_the_year() -> None:
    assert parse_date("04/05/2021") == "2021"
    assert parse_date("25/12/2021") == "2021-12-25"
    assert parse_date("12/25/2021") == "2021-12-25"


@pytest.mark.parametrize("text", ["no date", "call 2010 5550", "$2015 - 2016%", "May I", "1-2"])
def test_other_numbers_are_no_range(text: str) -> None:
    assert find_range(text) is None


def test_range_that_runs_backwards_is_given_as_written() -> None:
    found = find_range("2020 - 2010")
    assert found is not None
    assert (found.start, found.end, found.current) == ("2020", "2010", False)


@pytest.mark.parametrize(
    "dash", ["ï¼\u200b", "ï¼", "ï¼\x8d", "â€“", "â€\u201c", "â€”", "â\x80\x93"]
)
@pytest.mark.parametrize("space", ["", " "])
def test_dash_broken_by_a_wrong_encoding_joins_two_dates(dash: str, space: str) -> None:
    found = find_range(f"01/2014{space}{dash}{space}06/2016")
    assert found is not None
    assert (found.start, found.end) == ("2014-01", "2016-06")
    current = find_range(f"Jan 2014{space}{dash}{space}Present")
    assert current is not None
    assert current.current


def test_broken_dash_without_a_second_date_is_no_range() -> None:
    assert find_range("2014 ï¼ Springfield") is None


def test_single_date_has_no_end() -> None:
    found = find_date("Graduated May 2014")
    assert found is not None
    assert (found.start, found.end, found.current) == ("2014-05", None, False)


def test_overlapping_jobs_count_once() -> None:
    today = date(2024, 1, 1)
    assert years_covered([("2010-01", "2012-01"), ("2011-01", "2013-01")], today=today) == 3.0
    assert years_covered([("2022-01", None)], today=today) == 2.0
    assert years_covered([], today=today) is None


@pytest.mark.parametrize("backwards", [("2020", "2010"), ("2015-03", "2014-11")])
def test_range_that_runs_backwards_covers_no_years(backwards: tuple[str, str]) -> None:
    today = date(2024, 1, 1)
    assert years_covered([backwards, ("2006-01", "2008-01")], today=today) == 2.0
    assert years_covered([backwards], today=today) is None


def test_year_is_not_before_its_own_months() -> None:
    assert years_covered([("2016-05", "2016")], today=date(2024, 1, 1)) == 0.1
