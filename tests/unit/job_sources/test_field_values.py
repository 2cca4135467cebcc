from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ml_service.job_sources.field_values import (
    employment_types,
    link_or_none,
    long_text,
    number_or_none,
    soc_code_or_none,
    text_or_none,
    utc_or_none,
)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("55301900", "55-3019.00"),
        ("55-3019.00", "55-3019.00"),
        ("5530190", None),
        ("5530190a", None),
        ("٥٥301900", None),
        (55301900, None),
        (None, None),
    ],
)
def test_a_soc_code_is_normalised_only_when_it_fits(value: object, code: str | None) -> None:
    assert soc_code_or_none(value) == code


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.invalid/x",
        "//example.invalid/x",
        "https://",
        "https://user:secret@example.invalid/",
        "https://example.invalid/a b",
        "https://example.invalid/\nx",
        'https://example.invalid/"onclick',
        "http://[broken",
        "https://example.invalid/" + "a" * 3_000,
        "",
        None,
        7,
    ],
)
def test_a_link_that_is_not_plain_http_is_dropped(link: object) -> None:
    assert link_or_none(link) is None


@pytest.mark.parametrize(
    "link", ["https://example.invalid/a?b=c#d", "http://example.invalid:8080", "HTTPS://X.invalid/"]
)
def test_a_plain_link_is_kept_as_it_is(link: str) -> None:
    assert link_or_none(link) == link


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2025-01-31T00:00:00.000Z", datetime(2025, 1, 31, tzinfo=UTC)),
        ("2020-10-19T12:01:13+0100", datetime(2020, 10, 19, 11, 1, 13, tzinfo=UTC)),
        ("2025-03-07", datetime(2025, 3, 7, tzinfo=UTC)),
        (1738281600, datetime(2025, 1, 31, tzinfo=UTC)),
        ("1738281600", datetime(2025, 1, 31, tzinfo=UTC)),
        (1738281600000, datetime(2025, 1, 31, tzinfo=UTC)),
        ("07/03/2025", None),
        ("2 months ago", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        (10**400, None),
        (float("inf"), None),
        (True, None),
        ("12345", None),
        (None, None),
    ],
)
def test_times_are_aware_utc_or_nothing(value: object, moment: datetime | None) -> None:
    assert utc_or_none(value) == moment


def test_text_loses_what_no_database_can_keep() -> None:
    assert text_or_none(" a\x00b\ud800 \n c ") == "ab c"
    assert long_text(" a\x00\nb\ud800 ", max_characters=10) == "a\nb"
    assert text_or_none("   ") is None
    assert text_or_none(5) is None
    assert len(text_or_none("word " * 500) or "") <= 300


@pytest.mark.parametrize("value", [True, "5", None, -1, float("nan"), float("inf"), 10**400])
def test_what_is_no_sensible_number_is_none(value: object) -> None:
    assert number_or_none(value) is None


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (["FULLTIME", "INTERN"], ("FULLTIME", "INTERN")),
        ("Full-time and Part-time", ("FULLTIME", "PARTTIME")),
        ("FULL_TIME", ("FULLTIME",)),
        ("Contract", ("CONTRACTOR",)),
        ("TEMPORARY", ("TEMPORARY",)),
        ("sometimes", ()),
        ({"FULLTIME": True}, ()),
        (None, ()),
    ],
)
def test_employment_types_have_one_spelling(value: object, kinds: tuple[str, ...]) -> None:
    assert employment_types(value) == kinds
