"""What a result shows, and that its address can be kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.bad_documents import resume_like_docx
from tests.documents import resume_docx, resume_pdf
from tests.page.browser import LONGEST_READING_MS, Visitor
from tests.page.seeds import ADVERT, NURSE, SOFTWARE_DEVELOPER, first_draft
from tests.written_texts import read_texts

MARTA = resume_pdf(SOFTWARE_DEVELOPER)


def test_lines_are_marked_in_the_text_of_the_resume(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    visitor.page.locator(".paper-place").scroll_into_view_if_needed()
    paper = visitor.page.locator(".paper")
    paper.wait_for(timeout=LONGEST_READING_MS)

    marked = paper.locator("mark.strong, mark.some")
    expect(marked.filter(has_text="Senior Software Engineer").first).to_be_visible()
    expect(paper.locator("mark.hidden").first).to_have_text("Marta Lindqvist")
    expect(visitor.page.locator(".passage").first).to_contain_text("Software engineer with 9 years")


def test_checks_open_their_evidence_and_what_to_do(visitor: Visitor) -> None:
    visitor.read("draft.docx", resume_docx(first_draft(SOFTWARE_DEVELOPER)))
    check = visitor.page.locator("[data-check=length]")
    check.locator("summary").click()

    expect(check.locator("summary")).to_contain_text(re.compile(r"\+[\d.]+ to gain"))
    expect(check).to_contain_text("What to do")
    expect(check).to_contain_text("Evidence")
    expect(check.locator(".quotes")).to_contain_text("page 1, line")


def test_next_steps_lead_to_jobs(visitor: Visitor) -> None:
    visitor.read("nurse.pdf", resume_pdf(NURSE))
    card = visitor.page.locator(".card").first

    expect(card).to_contain_text("Job zone")
    expect(card).to_contain_text("a year")
    expect(card).to_contain_text("Not in the resume yet")
    title = card.get_by_role("heading", level=3).inner_text()
    card.get_by_role("link").click()
    expect(visitor.page.get_by_label("What do you look for?")).to_have_value(title)


def test_matched_jobs_name_matched_and_missing_skills(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    posting = visitor.page.locator("#section-jobs .posting").first

    expect(posting).to_contain_text("Senior Software Developer")
    expect(posting.locator(".chips.matched")).to_contain_text("PostgreSQL")
    expect(posting.locator(".chips.missing")).to_contain_text("Linux")
    expect(posting.get_by_role("link", name="Open the advert")).to_have_attribute(
        "href", "https://example.com/jobs/1"
    )


def test_abstention_is_said_plainly(visitor: Visitor) -> None:
    text = next(iter(read_texts("other_languages").values()))
    visitor.read("lebenslauf.docx", resume_like_docx(text))

    expect(visitor.page.locator("h1")).to_have_text("No clear career path")
    expect(visitor.page.locator(".verdict")).to_contain_text("so none is named")
    expect(visitor.page.locator(".bar")).to_have_count(5)


def test_an_address_can_be_kept_and_walked_back_to(visitor: Visitor) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    visitor.page.goto(f"/#/result/{prediction_id}/ats")
    visitor.page.reload()
    expect(visitor.page.locator("#title-ats")).to_be_focused()
    expect(visitor.page.locator("#title-ats")).to_be_in_viewport()
    visitor.page.get_by_role("link", name="History").click()
    expect(visitor.page.locator("h1")).to_have_text("History")
    visitor.page.go_back()
    expect(visitor.page.locator("h1")).to_have_text("Software Developers")
    visitor.page.goto("/#/result/00000000-0000-0000-0000-000000000000")

    expect(visitor.alert()).to_contain_text("There is no such result")


@pytest.mark.parametrize(
    "content",
    [MARTA, resume_docx(first_draft(replace(SOFTWARE_DEVELOPER, email="nobody")))],
    ids=["finished", "poor"],
)
def test_a_result_is_printed_on_one_page(visitor: Visitor, content: bytes) -> None:
    visitor.page.get_by_text("Match it against a job description").click()
    visitor.page.get_by_label("Job description").fill(ADVERT)
    visitor.read("resume", content)
    printed = pypdfium2.PdfDocument(visitor.page.pdf(prefer_css_page_size=True))
    text = printed[0].get_textpage().get_text_bounded()

    assert len(printed) == 1
    assert "Software Developers" in text
    assert "Say more:" in text
    assert "Settings" not in text
    assert "Delete" not in text


def test_jobs_that_come_later_are_waited_for(visitor: Visitor) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    whole = visitor.page.request.get(f"/predictions/{prediction_id}").json()
    pending = json.dumps({**whole, "jobs": [], "jobs_status": "pending"})
    visitor.page.route(
        f"**/predictions/{prediction_id}",
        lambda route: route.fulfill(body=pending, content_type="application/json"),
    )
    visitor.page.reload()
    jobs = visitor.page.locator("#section-jobs")

    expect(jobs).to_contain_text("The job board has not answered yet")
    expect(jobs.locator(".posting").first).to_be_visible(timeout=10_000)
