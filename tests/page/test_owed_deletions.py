"""A deletion that the service could not be told of is not forgotten."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.documents import resume_docx, resume_pdf
from tests.page.browser import USER, Visitor, visiting
from tests.page.seeds import NURSE, SOFTWARE_DEVELOPER, upload
from tests.page.service_lives import BACK_MS, life_of
from tests.service_process import ServiceFolder, ServiceProcess, free_port

UNDO_MS = 10_000
STORED = "localStorage.getItem('resume-page-deletions')"


@pytest.fixture
def reader(browser: Browser, service: ServiceProcess, user_id: str) -> Iterator[Visitor]:
    """A visitor with two results, on the history."""
    upload_two(service.base_url, user_id=user_id)
    with visiting(browser, service.base_url, user_id=user_id) as opened:
        opened.page.goto("/#/history")
        opened.page.locator(".row").first.wait_for()
        yield opened
    assert opened.complaints == []


def upload_two(base_url: str, *, user_id: str) -> None:
    with httpx.Client(base_url=base_url, timeout=120) as client:
        upload(client, "marta.pdf", resume_pdf(SOFTWARE_DEVELOPER), user_id=user_id)
        upload(client, "nurse.docx", resume_docx(NURSE), user_id=user_id)


def held(base_url: str, user_id: str) -> list[str]:
    answer = httpx.get(f"{base_url}/predictions/user/{user_id}")
    return [summary["resume_filename"] for summary in answer.json()["data"]]


def delete_nurse(page: Page) -> None:
    page.get_by_role("button", name="Delete nurse.docx").click()
    page.mouse.move(0, 0)


def test_a_deletion_waits_for_a_service_that_is_away(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    page = reader.page
    page.clock.install()
    page.route("**/predictions/*-*", lambda route: route.abort())
    page.route("**/health/live", lambda route: route.abort())
    delete_nurse(page)
    page.clock.run_for(UNDO_MS + 500)
    expect(page.locator(".toast")).to_contain_text("told again as soon as it is back")
    expect(page.locator(".row")).to_have_count(1)
    assert len(held(service.base_url, user_id)) == 2
    page.unroute_all()
    page.clock.run_for(BACK_MS)

    expect(page.locator(".toast", has_text="nurse.docx is deleted.")).to_be_visible()
    expect(page.locator(".row")).to_have_count(1)
    assert held(service.base_url, user_id) == ["marta.pdf"]
    assert page.evaluate(STORED) == "{}"


def test_a_deletion_that_a_key_is_missing_for_is_sent_with_the_key(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    page = reader.page
    page.clock.install()
    refused = {"status": 401, "json": {"code": "unauthorized"}}
    page.route("**/predictions/*-*", lambda route: route.fulfill(**refused))
    delete_nurse(page)
    page.clock.run_for(UNDO_MS + 500)
    expect(page.locator(".toast")).to_contain_text("cannot delete nurse.docx at the moment")
    page.unroute_all()
    page.get_by_role("link", name="Settings").click()

    expect(page.locator(".toast", has_text="nurse.docx is deleted.")).to_be_visible()
    assert held(service.base_url, user_id) == ["marta.pdf"]


def test_a_deletion_that_is_refused_for_good_is_taken_back(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    page = reader.page
    page.clock.install()
    refused = {"status": 403, "json": {"code": "forbidden"}}
    page.route("**/predictions/*-*", lambda route: route.fulfill(**refused))
    delete_nurse(page)
    page.clock.run_for(UNDO_MS + 500)

    expect(page.locator(".toast")).to_contain_text("could not be deleted and is back")
    expect(page.locator(".row")).to_have_count(2)
    assert page.evaluate(STORED) == "{}"


def test_a_second_tab_leaves_the_first_its_time_to_undo(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    delete_nurse(reader.page)
    other = reader.page.context.new_page()
    other.goto("/#/history")
    other.locator(".row").first.wait_for()
    other.close()
    reader.page.get_by_role("button", name="Undo").click()

    expect(reader.page.locator(".row")).to_have_count(2)
    assert len(held(service.base_url, user_id)) == 2
    assert reader.page.evaluate(STORED) == "{}"


def test_reading_the_same_resume_again_takes_its_deletion_back(
    reader: Visitor, service: ServiceProcess, user_id: str
) -> None:
    delete_nurse(reader.page)
    reader.page.get_by_role("link", name="New").click()
    reader.read("nurse.docx", resume_docx(NURSE))

    expect(reader.page.locator(".toast")).to_contain_text("nurse.docx was kept.")
    assert reader.page.evaluate(STORED) == "{}"


@pytest.mark.slow
def test_a_page_left_while_the_service_is_away_deletes_when_it_is_opened_again(
    browser: Browser, tmp_path: Path
) -> None:
    folder, port = ServiceFolder(tmp_path / "service", {}), free_port()
    base_url = f"http://127.0.0.1:{port}"
    with visiting(browser, base_url) as visitor:
        with life_of(folder, port):
            upload_two(base_url, user_id=USER)
            visitor.page.goto("/#/history")
            visitor.page.locator(".row").first.wait_for()
        delete_nurse(visitor.page)
        visitor.page.goto("about:blank")
        with life_of(folder, port):
            assert len(held(base_url, USER)) == 2
            visitor.page.goto("/#/history")
            expect(visitor.page.locator(".row")).to_have_count(1)
            deadline = time.monotonic() + 5
            while len(held(base_url, USER)) == 2 and time.monotonic() < deadline:
                visitor.page.wait_for_timeout(100)
            assert held(base_url, USER) == ["marta.pdf"]
