"""A real Chromium, Debian's own, and visitors in it whose complaints are written down."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    Request,
    Route,
)

COMMANDS = ("chromium", "chromium-browser", "google-chrome")
# Whoever is root, as in a container, gets no sandbox; nothing here asks for the outside anyway.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
USER = "page-of-the-tests"
LONGEST_READING_MS = 60_000
# What the browser says by itself of any answer that is no success, or that does not come.
ORDINARY = "Failed to load resource"


def never_answered(route: Route) -> None:
    """For ``Page.route``: the request stays open for as long as the page does."""
    del route


def chromium_path() -> str | None:
    return next((path for path in map(shutil.which, COMMANDS) if path), None)


@contextmanager
def running_chromium(playwright: Playwright) -> Iterator[Browser]:
    """Raises FileNotFoundError where there is none."""
    path = chromium_path()
    if path is None:
        raise FileNotFoundError("Chromium is not installed")
    browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    try:
        yield browser
    finally:
        browser.close()


def open_page(context: BrowserContext, *, user_id: str = USER) -> Page:
    """A page whose history hangs on ``user_id`` unless the browser keeps another name already."""
    context.add_init_script(
        "try { localStorage.getItem('resume-page-user') || "
        f"localStorage.setItem('resume-page-user', {user_id!r}) }} catch {{}}"
    )
    return context.new_page()


@dataclass(slots=True)
class Visitor:
    """``complaints``: errors of the page, violations of its policy, requests to elsewhere."""

    page: Page
    base_url: str
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._note_address(request.url))

    def choose(self, file: Path) -> None:
        self.page.locator("#file").set_input_files(file)

    def choose_bytes(self, name: str, content: bytes) -> None:
        payload: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.locator("#file").set_input_files(payload)

    def read(self, name: str, content: bytes) -> str:
        """The id of the result that is shown then."""
        self.choose_bytes(name, content)
        return self.shown_result()

    def shown_result(self) -> str:
        article = self.page.locator("[data-result]")
        article.wait_for(timeout=LONGEST_READING_MS)
        return str(article.get_attribute("data-result"))

    def asked(self, method: str, path: str) -> list[Request]:
        """Grows by each request from now on whose address holds ``path``."""
        found: list[Request] = []

        def note(request: Request) -> None:
            if request.method == method and path in request.url:
                found.append(request)

        self.page.on("request", note)
        return found

    def alert(self) -> Locator:
        panel = self.page.locator("main [role=alert]")
        panel.wait_for(timeout=LONGEST_READING_MS)
        return panel

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(ORDINARY):
            self.complaints.append(text)

    def _note_address(self, address: str) -> None:
        if not address.startswith((self.base_url, "data:", "blob:")):
            self.complaints.append(f"asked elsewhere: {address}")


@contextmanager
def visiting(
    browser: Browser, base_url: str, *, user_id: str = USER, **options: Any
) -> Iterator[Visitor]:
    """``options`` are those of a browser context."""
    context = browser.new_context(base_url=base_url, **options)
    try:
        visitor = Visitor(open_page(context, user_id=user_id), base_url)
        visitor.watch()
        yield visitor
    finally:
        context.close()
