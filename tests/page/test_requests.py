"""The box of the job search understands requests, and never stands in the way of searching."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.page.browser import Visitor, never_answered

CLASSIFY = "**/api/v1/intents/classify"
REQUEST = "find me remote software developer jobs"


def ask(page: Page, text: str) -> None:
    page.goto("/#/jobs")
    page.get_by_label("What do you look for?").fill(text)
    page.get_by_role("button", name="Search").click()


def chips(page: Page) -> Locator:
    return page.locator(".chips.asked li button:first-child")


def understood(**slots: Any) -> dict[str, Any]:
    """An answer for a search, whose slots are those of an unspecific one but for ``slots``."""
    blank = {"query": "nurse", "location": None, "country": None, "remote": None}
    rest = {"employment_types": [], "date_posted": "all", "spans": []}
    return {
        "intent": "search_jobs",
        "confidence": 0.99,
        "alternatives": [],
        "out_of_scope": False,
        "slots": {**blank, **rest, **slots},
    }


def wanted(intent: str, *, confidence: float = 0.95, out_of_scope: bool = False) -> dict[str, Any]:
    return {
        "intent": intent,
        "confidence": confidence,
        "alternatives": [],
        "out_of_scope": out_of_scope,
        "slots": None,
    }


def test_a_request_is_understood_searched_and_taken_back(visitor: Visitor) -> None:
    page = visitor.page
    ask(page, REQUEST)
    expect(page.locator(".posting h2")).to_have_text(["Software Developer, payments"])
    expect(page.locator(".understood")).to_contain_text(f"Understood from “{REQUEST}”")
    assert chips(page).all_inner_texts() == ["software developer", "Remote only"]
    expect(page.get_by_label("What do you look for?")).to_have_value("software developer")
    expect(page.get_by_label("Remote or on site")).to_have_value("true")
    page.get_by_role("button", name="Leave out: Remote only").click()
    expect(page.locator(".posting")).to_have_count(2)
    page.get_by_role("button", name="Change: software developer").click()
    expect(page.get_by_label("What do you look for?")).to_be_focused()
    page.reload()
    expect(page.locator(".posting")).to_have_count(2)
    page.get_by_role("link", name="Search the words as I typed them").click()

    expect(page.get_by_label("What do you look for?")).to_have_value(REQUEST)
    expect(page.get_by_label("Remote or on site")).to_have_value("")
    expect(page.locator(".understood")).to_have_count(0)
    page.go_back()
    expect(page.locator(".understood")).to_be_visible()


def test_all_that_is_understood_is_asked_for_and_can_be_changed(visitor: Visitor) -> None:
    page = visitor.page
    searches = visitor.asked("GET", "/jobs/search")
    ask(page, "part-time or contract backend jobs in Portland since last week, no internships")
    expect(chips(page)).to_have_text(
        ["backend", "Where: Portland", "Part time", "Contract", "Posted: In the last week"]
    )
    expect(page.locator(".understood")).to_contain_text("no internships")
    page.get_by_role("checkbox", name="Part time").uncheck()
    page.get_by_role("combobox", name="Posted").select_option("In the last month")
    page.get_by_role("button", name="Search").click()
    expect(chips(page)).to_have_text(
        ["backend", "Where: Portland", "Contract", "Posted: In the last month"]
    )

    assert "employment_types=PARTTIME&employment_types=CONTRACTOR" in searches[0].url
    assert "date_posted=month" in searches[-1].url


def test_the_country_of_a_place_goes_and_stays_with_it(visitor: Visitor) -> None:
    page = visitor.page
    searches = visitor.asked("GET", "/jobs/search")
    german = understood(location="Germany", country="de")
    page.route(CLASSIFY, lambda route: route.fulfill(json=german))
    ask(page, "nurse jobs in Germany")
    expect(chips(page)).to_have_text(["nurse", "Where: Germany"])
    page.get_by_role("combobox", name="Posted").select_option("In the last month")
    page.get_by_role("button", name="Search").click()
    expect(chips(page)).to_have_count(3)
    page.get_by_label("Where", exact=True).fill("Portland")
    page.get_by_role("button", name="Search").click()
    expect(chips(page).nth(1)).to_have_text("Where: Portland")

    assert ["country=de" in search.url for search in searches] == [True, True, False]


def test_a_request_without_a_kind_of_work_is_asked_for_one(visitor: Visitor) -> None:
    page = visitor.page
    searches = visitor.asked("GET", "/jobs/search")
    ask(page, "jobs in Salem")
    expect(page.get_by_role("heading", name="Which kind of work?")).to_be_visible()
    assert searches == []
    page.get_by_label("What do you look for?").fill("nurse")
    page.get_by_role("button", name="Search").click()

    expect(page.locator(".posting h2")).to_have_text(["Registered Nurse"])
    assert "location=Salem" in searches[-1].url


def test_a_new_request_forgets_what_the_one_before_was_understood_to_mean(
    visitor: Visitor,
) -> None:
    page = visitor.page
    ask(page, REQUEST)
    expect(page.locator(".posting")).to_have_count(1)
    page.get_by_label("What do you look for?").fill("nurse jobs in Salem")
    page.get_by_role("button", name="Search").click()

    expect(chips(page)).to_have_text(["nurse", "Where: Salem"])
    expect(page.locator(".posting h2")).to_have_text(["Registered Nurse"])


@pytest.mark.parametrize(
    ("text", "title", "link", "path"),
    [
        ("compare my two resumes", "You want to compare", "Open the history", "/history"),
        ("delete everything about me", "You want your data deleted", "Go to the settings", "/sett"),
        ("how do I prepare for an interview", "prepare an interview", "Go to interviews", "/inter"),
    ],
)
def test_another_wish_is_shown_its_way(
    visitor: Visitor, text: str, title: str, link: str, path: str
) -> None:
    page = visitor.page
    searches = visitor.asked("GET", "/jobs/search")
    ask(page, text)
    expect(page.locator(".empty h2")).to_contain_text(title)
    page.reload()
    expect(page.get_by_label("What do you look for?")).to_have_value(text)
    page.locator("main").get_by_role("link", name=link).click()

    expect(page).to_have_url(re.compile(f"#{path}"))
    assert searches == []


def test_another_wish_can_be_searched_all_the_same(visitor: Visitor) -> None:
    page = visitor.page
    page.route(CLASSIFY, lambda route: route.fulfill(json=wanted("talk_to_person")))
    ask(page, "software developer")
    page.get_by_role("link", name="Search jobs for “software developer”").click()

    expect(page.locator(".posting")).to_have_count(2)


@pytest.mark.parametrize(
    "answer",
    [
        {"json": wanted("out_of_scope", out_of_scope=True)},
        {"json": wanted("salary", confidence=0.6)},
        {"json": wanted("an_intent_of_tomorrow")},
        {"json": wanted("toString")},
        {"json": {"intent": "search_jobs"}},
        {"status": 404, "json": {"code": "model_not_found"}},
        {"status": 503, "json": {"code": "overloaded"}},
        {"body": "<html>"},
    ],
)
def test_else_the_words_are_searched_as_they_are(visitor: Visitor, answer: dict[str, Any]) -> None:
    visitor.page.route(CLASSIFY, lambda route: route.fulfill(**answer))
    ask(visitor.page, "software developer")

    expect(visitor.page.locator(".posting")).to_have_count(2)
    expect(visitor.page.locator(".understood, .empty")).to_have_count(0)


def test_a_service_without_a_model_is_asked_once(visitor: Visitor) -> None:
    page = visitor.page
    asked = visitor.asked("POST", "/intents/classify")
    page.route(CLASSIFY, lambda route: route.fulfill(status=404, json={"code": "model_not_found"}))
    ask(page, "software developer")
    expect(page.locator(".posting")).to_have_count(2)
    page.get_by_label("What do you look for?").fill("nurse")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".posting")).to_have_count(1)

    assert len(asked) == 1


def test_understanding_that_does_not_come_is_not_waited_for(visitor: Visitor) -> None:
    visitor.page.route(CLASSIFY, never_answered)
    ask(visitor.page, "software developer")

    expect(visitor.page.locator(".posting")).to_have_count(2, timeout=10_000)


def test_a_plain_title_that_is_understood_says_nothing_of_it(visitor: Visitor) -> None:
    visitor.page.route(CLASSIFY, lambda route: route.fulfill(json=understood(query="Nurse")))
    ask(visitor.page, "nurse")

    expect(visitor.page.locator(".posting")).to_have_count(1)
    expect(visitor.page.locator(".understood")).to_have_count(0)


def test_what_is_set_aside_is_quoted_by_code_points(visitor: Visitor) -> None:
    span = {"slot": "set_aside", "start": 8, "end": 15}
    visitor.page.route(CLASSIFY, lambda route: route.fulfill(json=understood(spans=[span])))
    ask(visitor.page, "🙂 nurse near me 🙂")

    expect(visitor.page.locator(".understood")).to_contain_text("asked for this: near me.")


def test_strange_parts_of_an_address_are_left_out(visitor: Visitor) -> None:
    page = visitor.page
    searches = visitor.asked("GET", "/jobs/search")
    page.goto("/#/jobs?query=nurse&remote=maybe&kinds=ALL,INTERN&posted=never&intent=toString")
    page.locator(".job-results .fine, .empty").first.wait_for()

    assert "employment_types=INTERN&date_posted=all" in searches[0].url
    assert "remote" not in searches[0].url
