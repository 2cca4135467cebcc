"""Pictures of the page in Chromium: every view, at three widths, in light and dark.

python scripts/page_screenshots.py FOLDER                 all of them, to look at
python scripts/page_screenshots.py docs/page --for-docs   the handful that the documentation shows
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bad_documents import scanned_pdf
from tests.interviews import turns
from tests.page.browser import USER, open_page, running_chromium
from tests.page.seeds import (
    ADVERT,
    SOFTWARE_DEVELOPER,
    import_postings,
    upload_all,
    write_resume,
)
from tests.service_process import ServiceFolder, served

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
HEIGHTS = {375: 812, 768: 1024, 1280: 900}
N_COLORS = 128
REQUEST = "find me remote software developer jobs since last month, no internships"
TRANSCRIPT = "\n\n".join(f"{turn['speaker']}: {turn['content']}" for turn in turns())
FOR_DOCS = {
    *("result-1280-light", "why-1280-light", "history-1280-dark", "result-375-light"),
    *("interview-1280-light", "understood-1280-light"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One page in one width and theme, the ids of what is in its history, and a scratch folder."""

    page: Page
    ids: list[str]
    scratch: Path


def start(seen: Seen) -> None:
    seen.page.goto("/#/")
    seen.page.locator(".recent").wait_for()


def result(seen: Seen) -> None:
    seen.page.goto("/#/")
    seen.page.get_by_text("Match it against a job description").click()
    # Else the service would answer with what it kept for the width before.
    seen.page.get_by_label("Job description").fill(f"{ADVERT}\nAdvert {uuid4()}")
    seen.page.set_input_files("#file", write_resume(seen.scratch, SOFTWARE_DEVELOPER))
    seen.page.locator("[data-result]").wait_for(timeout=60_000)


def why(seen: Seen) -> None:
    seen.page.goto(f"/#/result/{seen.ids[1]}/why")
    seen.page.locator(".paper-place").scroll_into_view_if_needed()
    seen.page.locator(".paper").wait_for(timeout=60_000)
    seen.page.locator(".paper-place").evaluate("place => place.scrollIntoView()")


def whole_result(seen: Seen) -> None:
    why(seen)
    seen.page.locator(".check summary").first.click()


def refused(seen: Seen) -> None:
    file = seen.scratch / "scan.pdf"
    file.write_bytes(scanned_pdf())
    seen.page.goto("/#/")
    seen.page.set_input_files("#file", file)
    seen.page.get_by_role("alert").wait_for(timeout=60_000)


def history(seen: Seen) -> None:
    seen.page.goto("/#/history")
    seen.page.locator(".row").first.wait_for()


def compare(seen: Seen) -> None:
    seen.page.goto(f"/#/compare?a={seen.ids[0]}&b={seen.ids[1]}")
    seen.page.locator(".compare-table").first.wait_for()


def jobs(seen: Seen) -> None:
    seen.page.goto("/#/jobs?query=software%20developer")
    seen.page.locator(".posting").first.wait_for()


def understood(seen: Seen) -> None:
    seen.page.goto("/#/jobs")
    seen.page.get_by_label("What do you look for?").fill(REQUEST)
    seen.page.get_by_role("button", name="Search").click()
    seen.page.locator(".posting").first.wait_for()


def another_wish(seen: Seen) -> None:
    seen.page.goto("/#/jobs?intent=compare&said=compare%20my%20two%20resumes")
    seen.page.locator(".empty").wait_for()


def interviews(seen: Seen) -> None:
    seen.page.goto("/#/interviews")
    seen.page.get_by_label("Transcript", exact=True).fill(TRANSCRIPT)
    seen.page.get_by_text("Read as").wait_for()


def interview(seen: Seen) -> None:
    interviews(seen)
    seen.page.get_by_role("button", name="Score the interview").click()
    seen.page.locator(".report").wait_for(timeout=60_000)
    seen.page.locator(".line summary").first.click()
    seen.page.evaluate("scrollTo(0, 0)")


def settings(seen: Seen) -> None:
    seen.page.goto("/#/settings")
    seen.page.locator(".health").wait_for()


WHOLE = {
    *(whole_result, compare, settings, history, jobs, start),
    *(understood, another_wish, interviews, interview),
}
VIEWS: tuple[Callable[[Seen], None], ...] = (
    start,
    result,
    why,
    whole_result,
    refused,
    history,
    compare,
    jobs,
    understood,
    another_wish,
    interviews,
    interview,
    settings,
)


def main() -> None:
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        _seeded_service() as (base_url, ids, scratch),
        sync_playwright() as playwright,
        running_chromium(playwright) as browser,
    ):
        for width, theme in ((w, t) for w in HEIGHTS for t in THEMES):
            with _opened(browser, base_url, width, theme) as page:
                _photograph(Seen(page, ids, scratch), width, theme, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--for-docs", action="store_true", help="only what the docs show")
    parser.add_argument("--view", help="only this view")
    return parser.parse_args()


@contextmanager
def _seeded_service() -> Iterator[tuple[str, list[str], Path]]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = ServiceFolder(Path(scratch) / "service", {})
        import_postings(folder)
        with served(folder) as service:
            yield service.base_url, upload_all(service.base_url, user_id=USER), Path(scratch)


@contextmanager
def _opened(browser: Browser, base_url: str, width: int, theme: Theme) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=theme,
        reduced_motion="reduce",
        device_scale_factor=1,
    )
    try:
        yield open_page(context)
    finally:
        context.close()


def _photograph(seen: Seen, width: int, theme: Theme, options: argparse.Namespace) -> None:
    for view in VIEWS:
        name = f"{view.__name__}-{width}-{theme}"
        if options.for_docs and name not in FOR_DOCS:
            continue
        if options.view and view.__name__ != options.view:
            continue
        view(seen)
        seen.page.wait_for_timeout(200)
        file = options.folder / f"{name}.png"
        seen.page.screenshot(path=file, full_page=view in WHOLE and not options.for_docs)
        _make_small(file)
        print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")


def _make_small(file: Path) -> None:
    """A palette is enough for a page of few colours."""
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(N_COLORS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


if __name__ == "__main__":
    main()
