from __future__ import annotations

import pytest

from ml_service.job_sources.stated_places import StatedPlace, american_place


@pytest.mark.parametrize(
    ("text", "city", "region"),
    [
        ("Richmond, VA", "Richmond", "VA"),
        ("Richmond, VA 23220, USA", "Richmond", "VA"),
        ("Richmond, VA (On-site)", "Richmond", "VA"),
        ("Richmond, Virginia, United States", "Richmond", "VA"),
        ("New York, NY", "New York", "NY"),
        ("Virginia, United States", None, "VA"),
        ("Remote, VA", None, "VA"),
        ("United States", None, None),
    ],
)
def test_an_american_place_is_read(text: str, city: str | None, region: str | None) -> None:
    assert american_place(text) == StatedPlace(city, region, "US")


@pytest.mark.parametrize(
    "text", ["", "Leeds", "Virginia", "VA", "Richmond, va", "Leeds, UK", "Tbilisi, Georgia", ","]
)
def test_any_other_line_states_no_american_place(text: str) -> None:
    assert american_place(text) is None
