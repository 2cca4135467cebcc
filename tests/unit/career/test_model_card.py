from __future__ import annotations

import json
from dataclasses import asdict, fields

import pytest

from ml_service.career.model_card import ModelCard, card_of
from ml_service.domain.errors import ModelUnavailable
from tests.unit.career.taxonomy.makers import card_for

MANIFEST = json.loads(json.dumps({**asdict(card_for()), "weights_sha256": "00", "form": "x"}))


def test_a_manifest_says_what_the_card_holds_and_more() -> None:
    card = card_of(MANIFEST)

    assert card.labels == card_for().labels
    assert asdict(card) == {**asdict(card_for()), "about": MANIFEST["about"]}


@pytest.mark.parametrize("name", [field.name for field in fields(ModelCard)])
def test_a_manifest_that_says_too_little_is_told(name: str) -> None:
    with pytest.raises(ModelUnavailable):
        card_of({key: value for key, value in MANIFEST.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model_id", 7),
        ("labels", "chef"),
        ("labels", ["chef", 7]),
        ("languages", None),
        ("abstains_below", "0.4"),
        ("abstains_below", 40),
        ("metrics", []),
        ("metrics", {"top_1": 0.9}),
        ("calibration", "good"),
        ("about", {"data": 7}),
        ("about", {"data": ["fine", 7]}),
        ("trained_at", None),
    ],
)
def test_a_field_of_another_kind_is_told(name: str, value: object) -> None:
    with pytest.raises(ModelUnavailable):
        card_of({**MANIFEST, name: value})
