from __future__ import annotations

import pytest

from ml_service.ats.action_verbs import begins_with_action_verb
from ml_service.ats.quantities import has_amount
from tests.unit.ats.resumes import GOOD_BULLETS, Draft, check_of, with_bullets

PLAIN = "The support of the customers of the whole region in all matters of daily use"


def test_three_of_five_bullets_with_a_figure_earn_all() -> None:
    check = check_of(with_bullets(*GOOD_BULLETS[:3], PLAIN, PLAIN), "quantified_bullets")
    assert check.status == "pass"
    assert check.earned == check.weight == 12.0
    assert check.evidence[0].text == f"• {GOOD_BULLETS[0]}"


def test_fewer_figures_earn_a_part_and_show_the_bullets_to_change() -> None:
    check = check_of(with_bullets(GOOD_BULLETS[0], PLAIN, PLAIN, PLAIN), "quantified_bullets")
    assert check.status == "partial"
    assert check.earned == pytest.approx(12 * 0.25 / 0.6, abs=0.01)
    assert {evidence.text for evidence in check.evidence} == {f"• {PLAIN}"}
    assert check.fix is not None
    assert "1 of 4 have one, 3 earn all" in check.fix


def test_no_figures_and_no_verbs_fail() -> None:
    draft = with_bullets(PLAIN, PLAIN, PLAIN)
    assert check_of(draft, "quantified_bullets").status == "fail"
    assert check_of(draft, "action_verbs").status == "fail"


def test_bullets_of_two_words_fail_the_length() -> None:
    assert check_of(with_bullets("Sold 9", "Made 8", "Cut 7"), "bullet_length").status == "fail"


def test_verbs_and_lengths_that_are_right_pass() -> None:
    draft = with_bullets(*GOOD_BULLETS)
    assert check_of(draft, "action_verbs").status == "pass"
    assert check_of(draft, "bullet_length").status == "pass"


def test_verbs_and_lengths_that_are_half_right_earn_a_part() -> None:
    draft = with_bullets(*GOOD_BULLETS[:2], "Daily tasks", "Daily calls")
    assert check_of(draft, "action_verbs").status == "partial"
    assert check_of(draft, "bullet_length").status == "partial"


@pytest.mark.parametrize("check_id", ["quantified_bullets", "action_verbs", "bullet_length"])
def test_fewer_than_three_bullets_are_not_judged(check_id: str) -> None:
    check = check_of(with_bullets(*GOOD_BULLETS[:2]), check_id)
    assert (check.status, check.weight, check.earned) == ("skipped", 0.0, 0.0)
    assert check.points_available == 0.0


def test_verbs_of_other_languages_are_not_judged() -> None:
    assert check_of(Draft(language="de"), "action_verbs").status == "skipped"
    assert check_of(Draft(language="de"), "quantified_bullets").status == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "Managed 15 subcontractors",
        "Cut cost by 16%",
        "Umsatz um 20 % gesteigert",
        "Saved $2.6 million",
        "Led a 12-person team",
        "Served 5-10 people a day",
        "Grew revenue 3x",
        "Served 1,200 meals",
        "1.200 Kunden betreut",
        "Doubled the output",
        "Hired two hundred staff",
        "Trained staff. Managed 5 shops",
    ],
)
def test_counts_money_shares_and_multiples_are_amounts(text: str) -> None:
    assert has_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        "Supported Windows 7",
        "Joined in 2015",
        "Worked from 06/2015 to 08/2016",
        "Moved to Python 3.8.1",
        "On call 24/7",
        "Taught 9th graders",
        "Taught level 2 maths",
        "Administered 401(k) plans",
        "Handled 401k questions",
        "Filed W-2 forms and 10-K reports",
        "Call 555-0100",
        "Widened I-95",
        "Kept ISO 9001",
        "No figure at all",
    ],
)
def test_years_versions_ordinals_and_names_are_no_amounts(text: str) -> None:
    assert not has_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        "Led a team",
        "• Successfully planned a fair",
        "Co-founded a shop",
        "Supplies schools with paper",
        "Supply schools with paper",
        "She taught maths",
        "Equipped rooms",
        "1. Wrote a handbook",
    ],
)
def test_bullets_that_begin_with_a_verb(text: str) -> None:
    assert begins_with_action_verb(text)


@pytest.mark.parametrize(
    "text", ["Responsible for sales", "Sales grew", "Duties: filing", "", "•", "Managing a team"]
)
def test_bullets_that_begin_otherwise(text: str) -> None:
    assert not begins_with_action_verb(text)
