"""Which country a place is in, as its name says."""

from __future__ import annotations

import pytest

from ml_service.intents.slots.countries import country_of


@pytest.mark.parametrize(
    ("location", "country"),
    [
        ("Germany", "de"),
        ("the UK", "gb"),
        ("united kingdom", "gb"),
        ("London, England", "gb"),
        ("USA", "us"),
        ("u.s.", "us"),
        ("Toronto, Canada", "ca"),
        ("Split, Croatia", "hr"),
        ("Lyon France", "fr"),
        ("Cape Town (South Africa)", "za"),
        ("New Mexico", "us"),
        ("New South Wales", "au"),
        ("Austin, TX", "us"),
        ("Portland, OR", "us"),
        ("Toronto ON", "ca"),
        ("Türkiye", "tr"),
    ],
)
def test_a_place_that_names_its_country_has_one(location: str, country: str) -> None:
    assert country_of(location) == country


@pytest.mark.parametrize(
    "location",
    ["Berlin", "Georgia", "San Diego, CA", "Berlin, DE", "Mexico City", "Europe", "TX", "Yorks",
     "go or", "", ","],
)  # fmt: skip
def test_a_place_that_does_not_has_none(location: str) -> None:
    assert country_of(location) is None
