"""One service and one Chromium for all tests of the page; a visitor of its own for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.needed_parts import cannot_run
from tests.page.browser import Visitor, chromium_path, running_chromium, visiting
from tests.page.seeds import import_postings
from tests.service_process import ServiceFolder, ServiceProcess, served

expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        cannot_run("Chromium is not installed")
    with sync_playwright() as playwright, running_chromium(playwright) as running:
        yield running


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    folder = ServiceFolder(tmp_path_factory.mktemp("page") / "service", {})
    import_postings(folder)
    with served(folder) as running:
        yield running


@pytest.fixture
def user_id() -> str:
    return f"visitor-{secrets.token_hex(6)}"


@pytest.fixture
def visitor(browser: Browser, service: ServiceProcess, user_id: str) -> Iterator[Visitor]:
    """On the start of the page, with an empty history. Fails at the end if the page complained."""
    with visiting(browser, service.base_url, user_id=user_id) as opened:
        opened.page.goto("/")
        yield opened
    assert opened.complaints == []
