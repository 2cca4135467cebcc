"""The history: found, filtered, compared, deleted with time to think, handed over, erased."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.page.browser import Visitor, visiting
from tests.page.seeds import upload_all
from tests.service_process import ServiceProcess

UNDO_MS = 10_000


@pytest.fixture
def reader(browser: Browser, service: ServiceProcess, user_id: str) -> Iterator[Visitor]:
    """A visitor with four results, on the history."""
    upload_all(service.base_url, user_id=user_id)
    with visiting(browser, service.base_url, user_id=user_id) as opened:
        opened.page.goto("/#/history")
        opened.page.locator(".row").first.wait_for()
        yield opened
    assert opened.complaints == []


def held(service: ServiceProcess, user_id: str) -> list[str]:
    answer = httpx.get(f"{service.base_url}/predictions/user/{user_id}")
    return [summary["resume_filename"] for summary in answer.json()["data"]]


def names(page: Page) -> list[str]:
    return page.locator(".row-name").all_inner_texts()


ALL = ["accountant.docx", "nurse_two_columns.pdf", "marta_lindqvist.pdf", "marta_draft.docx"]


def test_results_are_listed_newest_first(reader: Visitor) -> None:
    assert names(reader.page) == ALL
    expect(reader.page.locator(".row").first).to_contain_text("Accountants and Auditors")
    expect(reader.page.locator(".row").first).to_contain_text("Very sure")


def test_the_trend_is_drawn_and_told(reader: Visitor) -> None:
    drawing = reader.page.locator(".trend svg")
    expect(drawing).to_have_attribute("aria-label", re.compile("4 results from .* of 100"))
    expect(drawing.locator(".trend-score circle")).to_have_count(4)
    expect(drawing.locator(".trend-confidence circle")).to_have_count(4)
    reader.page.get_by_text("As a table").click()
    expect(reader.page.locator(".trend tbody tr")).to_have_count(4)
    expect(reader.page.locator(".trend tbody tr").first).to_contain_text("marta_draft.docx")


def test_a_search_and_filters_stand_in_the_address(reader: Visitor) -> None:
    reader.page.get_by_role("searchbox").fill("ledger")
    reader.page.get_by_role("button", name="Search").click()
    expect(reader.page.locator(".row")).to_have_count(1)
    assert names(reader.page) == ["accountant.docx"]
    reader.page.reload()
    expect(reader.page.get_by_role("searchbox")).to_have_value("ledger")
    expect(reader.page.locator(".row")).to_have_count(1)
    reader.page.goto("/#/history")
    reader.page.get_by_text("Filters").click()
    reader.page.get_by_label("Career path").fill("Registered Nurses")
    reader.page.get_by_role("button", name="Show").click()
    expect(reader.page.locator(".row")).to_have_count(1)
    assert names(reader.page) == ["nurse_two_columns.pdf"]
    reader.page.goto("/#/history?before=2020-01-01")

    expect(reader.page.get_by_text("Nothing fits these filters")).to_be_visible()
    reader.page.locator(".empty").get_by_role("link", name="Clear all filters").click()
    expect(reader.page.locator(".row")).to_have_count(4)


def test_an_empty_history_leads_to_the_start(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="History").click()

    expect(visitor.page.get_by_text("Nothing has been read yet")).to_be_visible()
    visitor.page.get_by_role("link", name="Read a resume").click()
    expect(visitor.page.locator("#file")).to_be_attached()


def test_two_results_are_compared(reader: Visitor) -> None:
    reader.page.get_by_label("Compare marta_draft.docx").check()
    compare = reader.page.get_by_role("button", name="Compare the two")
    expect(compare).to_be_disabled()
    reader.page.get_by_label("Compare marta_lindqvist.pdf").check()
    compare.click()

    row = reader.page.locator(".compare-table tr")
    expect(row.filter(has_text="File")).to_contain_text("marta_draft.docx")
    expect(row.filter(has_text="Career path")).to_contain_text("same")
    expect(row.filter(has_text="Software score").locator(".change")).to_contain_text("+")
    expect(row.filter(has_text="Bullets with a figure")).to_contain_text("now counted")
    expect(reader.page.locator(".compare .chips.matched")).to_contain_text("Docker")
    reader.page.reload()
    expect(row.filter(has_text="File")).to_contain_text("marta_lindqvist.pdf")


def test_a_deletion_can_be_taken_back(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    reader.page.get_by_role("button", name="Delete accountant.docx").click()
    expect(reader.page.locator(".row")).to_have_count(3)
    expect(reader.page.locator(".toast")).to_contain_text("accountant.docx will be deleted.")
    assert len(held(service, user_id)) == 4
    reader.page.get_by_role("button", name="Undo").click()

    expect(reader.page.locator(".row")).to_have_count(4)
    expect(reader.page.locator(".toast")).to_contain_text("accountant.docx was kept.")
    assert len(held(service, user_id)) == 4


def test_the_keyboard_stays_in_the_list_after_a_deletion(reader: Visitor) -> None:
    reader.page.get_by_role("button", name="Delete nurse_two_columns.pdf").press("Enter")
    expect(reader.page.locator(".row")).to_have_count(3)
    expect(reader.page.get_by_role("link", name="marta_lindqvist.pdf")).to_be_focused()
    reader.page.get_by_role("button", name="Delete marta_draft.docx").press("Enter")

    expect(reader.page.locator(".row")).to_have_count(2)
    expect(reader.page.get_by_role("link", name="marta_lindqvist.pdf")).to_be_focused()


def test_a_deletion_is_sent_after_ten_seconds(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    reader.page.clock.install()
    reader.page.get_by_role("button", name="Delete accountant.docx").click()
    reader.page.mouse.move(0, 0)
    reader.page.locator("h1").click()
    reader.page.clock.run_for(UNDO_MS - 1_000)
    assert len(held(service, user_id)) == 4
    reader.page.clock.run_for(1_500)

    expect(reader.page.locator(".toast")).to_contain_text("accountant.docx is deleted.")
    assert held(service, user_id) == ALL[1:]


def test_the_time_to_think_stands_still_while_one_is_on_the_message(reader: Visitor) -> None:
    reader.page.clock.install()
    reader.page.get_by_role("button", name="Delete accountant.docx").click()
    reader.page.get_by_role("button", name="Undo").focus()
    reader.page.clock.run_for(UNDO_MS * 3)

    expect(reader.page.get_by_role("button", name="Undo")).to_be_visible()


def test_leaving_the_page_carries_a_deletion_out(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    reader.page.get_by_role("button", name="Delete accountant.docx").click()
    reader.page.goto("/docs")
    reader.page.goto("/#/history")

    expect(reader.page.locator(".row")).to_have_count(3)
    assert held(service, user_id) == ALL[1:]


def test_a_result_is_deleted_from_its_own_page(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    reader.page.get_by_role("link", name="accountant.docx").click()
    reader.page.get_by_role("button", name="Delete").click()

    expect(reader.page.locator("h1")).to_have_text("History")
    expect(reader.page.locator(".row")).to_have_count(3)
    reader.page.get_by_role("button", name="Undo").click()
    expect(reader.page.locator(".row")).to_have_count(4)
    assert len(held(service, user_id)) == 4


def test_everything_about_me_is_handed_over(reader: Visitor, user_id: str) -> None:
    reader.page.get_by_role("link", name="Settings").click()
    with reader.page.expect_download() as started:
        reader.page.get_by_role("button", name="Export everything").click()
    export = json.loads(started.value.path().read_text(encoding="utf-8"))

    assert export["user_id"] == user_id
    assert len(export["predictions"]) == 4
    expect(reader.page.get_by_text("The export is in your downloads.")).to_be_visible()


def test_everything_about_me_is_erased_after_a_question(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    reader.page.get_by_role("link", name="Settings").click()
    reader.page.get_by_role("button", name="Erase everything").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Keep it").click()
    assert len(held(service, user_id)) == 4
    reader.page.get_by_role("button", name="Erase everything").click()
    dialog.get_by_role("button", name="Erase everything now").click()

    expect(reader.page.get_by_text("Everything was erased.")).to_be_visible()
    assert held(service, user_id) == []


def test_a_long_history_goes_on(reader: Visitor) -> None:
    """Of two pages; the service's own paging has tests of its own."""
    page = reader.page

    def short(route: Route) -> None:
        route.continue_(url=route.request.url.replace("limit=50", "limit=3"))

    page.route("**/predictions?*", short)
    page.reload()
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_role("button", name="Show more").click()

    expect(page.locator(".row")).to_have_count(4)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    expect(page.get_by_role("link", name="marta_draft.docx")).to_be_focused()
