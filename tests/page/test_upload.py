"""From a file to its result: bytes, stages, the result on screen."""

from __future__ import annotations

import zipfile
from io import BytesIO
from os import urandom

import pytest
from playwright.sync_api import JSHandle, expect

from tests.documents import resume_docx, resume_pdf
from tests.page.browser import Visitor, never_answered
from tests.page.seeds import ADVERT, NURSE, SOFTWARE_DEVELOPER

STAGES = 9
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


def test_the_time_from_the_answer_to_the_result_on_screen_is_told(visitor: Visitor) -> None:
    visitor.page.add_init_script(WATCH_MOMENTS)
    visitor.page.reload()
    visitor.read("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    visitor.page.wait_for_timeout(200)

    took_ms = visitor.page.evaluate("shownAt - answeredAt")
    print(f"\nfrom the service's answer to the result on screen: {took_ms:.0f} ms")
    assert took_ms > 0  # how long is a figure for a quiet machine, wanted below 100


def carried_by_mouse(visitor: Visitor) -> dict[str, JSHandle]:
    files = visitor.page.evaluate_handle(
        """(bytes) => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], "dropped.pdf"));
          return carried;
        }""",
        list(resume_pdf(SOFTWARE_DEVELOPER)),
    )
    return {"dataTransfer": files}


def test_a_resume_can_be_dropped(visitor: Visitor) -> None:
    files = carried_by_mouse(visitor)
    expect(visitor.page.locator(".drop")).to_be_visible()
    visitor.page.dispatch_event("body", "dragover", files)
    expect(visitor.page.locator(".drop")).to_contain_text("Let go to read it")
    visitor.page.dispatch_event("body", "drop", files)

    visitor.shown_result()
    expect(visitor.page.locator(".result-head")).to_contain_text("dropped.pdf")


@pytest.mark.parametrize("place", ["on the refusal", "on the start after it"])
def test_one_drop_is_sent_once_however_often_one_was_refused(visitor: Visitor, place: str) -> None:
    visitor.page.route(
        "**/predict", lambda route: route.fulfill(status=422, json={"code": "corrupt"})
    )
    for _ in range(3):
        visitor.choose_bytes("torn.pdf", b"%PDF-1.7")
        visitor.alert().get_by_role("button", name="Choose another file").click()
    if place == "on the refusal":
        visitor.choose_bytes("torn.pdf", b"%PDF-1.7")
        visitor.alert()
    visitor.page.unroute("**/predict")
    sent = visitor.asked("POST", "/predict")
    visitor.page.dispatch_event("body", "drop", carried_by_mouse(visitor))
    visitor.shown_result()

    assert len(sent) == 1


def test_a_file_dropped_while_one_is_read_is_left_aside(visitor: Visitor) -> None:
    visitor.page.route("**/predict", never_answered)
    sent = visitor.asked("POST", "/predict")
    visitor.choose_bytes("marta.pdf", resume_pdf(SOFTWARE_DEVELOPER))
    expect(visitor.page.locator(".progress")).to_be_visible()
    visitor.page.dispatch_event("body", "drop", carried_by_mouse(visitor))
    visitor.page.wait_for_timeout(300)

    assert len(sent) == 1
    expect(visitor.page.locator("h1")).to_have_text("Reading marta.pdf")


def test_text_that_is_dropped_goes_where_it_was_meant(visitor: Visitor) -> None:
    """The page takes files alone: a drop of text into the advert's field is the browser's."""
    visitor.page.locator("textarea").wait_for(state="attached")
    is_left = visitor.page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/plain", "Required: Python");
          const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
          return document.querySelector("textarea").dispatchEvent(drop);
        }"""
    )

    assert is_left


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
