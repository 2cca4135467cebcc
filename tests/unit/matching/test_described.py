from __future__ import annotations

import pytest

from ml_service.matching.described import phrases_in, stands_in, stems_of


@pytest.mark.parametrize(
    ("clause", "phrases"),
    [
        ("Experience managing budgets is essential", ("managing budgets",)),
        ("Proven experience in patient care required", ("patient care",)),
        ("You will have excellent written communication skills.", ("written communication",)),
        ("A good understanding of infection control", ("infection control",)),
        (
            "Ability to plan lessons and assess student progress",
            ("plan lessons", "assess student progress"),
        ),
        ("Knowledge of health and safety rules", ("health and safety rules",)),
    ],
)
def test_what_is_asked_for_in_ordinary_words_is_found(
    clause: str, phrases: tuple[str, ...]
) -> None:
    assert phrases_in(clause) == phrases


@pytest.mark.parametrize(
    "clause",
    [
        "You will gain experience in patient care",
        "We have many years of experience in patient care",
        "Ability to travel",
        "Ability to work weekends",
        "Knowledge of relevant fields",
        "A positive attitude and the ability to work in a team",
        "Our hospital stands in a quiet town",
        "Patient care",
    ],
)
def test_offers_traits_and_what_no_resume_states_ask_for_nothing(clause: str) -> None:
    assert phrases_in(clause) == ()


def test_short_items_under_a_heading_of_requirements_are_asked_for() -> None:
    assert phrases_in("Patient care", headed=True) == ("Patient care",)
    assert phrases_in("Please write to Jane Roe", headed=True) == ()
    assert phrases_in("Jane Roe", headed=True) == ()


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Managed the budget of two wards", True),
        ("Managing large budgets", True),
        ("Managed a team", False),
        (
            "Managed ten people in a shop that sold shoes and bags and hats and had no budget",
            False,
        ),
    ],
)
def test_a_phrase_stands_where_all_its_stems_stand_near_each_other(text: str, stands: bool) -> None:
    assert stands_in("managing budgets", stems_of(text)) is stands
