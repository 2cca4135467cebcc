"""Job search on the page, over postings that were imported."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.page.browser import Visitor


def titles(visitor: Visitor) -> list[str]:
    return visitor.page.locator(".posting h2").all_inner_texts()


def test_jobs_are_found_by_words_place_and_remote(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="Jobs").click()
    expect(visitor.page.get_by_text("Type what you look for.")).to_be_visible()
    visitor.page.get_by_label("What do you look for?").fill("software developer")
    visitor.page.get_by_role("button", name="Search").click()
    expect(visitor.page.locator(".posting")).to_have_count(2)
    visitor.page.get_by_label("Where").fill("Portland")
    visitor.page.get_by_role("button", name="Search").click()
    expect(visitor.page.locator(".posting")).to_have_count(1)
    assert titles(visitor) == ["Senior Software Developer"]
    visitor.page.get_by_label("Where").fill("")
    visitor.page.get_by_label("Remote or on site").select_option("Remote only")
    visitor.page.get_by_role("button", name="Search").click()
    expect(visitor.page.locator(".posting h2")).to_have_text(["Software Developer, payments"])
    visitor.page.reload()

    expect(visitor.page.locator(".posting h2")).to_have_text(["Software Developer, payments"])
    expect(visitor.page.get_by_label("Remote or on site")).to_have_value("true")


def test_a_posting_opens_and_leads_out_safely(visitor: Visitor) -> None:
    visitor.page.goto("/#/jobs?query=nurse")
    posting = visitor.page.locator(".posting")
    posting.get_by_text("What the advert says").click()

    expect(posting.locator(".description")).to_contain_text("Night shifts")
    link = posting.get_by_role("link", name="Open the advert")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_nothing_found_says_what_to_try(visitor: Visitor) -> None:
    visitor.page.goto("/#/jobs?query=lighthouse+keeper")

    expect(visitor.page.get_by_role("heading", name="Nothing was found")).to_be_visible()


@pytest.mark.parametrize(
    ("code", "status", "title"),
    [
        ("jobs_not_configured", 503, "No job source is set up"),
        ("jobs_unavailable", 503, "The job board did not answer"),
        ("jobs_quota_exhausted", 429, "The job board's quota is used up"),
    ],
)
def test_what_a_board_cannot_do_is_said(
    visitor: Visitor, code: str, status: int, title: str
) -> None:
    visitor.page.route(
        "**/jobs/search*", lambda route: route.fulfill(status=status, json={"code": code})
    )
    visitor.page.goto("/#/jobs?query=nurse")

    expect(visitor.alert()).to_contain_text(title)
    visitor.page.unroute("**/jobs/search*")
    visitor.alert().get_by_role("button", name="Try again").click()
    expect(visitor.page.locator(".posting")).to_have_count(1)


def a_posting(title: str, *, apply_url: str | None = None) -> dict[str, Any]:
    return {
        "job_id": title,
        "title": title,
        "employer_name": None,
        "location": None,
        "remote": None,
        "salary": None,
        "posted_at": None,
        "similarity": None,
        "matched_skills": [],
        "missing_skills": [],
        "description": "",
        "apply_url": apply_url,
    }


def a_page(title: str, *, next_cursor: str | None = None) -> dict[str, Any]:
    found = {"provider": "x", "fetched_at": "2026-01-01T00:00:00Z"}
    return {"data": [a_posting(title)], "next_cursor": next_cursor, **found}


def test_more_jobs_during_an_outage_are_asked_for_again(visitor: Visitor) -> None:
    page = visitor.page
    page.route("**/jobs/search*", lambda route: route.fulfill(json=a_page("One", next_cursor="2")))
    page.goto("/#/jobs?query=nurse")
    expect(page.locator(".posting")).to_have_count(1)
    page.route("**/jobs/search*cursor=2*", lambda route: route.abort())
    page.get_by_role("button", name="More jobs").click()
    expect(visitor.alert()).to_contain_text("The service cannot be reached")
    assert titles(visitor) == ["One"]
    page.route("**/jobs/search*cursor=2*", lambda route: route.fulfill(json=a_page("Two")))
    visitor.alert().get_by_role("button", name="Try again").click()

    expect(page.locator(".posting h2")).to_have_text(["One", "Two"])
    expect(page.locator(".posting h2").last).to_be_focused()
    expect(page.locator(".loading, main [role=alert]")).to_have_count(0)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example"])
def test_an_advert_cannot_lead_into_the_page(visitor: Visitor, address: str) -> None:
    found = {**a_page("Nurse"), "data": [a_posting("Nurse", apply_url=address)]}
    visitor.page.route("**/jobs/search*", lambda route: route.fulfill(json=found))
    visitor.page.goto("/#/jobs?query=nurse")

    expect(visitor.page.locator(".posting")).to_have_count(1)
    expect(visitor.page.locator(".posting a")).to_have_count(0)
