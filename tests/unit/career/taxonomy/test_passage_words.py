from __future__ import annotations

import numpy as np
import pytest

from ml_service.career.passages import Passage
from ml_service.career.taxonomy.passage_words import terms_of, words_of, words_of_passage

VECTOR = np.ones(3, dtype=np.float32)


def passage(text: str, *, header: bool = False) -> Passage:
    return Passage(text=text, page=1, lines=tuple(range(text.count("\n") + 1)), header=header)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sous Chef, 24h & C++", ["sous", "chef", "24h"]),
        ("Köchin für ÄRZTE", ["köchin", "für", "ärzte"]),
        ("data_engineer", ["data_engineer"]),
        ("a b c 1 2", []),
        ("", []),
    ],
)
def test_words_are_small_letters_and_two_of_them_at_least(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_terms_are_words_and_pairs_of_neighbours() -> None:
    assert terms_of("Head pastry chef") == [
        "head",
        "pastry",
        "chef",
        "head pastry",
        "pastry chef",
    ]
    assert terms_of("Chef") == ["chef"]


def test_the_opening_is_the_first_line() -> None:
    said = words_of_passage(passage("Executive Chef\nRuns a kitchen"), VECTOR)

    assert said.opening == ("executive", "chef")
    assert said.body == ("executive", "chef", "runs", "kitchen")
    assert (said.opening_text, said.body_text) == ("executive chef", "executive chef runs kitchen")


def test_positions_are_read_where_entries_open() -> None:
    text = "Sous Chef\nHotel Marisol | 03/2019 to Current"

    opened = words_of_passage(passage(text, header=True), VECTOR)

    assert opened.position_texts == ("sou chef", "hotel marisol")  # without a plural's s
    assert "sou chef" in opened.positions
    assert not any("2019" in term for term in opened.positions)
    assert words_of_passage(passage(text), VECTOR).positions == ()
