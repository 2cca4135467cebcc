"""Nothing of a resume ever runs; nothing is asked of elsewhere; the page is light."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.documents import resume_docx
from tests.page.browser import LONGEST_READING_MS, Visitor, visiting
from tests.page.seeds import SOFTWARE_DEVELOPER
from tests.service_process import PROJECT, ServiceProcess

PAGE = PROJECT / "frontend_stub"
HEAVIEST_BYTES = 150_000
SCRIPT = "<script>window.ran = 1</script>"
PICTURE = '<img src=x onerror="window.ran = 2">'
LINK = "javascript:window.ran=3"
FILE = "<img src=x onerror=window.ran=4>.docx"


def with_markup() -> bytes:
    first, *others = SOFTWARE_DEVELOPER.jobs
    marked = replace(
        first,
        employer=f"Northgate {PICTURE}",
        highlights=(f"Built {SCRIPT} in Python {PICTURE}", *first.highlights),
    )
    person = replace(
        SOFTWARE_DEVELOPER,
        name=f"Marta {SCRIPT}",
        link=LINK,
        summary=f"{SOFTWARE_DEVELOPER.summary} {PICTURE}<svg/onload=window.ran=5>",
        jobs=(marked, *others),
        skills=(*SOFTWARE_DEVELOPER.skills, f"SQL {PICTURE}"),
    )
    return resume_docx(person)


def test_markup_of_a_resume_is_shown_and_never_run(visitor: Visitor) -> None:
    prediction_id = visitor.read(FILE, with_markup())
    visitor.page.locator(".paper-place").scroll_into_view_if_needed()
    paper = visitor.page.locator(".paper")
    paper.wait_for(timeout=LONGEST_READING_MS)
    expect(paper).to_contain_text(SCRIPT)
    expect(paper).to_contain_text(PICTURE)
    notes = visitor.page.get_by_role("textbox", name="Notes")
    notes.fill(f"{SCRIPT}{PICTURE}")
    visitor.page.get_by_role("textbox", name="Tags").fill(PICTURE)
    visitor.page.get_by_role("button", name="Save").click()
    expect(visitor.page.get_by_text("Saved.")).to_be_visible()
    for place in ("/#/history", f"/#/compare?a={prediction_id}&b={prediction_id}", "/#/"):
        visitor.page.goto(place)
        expect(visitor.page.locator("main")).to_contain_text(FILE)
    visitor.page.goto("/#/history")
    visitor.page.get_by_role("button", name=f"Delete {FILE}").click()
    expect(visitor.page.locator(".toast")).to_contain_text(FILE)

    assert visitor.page.evaluate("window.ran") is None
    assert visitor.page.locator("main script, main img, main a[href^=javascript]").count() == 0


def test_markup_in_an_address_is_not_run(visitor: Visitor) -> None:
    for place in (
        f"/#/jobs?query={PICTURE}",
        f"/#/history?q={PICTURE}&tag={SCRIPT}",
        f"/#/{PICTURE}",
    ):
        visitor.page.goto(place)
        expect(visitor.page.locator("h1")).to_be_visible()
    assert visitor.page.evaluate("window.ran") is None


def test_the_policy_lets_nothing_inline_run(browser: Browser, service: ServiceProcess) -> None:
    """Also where somebody got markup in: that is what the policy is for."""
    with visiting(browser, service.base_url) as visitor:
        visitor.page.goto("/")
        visitor.page.evaluate(
            """() => {
              const script = document.createElement("script");
              try { script.textContent = "window.ran = 1"; } catch {}
              try { document.body.append(script); } catch {}
              try { document.body.innerHTML = "<img src=x onerror='window.ran = 2'>"; } catch {}
              try { document.body.setAttribute("onclick", "window.ran = 3"); } catch {}
              document.body.click();
            }"""
        )
        visitor.page.wait_for_timeout(200)

        assert visitor.page.evaluate("window.ran") is None
        assert visitor.complaints


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/page/style/base.css", "/page/icon.svg"])
def test_every_part_comes_with_its_policy(service: ServiceProcess, path: str) -> None:
    answer = httpx.get(f"{service.base_url}{path}")

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = httpx.get(
        f"{service.base_url}{path}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert path == "/" or again.status_code == 304


def test_nothing_beside_the_page_is_served(service: ServiceProcess) -> None:
    for path in (
        "/page/",
        "/page/nothing.js",
        "/page/..%2Frequirements.txt",
        "/page/%2e%2e/README.md",
    ):
        assert httpx.get(f"{service.base_url}{path}").status_code == 404


def test_no_module_makes_markup_of_a_string() -> None:
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    for file in sorted(PAGE.rglob("*.js")):
        assert not sinks.search(file.read_text(encoding="utf-8")), file.name


def test_every_module_is_named_in_the_document() -> None:
    """So that the browser fetches them side by side, not one after the other as imports appear."""
    document = (PAGE / "index.html").read_text(encoding="utf-8")
    for file in sorted(PAGE.rglob("*.js")):
        assert f"page/{file.relative_to(PAGE).as_posix()}" in document, file.name


def test_the_page_is_light(browser: Browser, service: ServiceProcess) -> None:
    on_disk = sum(file.stat().st_size for file in PAGE.rglob("*") if file.is_file())
    with visiting(browser, service.base_url) as visitor:
        sizes: list[int] = []
        visitor.page.on("response", lambda answer: sizes.append(len(answer.body())))
        visitor.page.goto("/", wait_until="networkidle")

    print(f"\nthe page weighs {on_disk} bytes; {len(sizes)} answers of {sum(sizes)} bytes")
    assert on_disk < HEAVIEST_BYTES
    assert 0 < sum(sizes) < HEAVIEST_BYTES
    assert visitor.complaints == []
