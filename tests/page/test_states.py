"""A service that goes away and comes back, is slow, wants a key, has had enough, keeps no text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.documents import resume_pdf
from tests.page.browser import Visitor, never_answered, visiting
from tests.page.seeds import NURSE, SOFTWARE_DEVELOPER
from tests.page.service_lives import BACK_MS, life_of
from tests.service_process import ServiceFolder, ServiceProcess, free_port, served

KEY, READ_KEY = "a key for the page", "a key that only reads"


@pytest.mark.slow
def test_the_service_goes_away_and_comes_back(browser: Browser, tmp_path: Path) -> None:
    folder, port = ServiceFolder(tmp_path / "service", {}), free_port()
    with visiting(browser, f"http://127.0.0.1:{port}") as visitor:
        banner = visitor.page.locator("#banner")
        with life_of(folder, port):
            visitor.page.goto("/")
            first = visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
        visitor.page.get_by_role("link", name="History").click()
        expect(visitor.alert()).to_contain_text("The service cannot be reached")
        expect(banner).to_contain_text("It is being asked again")
        visitor.page.get_by_role("link", name="New").click()
        visitor.choose_bytes("nurse.pdf", resume_pdf(NURSE))
        expect(visitor.alert()).to_contain_text("The service cannot be reached")
        with life_of(folder, port):
            expect(banner).to_have_text("The service is back.", timeout=BACK_MS)
            visitor.alert().get_by_role("button", name="Try again").click()
            second = visitor.shown_result()
            visitor.page.get_by_role("link", name="History").click()
            expect(visitor.page.locator(".row")).to_have_count(2)
            expect(banner).to_be_hidden()

    assert first != second
    assert visitor.complaints == []


def test_a_view_that_failed_comes_by_itself_when_the_service_is_back(
    visitor: Visitor,
) -> None:
    visitor.page.route("**/predictions?*", lambda route: route.abort())
    visitor.page.route("**/health/live", lambda route: route.abort())
    visitor.page.get_by_role("link", name="History").click()
    expect(visitor.alert()).to_contain_text("The service cannot be reached")
    visitor.page.unroute_all()

    expect(visitor.page.get_by_text("Nothing has been read yet")).to_be_visible(timeout=BACK_MS)


@pytest.mark.slow
def test_a_service_killed_while_it_reads_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    """The second try goes with the first one's idempotency key: one result, not two."""
    folder, port = ServiceFolder(tmp_path / "service", {}), free_port()
    with visiting(browser, f"http://127.0.0.1:{port}") as visitor:
        with life_of(folder, port) as service:
            visitor.page.goto("/")
            visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
            visitor.page.locator(
                ".stages :is([data-state=started], [data-state=finished])"
            ).first.wait_for()
            service.kill()
            expect(visitor.alert()).to_contain_text("Try again")
        with life_of(folder, port):
            visitor.alert().get_by_role("button", name="Try again").click()
            visitor.shown_result()
            visitor.page.get_by_role("link", name="History").click()
            expect(visitor.page.locator(".row")).to_have_count(1)


def test_slowness_is_said(visitor: Visitor) -> None:
    visitor.page.clock.install()
    visitor.page.route("**/predictions?*", never_answered)
    visitor.page.get_by_role("link", name="History").click()
    expect(visitor.page.locator(".loading")).to_contain_text("Loading")
    visitor.page.clock.run_for(6_000)
    expect(visitor.page.locator(".loading")).to_contain_text("longer than usual")


def test_being_offline_is_said(visitor: Visitor) -> None:
    visitor.page.context.set_offline(True)
    visitor.page.get_by_role("link", name="History").click()
    expect(visitor.page.locator("#banner")).to_contain_text("This device is offline")
    visitor.page.context.set_offline(False)

    expect(visitor.page.get_by_text("Nothing has been read yet")).to_be_visible(timeout=BACK_MS)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """Wants a key, keeps no text, has no jobs, and takes two uploads a minute."""
    keys = ",".join(
        f"{name}:{scope}:{hashlib.sha256(key.encode()).hexdigest()}"
        for name, scope, key in (("page", "write", KEY), ("reader", "read", READ_KEY))
    )
    settings = {"API_KEYS": keys, "STORE_RESUME_TEXT": "false", "RATE_LIMIT_UPLOADS": "2/minute"}
    folder = ServiceFolder(tmp_path_factory.mktemp("guarded") / "service", settings)
    with served(folder) as service:
        yield service


@pytest.fixture
def stranger(browser: Browser, guarded: ServiceProcess, user_id: str) -> Iterator[Visitor]:
    with visiting(browser, guarded.base_url, user_id=user_id) as opened:
        opened.page.goto("/")
        yield opened
    assert opened.complaints == []


def give_key(visitor: Visitor, key: str) -> None:
    visitor.alert().get_by_label("API key").fill(key)
    visitor.alert().get_by_role("button", name="Use this key").click()


def test_a_key_is_asked_for_kept_for_the_tab_and_used(stranger: Visitor) -> None:
    stranger.page.get_by_role("link", name="History").click()
    expect(stranger.alert()).to_contain_text("An API key is needed")
    give_key(stranger, "a wrong one")
    expect(stranger.alert()).to_contain_text("An API key is needed")
    give_key(stranger, KEY)
    expect(stranger.page.get_by_text("Nothing has been read yet")).to_be_visible()
    stranger.page.reload()
    expect(stranger.page.get_by_text("Nothing has been read yet")).to_be_visible()
    other_tab = stranger.page.context.new_page()
    other_tab.goto("/#/history")
    expect(other_tab.get_by_role("alert")).to_contain_text("An API key is needed")
    stranger.page.get_by_role("link", name="Settings").click()
    stranger.page.get_by_role("button", name="Forget the key").click()
    stranger.page.get_by_role("link", name="History").click()

    expect(stranger.alert()).to_contain_text("An API key is needed")
    assert KEY not in stranger.page.evaluate("JSON.stringify(localStorage)")


def test_a_key_that_only_reads_is_told_so(stranger: Visitor) -> None:
    stranger.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    give_key(stranger, READ_KEY)

    expect(stranger.alert()).to_contain_text("This key may not do that")


def test_what_such_a_service_leaves_out_is_said(stranger: Visitor) -> None:
    stranger.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    give_key(stranger, KEY)
    stranger.shown_result()
    expect(stranger.page.locator("#section-jobs")).to_contain_text("No job source is set up")
    stranger.page.locator(".paper-place").scroll_into_view_if_needed()
    expect(stranger.page.locator("#section-why")).to_contain_text("does not keep the text")
    match = stranger.page.locator("#section-match")
    match.get_by_label("Job description").fill("Required: Python")
    match.get_by_role("button", name="Match").click()
    expect(match).to_contain_text("Give the advert together with the resume")
    stranger.page.goto("/#/jobs?query=nurse")
    expect(stranger.alert()).to_contain_text("No job source is set up")
    stranger.page.goto("/#/")
    stranger.choose_bytes("nurse.pdf", resume_pdf(NURSE))

    expect(stranger.alert()).to_contain_text("Too many requests in a short time")
    expect(stranger.alert()).to_contain_text("Try again in")
