"""Nothing of a resume ever runs; nothing is asked of elsewhere; the page is light."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Request, expect

from tests.documents import resume_docx
from tests.interviews import turns
from tests.page.browser import LONGEST_READING_MS, Visitor, visiting
from tests.page.seeds import SOFTWARE_DEVELOPER, upload_all
from tests.service_process import PROJECT, ServiceProcess

PAGE = PROJECT / "frontend_stub"
HEAVIEST_BYTES = 150_000
READER = "who-weighs-the-page"
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
        f"/#/jobs?query={PICTURE}&said={SCRIPT}&aside={PICTURE}",
        f"/#/jobs?intent=compare&said={PICTURE}",
        f"/#/interviews/{PICTURE}",
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


def imported_at_once() -> set[Path]:
    """What the first module needs before it runs; what views need alone is imported later."""
    found: set[Path] = set()
    left = [PAGE / "main.js"]
    while left:
        module = left.pop()
        found.add(module)
        named = re.findall(r'^(?:im|ex)port .*?from "(.+?)";', module.read_text("utf-8"), re.M)
        left += [path for name in named if (path := (module.parent / name).resolve()) not in found]
    return found


def test_the_document_names_the_modules_of_its_frame_and_no_others() -> None:
    """So that the browser fetches those side by side, not one after the other as they appear."""
    document = (PAGE / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|rel="modulepreload" href)="page/(.+?\.js)"', document)

    assert {PAGE / name for name in named} == imported_at_once()
    assert len(named) == len(set(named))


@pytest.fixture(scope="module")
def ids(service: ServiceProcess) -> list[str]:
    return upload_all(service.base_url, user_id=READER)


@pytest.fixture(scope="module")
def interview_id(service: ServiceProcess) -> str:
    body = {"interview_id": "weighed", "user_id": READER, "transcript": turns()}
    address = f"{service.base_url}/api/v1/scoring/analyze"
    httpx.post(address, json=body, timeout=60).raise_for_status()
    return "weighed"


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/#/", ".recent"),
        ("/#/result/{ids[1]}", "[data-result]"),
        ("/#/history", ".row"),
        ("/#/compare?a={ids[0]}&b={ids[1]}", ".compare-table"),
        ("/#/jobs?query=nurse&said=nurse+jobs", ".posting"),
        ("/#/interviews", ".talk"),
        ("/#/interviews/{interview_id}", ".report"),
        ("/#/settings", ".health"),
    ],
)
def test_every_address_is_light(
    browser: Browser,
    service: ServiceProcess,
    ids: list[str],
    interview_id: str,
    address: str,
    there: str,
) -> None:
    """As they come over the wire to a new visitor; heads of answers count as well."""
    with visiting(browser, service.base_url, user_id=READER) as visitor:
        loaded: list[Request] = []

        def note(request: Request) -> None:
            loaded.append(request)

        visitor.page.on("requestfinished", note)
        visitor.page.goto(address.format(ids=ids, interview_id=interview_id))
        visitor.page.locator(there).first.wait_for(timeout=LONGEST_READING_MS)
        visitor.page.wait_for_load_state("networkidle")
        of_page = sum(on_the_wire(each) for each in loaded if is_of_the_page(each))
        bodies = sum(each.sizes()["responseBodySize"] for each in loaded)

    print(f"\n{address}: {len(loaded)} answers; the page {of_page} bytes, all bodies {bodies}")
    assert 0 < of_page < HEAVIEST_BYTES
    assert 0 < bodies < HEAVIEST_BYTES
    assert visitor.complaints == []


def on_the_wire(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def is_of_the_page(request: Request) -> bool:
    path = urlsplit(request.url).path
    return path == "/" or path.startswith("/page/")
