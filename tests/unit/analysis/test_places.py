from __future__ import annotations

import pytest

from ml_service.analysis.phrases.places import without_place


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Web Developer San Francisco, CA", "Web Developer"),
        ("Northwind Systems Remote", "Northwind Systems"),
        ("Globex Financial | New York, NY", "Globex Financial"),
        ("Northwind, Austin, TX, USA", "Northwind"),
        ("Initech Seattle, WA", "Initech"),
        ("Rio de Janeiro, Brazil", ""),
        ("Cedar Falls, IA", ""),
        ("Accountant, Northwind", "Accountant, Northwind"),
        ("Acme, Inc.", "Acme, Inc."),
    ],
)
def test_a_known_place_at_the_end_is_left_out(text: str, rest: str) -> None:
    assert without_place(text) == rest
