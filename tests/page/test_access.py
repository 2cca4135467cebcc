"""Keyboard alone, screen readers, a phone's width, reduced motion; what axe finds."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bad_documents import scanned_pdf
from tests.documents import resume_pdf
from tests.interviews import turns
from tests.needed_parts import cannot_run
from tests.page.browser import LONGEST_READING_MS, Visitor, visiting
from tests.page.seeds import SOFTWARE_DEVELOPER, upload_all, write_resume
from tests.service_process import ServiceProcess

AXE = "axe-core@4.10.3"
QUIETLY = ("--no-audit", "--no-fund", "--ignore-scripts", "--no-save")
USER = "reader-of-every-view"
PHONE = {"width": 375, "height": 812}
UNDERSTOOD = (
    "query=software&posted=month&kinds=FULLTIME,PARTTIME,CONTRACTOR,INTERN&aside=near+me"
    "&said=software+jobs+of+any+kind+near+me+since+last+month"
)


@pytest.fixture(scope="module")
def ids(service: ServiceProcess) -> list[str]:
    for name, said in (("read-aloud", turns()), ("too-short", turns(("Who are you?", "Ida.")))):
        body = {"interview_id": name, "user_id": USER, "transcript": said}
        address = f"{service.base_url}/api/v1/scoring/analyze"
        httpx.post(address, json=body, timeout=60).raise_for_status()
    return upload_all(service.base_url, user_id=USER)


def tab_to(page: Page, name: str, *, most: int = 60) -> None:
    """Presses Tab until what is focused is called ``name``."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        label = focused.get_attribute("aria-label") or focused.inner_text()
        if focused.count() and (label.strip() == name):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_everything_can_be_done_with_the_keyboard(
    browser: Browser, service: ServiceProcess, ids: list[str], tmp_path: Path
) -> None:
    with visiting(browser, service.base_url, user_id=USER) as visitor:
        page = visitor.page
        # Choosers are caught from here on; asked for at the last moment, one may come too soon.
        page.on("filechooser", lambda _: None)
        page.goto("/")
        page.keyboard.press("Tab")
        expect(page.locator("#skip")).to_be_focused()
        expect(page.locator("#skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#file")).to_be_focused()
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files(write_resume(tmp_path, SOFTWARE_DEVELOPER))
        visitor.shown_result()
        expect(page.locator("h1")).to_be_focused()
        tab_to(page, "Software score")
        page.keyboard.press("Enter")
        expect(page.locator("#title-ats")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".check").first).to_have_attribute("open", "")
        page.goto("/#/history")
        page.locator(".row").first.wait_for()
        expect(page.locator("h1")).to_be_focused()
        tab_to(page, "Compare marta_draft.docx")
        page.keyboard.press("Space")
        page.keyboard.press("Shift+Tab")
        tab_to(page, "Delete marta_draft.docx")
        page.keyboard.press("Enter")
        tab_to(page, "Undo")
        page.keyboard.press("Enter")
        expect(page.get_by_text("marta_draft.docx was kept.")).to_be_visible()
        expect(page.locator("#main")).to_be_focused()


def test_focus_can_be_seen(visitor: Visitor) -> None:
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")
    outline = visitor.page.locator(":focus").evaluate("node => getComputedStyle(node).outlineWidth")
    assert outline == "3px"


def test_landmarks_and_headings_stand_in_order(
    browser: Browser, service: ServiceProcess, ids: list[str]
) -> None:
    with visiting(browser, service.base_url, user_id=USER) as visitor:
        visitor.page.goto(f"/#/result/{ids[1]}")
        visitor.shown_result()

        for role in ("banner", "main", "contentinfo"):
            expect(visitor.page.get_by_role(role)).to_have_count(1)
        expect(visitor.page.get_by_role("navigation", name="Main")).to_have_count(1)
        levels = visitor.page.locator("h1, h2, h3, h4").evaluate_all(
            "nodes => nodes.map((node) => Number(node.tagName[1]))"
        )
        assert levels[0] == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))


def test_progress_is_told_to_screen_readers(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
          window.spoken = [];
          const place = document.getElementById("spoken");
          const listen = () => spoken.push(place.textContent);
          new MutationObserver(listen).observe(place, { childList: true });
        });"""
    )
    visitor.page.reload()
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    visitor.shown_result()

    spoken = visitor.page.evaluate("spoken")
    assert "Sent. Waiting for the service." in spoken
    assert spoken[-1] == "The result is here."


VIEWS = (
    *("start", "history", "history_filtered", "result", "compare", "settings"),
    *("jobs", "understood", "another_wish", "interviews", "interview", "not_assessed"),
)


def address(view: str, ids: list[str]) -> tuple[str, str]:
    """Where a view is, and what is there when it has come."""
    return {
        "start": ("/#/", ".recent"),
        "history": ("/#/history", ".row"),
        "history_filtered": ("/#/history?tag=nobody", ".empty"),
        "result": (f"/#/result/{ids[1]}", "[data-result]"),
        "compare": (f"/#/compare?a={ids[0]}&b={ids[1]}", ".compare-table"),
        "jobs": ("/#/jobs?query=software+developer", ".posting"),
        "understood": (f"/#/jobs?{UNDERSTOOD}", ".understood ~ .job-results .empty"),
        "another_wish": ("/#/jobs?intent=compare&said=compare+these+two", ".empty"),
        "interviews": ("/#/interviews", ".talk"),
        "interview": ("/#/interviews/read-aloud", ".report"),
        "not_assessed": ("/#/interviews/too-short", ".report"),
        "settings": ("/#/settings", ".health"),
    }[view]


@pytest.fixture
def on_phone(browser: Browser, service: ServiceProcess, ids: list[str]) -> Iterator[Visitor]:
    options: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    with visiting(browser, service.base_url, user_id=USER, **options) as visitor:
        yield visitor
    assert visitor.complaints == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_need_not_scroll_sideways(on_phone: Visitor, ids: list[str], view: str) -> None:
    where, what = address(view, ids)
    on_phone.page.goto(where)
    on_phone.page.locator(what).first.wait_for()
    on_phone.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")

    widths = on_phone.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= PHONE["width"], widths
    assert widths[1] == PHONE["width"], widths


def test_a_resume_is_read_on_a_phone(on_phone: Visitor) -> None:
    on_phone.page.goto("/")
    on_phone.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    on_phone.page.locator("[data-check=length] summary").tap()

    expect(on_phone.page.locator("[data-check=length]")).to_contain_text("What to do")


def test_nothing_moves_for_those_who_asked_for_that(
    browser: Browser, service: ServiceProcess
) -> None:
    with visiting(browser, service.base_url, reduced_motion="reduce") as visitor:
        visitor.page.goto("/")
        moving = visitor.page.evaluate(
            """[...document.querySelectorAll("*")].filter((node) => {
              const style = getComputedStyle(node);
              return style.animationName !== "none" || style.transitionDuration !== "0s";
            }).length"""
        )
        assert moving == 0


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("axe")
    if shutil.which("npm") is None:
        cannot_run("npm is not installed")
    done = subprocess.run(
        ["npm", "install", *QUIETLY, AXE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        cannot_run(f"npm cannot install {AXE}:\n{done.stderr[-2_000:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def found_by_axe(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = json.loads(page.evaluate("axe.run().then((found) => JSON.stringify(found.violations))"))
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


@pytest.mark.full
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("view", [*VIEWS, "marked", "refused"])
def test_axe_finds_nothing(
    browser: Browser,
    service: ServiceProcess,
    ids: list[str],
    axe: str,
    view: str,
    width: int,
    theme: str,
) -> None:
    options: dict[str, Any] = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": theme,
        "reduced_motion": "reduce",
    }
    with visiting(browser, service.base_url, user_id=USER, **options) as visitor:
        show(visitor, view, ids)
        assert found_by_axe(visitor.page, axe) == []


def show(visitor: Visitor, view: str, ids: list[str]) -> None:
    page = visitor.page
    if view == "refused":
        page.goto("/")
        visitor.choose_bytes("scan.pdf", scanned_pdf())
        visitor.alert()
        return
    where, what = address("result" if view == "marked" else view, ids)
    page.goto(where)
    page.locator(what).first.wait_for()
    if view == "marked":
        page.locator(".paper-place").scroll_into_view_if_needed()
        page.locator(".paper").wait_for(timeout=LONGEST_READING_MS)
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
