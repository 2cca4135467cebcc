"""From a file to its result: bytes, stages, the result on screen."""

from __future__ import annotations

import zipfile
from io import BytesIO
from os import urandom

import pytest
from playwright.sync_api import expect

from tests.documents import resume_docx, resume_pdf
from tests.page.browser import Visitor, never_answered
from tests.page.seeds import ADVERT, NURSE, SOFTWARE_DEVELOPER

STAGES = 9
GENEROUS_MS = 100
WATCH_STAGES = """
window.seenStages = [];
window.seenBytes = [];
new MutationObserver(() => {
  for (const row of document.querySelectorAll(".stages [data-state=finished] > :first-child"))
    if (!seenStages.includes(row.textContent)) seenStages.push(row.textContent);
  const sent = document.querySelector(".sent")?.textContent;
  if (sent && seenBytes.at(-1) !== sent) seenBytes.push(sent);
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""
WATCH_MOMENTS = """
const { send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.send = function (...given) {
  this.addEventListener("progress", () => {
    const isWhole = /event: prediction[\\s\\S]*\\n\\n$/.test(this.responseText);
    if (isWhole) window.answeredAt ??= performance.now();
  });
  return send.apply(this, given);
};
new MutationObserver((_, observer) => {
  if (!document.querySelector("[data-result] h1")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.shownAt = performance.now())));
}).observe(document, { subtree: true, childList: true });
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER)),
        ("marta.docx", resume_docx(SOFTWARE_DEVELOPER)),
    ],
)
def test_a_resume_is_read(visitor: Visitor, name: str, content: bytes) -> None:
    visitor.page.add_init_script(WATCH_STAGES)
    visitor.page.reload()
    visitor.read(name, content)

    expect(visitor.page.locator("h1")).to_have_text("Software Developers")
    expect(visitor.page.locator("h1")).to_be_focused()
    expect(visitor.page.locator(".result-head")).to_contain_text("Very sure, 99 %")
    expect(visitor.page.locator(".bar")).to_have_count(5)
    expect(visitor.page.locator(".check")).to_have_count(10)
    expect(visitor.page).to_have_title("Software Developers · Resume reading")
    assert len(visitor.page.evaluate("seenStages")) == STAGES


def test_bytes_are_counted_while_they_go(visitor: Visitor) -> None:
    visitor.page.add_init_script(WATCH_STAGES)
    visitor.page.reload()
    session = visitor.page.context.new_cdp_session(visitor.page)
    slowly = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 3e6}
    session.send("Network.emulateNetworkConditions", slowly)
    visitor.read("heavy.docx", with_ballast(resume_docx(NURSE), n_bytes=4_000_000))

    sent = [text for text in visitor.page.evaluate("seenBytes") if " of 4.0 MB sent" in text]
    assert len(set(sent)) > 2, visitor.page.evaluate("seenBytes")


def with_ballast(docx: bytes, *, n_bytes: int) -> bytes:
    """The same document beside a picture that nothing refers to."""
    buffer = BytesIO(docx)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/media/image9.png", urandom(n_bytes))
    return buffer.getvalue()


def test_the_result_is_on_screen_soon_after_the_answer(visitor: Visitor) -> None:
    visitor.page.add_init_script(WATCH_MOMENTS)
    visitor.page.reload()
    visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    visitor.page.wait_for_timeout(200)

    took_ms = visitor.page.evaluate("shownAt - answeredAt")
    print(f"\nfrom the service's answer to the result on screen: {took_ms:.0f} ms")
    assert 0 < took_ms < GENEROUS_MS * 3


def test_a_resume_can_be_dropped(visitor: Visitor) -> None:
    files = visitor.page.evaluate_handle(
        """(bytes) => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], "dropped.pdf"));
          return carried;
        }""",
        list(resume_pdf(SOFTWARE_DEVELOPER)),
    )
    visitor.page.dispatch_event("body", "dragover", {"dataTransfer": files})
    expect(visitor.page.locator(".drop")).to_contain_text("Let go to read it")
    visitor.page.dispatch_event("body", "drop", {"dataTransfer": files})

    visitor.shown_result()
    expect(visitor.page.locator(".result-head")).to_contain_text("dropped.pdf")


def test_an_upload_can_be_cancelled(visitor: Visitor) -> None:
    visitor.page.route("**/predict", never_answered)
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    visitor.page.get_by_role("button", name="Cancel").click()

    expect(visitor.page.get_by_text("Cancelled. Nothing was kept.")).to_be_visible()
    expect(visitor.page.locator("#file")).to_be_attached()


def test_the_same_file_again_is_answered_from_what_was_kept(visitor: Visitor) -> None:
    first = visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    visitor.page.get_by_role("link", name="New").click()
    second = visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))

    assert first == second
    expect(visitor.page.get_by_text("The same file was read before")).to_be_visible()


def test_an_advert_given_with_the_resume_is_matched(visitor: Visitor) -> None:
    visitor.page.get_by_text("Match it against a job description").click()
    visitor.page.get_by_label("Job description").fill(ADVERT)
    visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))

    match = visitor.page.locator("#section-match")
    expect(match.locator(".chips.matched").first).to_contain_text("PostgreSQL")
    expect(match.locator(".chips.missing")).to_contain_text("Terraform")
    expect(match.locator(".quotes")).to_contain_text("page 1, line")
