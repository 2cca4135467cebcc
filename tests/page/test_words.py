"""Every word of the page comes from its texts: whoever translates those translates it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bad_documents import scanned_pdf
from tests.page.browser import Visitor, never_answered, visiting
from tests.page.seeds import upload_all
from tests.service_process import PROJECT, ServiceProcess

PAGE = PROJECT / "frontend_stub"
# The page's own texts, each between brackets; what is shown without any comes from elsewhere.
MARKING = """
const marked = (said) => {
  if (typeof said === "string") return `⟦${said}⟧`;
  if (typeof said === "function") return (...given) => marked(said(...given));
  if (Array.isArray(said)) return said.map(marked);
  if (said === null || typeof said !== "object") return said;
  return Object.fromEntries(Object.entries(said).map(([name, each]) => [name, marked(each)]));
};
"""
MODULES = {
    "texts.js": ("texts",),
    "texts/interviews.js": ("interviews", "report"),
    "texts/offers.js": ("offers",),
}
WORDS_SHOWN = """() => {
  const shown = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest("noscript")) shown.push(node.data);
  }
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]"))
    for (const name of ["aria-label", "placeholder", "title", "alt"])
      if (node.hasAttribute(name)) shown.push(node.getAttribute(name));
  return shown;
}"""
# Of the service or of the browser: names of files, occupations, dates, figures.
OF_ELSEWHERE = re.compile(
    r"""[\w-]+\.(pdf|docx) | Software\ Developers | Registered\ Nurses | Accountants\ and\ Auditors
    | [A-Z][a-z]{2}\ \d+,\ \d{4}(,\ [\d:]+\s[AP]M)?""",
    re.VERBOSE,
)


@pytest.fixture(scope="module")
def ids(service: ServiceProcess) -> list[str]:
    return upload_all(service.base_url, user_id="reader-of-words")


@pytest.fixture
def translated(browser: Browser, service: ServiceProcess) -> Iterator[Visitor]:
    with visiting(browser, service.base_url, user_id="reader-of-words") as visitor:
        for module, names in MODULES.items():
            mark(visitor.page, module, names)
        yield visitor


def mark(page: Page, module: str, names: tuple[str, ...]) -> None:
    original = f"./{module.rpartition('/')[2]}?english"
    exported = "".join(f"export const {name} = marked(english.{name});\n" for name in names)
    body = (
        f'export * from "{original}";\nimport * as english from "{original}";\n{MARKING}{exported}'
    )
    page.route(
        f"**/page/{module}",
        lambda route: route.fulfill(body=body, content_type="text/javascript"),
    )


def unmarked(page: Page) -> list[str]:
    """Words outside brackets, and outside what is known to come from elsewhere."""
    shown = "\n".join(page.evaluate(WORDS_SHOWN))
    while (without := re.sub("⟦[^⟦⟧]*⟧", " ", shown)) != shown:
        shown = without
    return re.findall(r"[A-Za-z%]+", OF_ELSEWHERE.sub(" ", shown))


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/#/", ".recent"),
        ("/#/history", ".row"),
        ("/#/history?tag=nobody", ".empty"),
        ("/#/compare", ".empty"),
        ("/#/jobs", "form.filters"),
        ("/#/jobs?intent=compare&said=%E2%9F%A6x%E2%9F%A7", ".empty"),
        ("/#/jobs?location=%E2%9F%A6x%E2%9F%A7&kinds=INTERN&said=%E2%9F%A6x%E2%9F%A7", ".empty"),
        ("/#/interviews", ".empty"),
        ("/#/settings", ".health"),
        ("/#/nowhere", ".empty"),
    ],
)
def test_a_view_says_only_what_the_texts_say(
    translated: Visitor, ids: list[str], address: str, there: str
) -> None:
    translated.page.goto(address)
    translated.page.locator(there).first.wait_for()
    ours = unmarked(translated.page)
    of_settings = {"reader", "of", "words"} if "settings" in address else set()

    assert set(ours) <= of_settings
    assert translated.page.locator("h1").inner_text().startswith("⟦")


def test_figures_have_their_units_from_the_texts(translated: Visitor, ids: list[str]) -> None:
    page = translated.page
    page.goto(f"/#/compare?a={ids[0]}&b={ids[1]}")
    change = page.locator(".compare-table tr.changed .change").filter(has_text="%").first
    expect(change).to_have_text(re.compile(r"⟦[+−][\d.]+ %⟧"))
    page.goto("/#/")
    page.route("**/predict", never_answered)
    translated.choose_bytes("scan.pdf", scanned_pdf())
    expect(page.locator(".sent")).to_have_text(re.compile(r"⟦.*⟦\d+ k?B⟧.*⟧"))


def test_the_document_itself_says_its_name_and_that_it_needs_scripts() -> None:
    document = (PAGE / "index.html").read_text(encoding="utf-8")
    brand = re.search('brand: "(.*)"', (PAGE / "texts.js").read_text(encoding="utf-8"))
    shown = re.sub(r"<noscript>.*</noscript>|<!doctype html>", "", document, flags=re.DOTALL)

    assert brand
    assert re.sub(r"<[^>]*>", "", shown).split() == brand[1].split()
