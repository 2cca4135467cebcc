"""Every refusal of a document says what happened and what to do, and lets one go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.bad_documents import REFUSED, BadDocument
from tests.documents import resume_pdf
from tests.page.browser import Visitor
from tests.page.seeds import SOFTWARE_DEVELOPER

TITLES = {
    "too_large": "The file is too large",
    "unsupported_type": "This is not a PDF or DOCX",
    "empty_document": "The document holds no text",
    "no_text_layer": "The pages are pictures",
    "encrypted": "The document is locked",
    "corrupt": "The document is damaged",
    "too_many_pages": "The document is too long",
    "not_a_resume": "This does not look like a resume",
}


def one_of_each() -> list[BadDocument]:
    """The first document that can be refused with one code alone, for each code."""
    found: dict[str, BadDocument] = {}
    for document in REFUSED:
        if len(document.codes) == 1:
            found.setdefault(next(iter(document.codes)), document)
    return list(found.values())


def test_each_code_has_a_document() -> None:
    assert {next(iter(document.codes)) for document in one_of_each()} == set(TITLES)


@pytest.mark.parametrize("document", one_of_each(), ids=lambda document: document.filename)
def test_a_refusal_says_what_to_do(visitor: Visitor, document: BadDocument) -> None:
    visitor.choose_bytes(document.filename, document.make())
    panel = visitor.alert()

    expect(panel.get_by_role("heading")).to_have_text(TITLES[next(iter(document.codes))])
    expect(panel.get_by_role("heading")).to_be_focused()
    expect(panel).to_contain_text(document.filename)
    expect(panel.get_by_role("button", name="Try again")).to_have_count(0)
    panel.get_by_role("button", name="Choose another file").click()
    expect(visitor.page.locator("#file")).to_be_attached()


def test_new_leads_from_a_refusal_to_the_start(visitor: Visitor) -> None:
    """Though the address is that of the start already."""
    visitor.page.goto("/#/")
    visitor.choose_bytes("torn.pdf", b"%PDF-1.7")
    visitor.alert()
    visitor.page.get_by_role("link", name="New").click()

    expect(visitor.page.locator("#file")).to_be_attached()
    expect(visitor.page.locator("h1")).to_be_focused()


@pytest.mark.parametrize(
    ("code", "status", "title"),
    [
        ("parse_timeout", 422, "Reading it took too long"),
        ("parse_memory", 422, "Reading it took too much memory"),
        ("overloaded", 503, "The service is busy"),
        ("rate_limited", 429, "Too many requests in a short time"),
        ("storage_unavailable", 503, "The history cannot be reached"),
        ("a_code_of_tomorrow", 422, "That did not work"),
    ],
)
def test_other_refusals_are_shown_as_well(
    visitor: Visitor, code: str, status: int, title: str
) -> None:
    """They cannot be brought about at will, so that the answer is put in place of the service's."""
    visitor.page.route(
        "**/predict",
        lambda route: route.fulfill(
            status=status,
            json={"code": code, "detail": "Said by the service.", "request_id": "r-1"},
            headers={"Retry-After": "7", "Content-Type": "application/problem+json"},
        ),
    )
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))

    expect(visitor.alert()).to_contain_text(title)
    expect(visitor.alert()).to_contain_text("Request r-1")
    if status != 422:
        expect(visitor.alert()).to_contain_text("Try again in 7 seconds.")
        visitor.page.unroute("**/predict")
        visitor.alert().get_by_role("button", name="Try again").click()
        visitor.shown_result()
