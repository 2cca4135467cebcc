"""What a reader changes of a result: notes, tags, feedback, advert; nothing typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from tests.documents import resume_pdf
from tests.page.browser import LONGEST_READING_MS, Visitor
from tests.page.seeds import ADVERT, SOFTWARE_DEVELOPER

MARTA = resume_pdf(SOFTWARE_DEVELOPER)


def kept_notes(visitor: Visitor, prediction_id: str) -> str | None:
    answer = visitor.page.request.get(f"/predictions/{prediction_id}").json()
    return None if answer["notes"] is None else str(answer["notes"])


def write_notes(visitor: Visitor, text: str) -> None:
    visitor.page.get_by_role("textbox", name="Notes").fill(text)


def save(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Save", exact=True).click()


def test_feedback_notes_and_tags_are_kept(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    visitor.page.get_by_role("button", name="No, it does not").click()
    write_notes(visitor, "ask about Go")
    visitor.page.get_by_role("textbox", name="Tags").fill("spring, spring, short list")
    save(visitor)
    expect(visitor.page.get_by_text("Saved.")).to_be_visible()
    visitor.page.reload()

    expect(visitor.page.get_by_role("textbox", name="Notes")).to_have_value("ask about Go")
    expect(visitor.page.get_by_role("textbox", name="Tags")).to_have_value("spring, short list")
    no = visitor.page.get_by_role("button", name="No, it does not")
    expect(no).to_have_attribute("aria-pressed", "true")


def test_the_right_occupation_is_sent_when_it_is_picked_and_called_by_its_title(
    visitor: Visitor,
) -> None:
    visitor.read("marta.pdf", MARTA)
    visitor.page.get_by_role("button", name="No, it does not").click()
    expect(visitor.page.get_by_text("Noted: it does not fit.")).to_be_visible()
    changes = visitor.asked("PATCH", "/predictions/")
    which = visitor.page.get_by_label("Which occupation is right?")
    which.press_sequentially("web developers")
    option = visitor.page.locator("datalist option[value='Web Developers']")
    option.wait_for(state="attached")
    which.fill("Web Developers")
    visitor.page.wait_for_timeout(600)
    assert changes == []
    visitor.page.get_by_role("button", name="This one").click()

    said = visitor.page.get_by_text("The right one, by your word: Web Developers.")
    expect(said).to_be_visible()
    visitor.page.reload()
    expect(said).to_be_visible()
    assert len(changes) == 1


def test_an_occupation_that_is_none_is_not_sent(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    visitor.page.get_by_role("button", name="No, it does not").click()
    visitor.page.get_by_label("Which occupation is right?").fill("Lighthouse philosophers")
    visitor.page.keyboard.press("Enter")

    expect(visitor.alert()).to_contain_text("No occupation has this very title.")


def test_a_note_that_meets_another_one_stays_typed_and_can_be_saved_anyway(
    visitor: Visitor,
) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    visitor.page.reload()
    write_notes(visitor, "mine")
    visitor.page.request.patch(f"/predictions/{prediction_id}", data={"notes": "theirs"})
    save(visitor)

    notes = visitor.page.locator("#section-notes")
    expect(notes).to_contain_text("It was changed elsewhere")
    expect(notes.locator("dd").first).to_have_text("theirs")
    expect(visitor.page.get_by_role("textbox", name="Notes")).to_have_value("mine")
    assert kept_notes(visitor, prediction_id) == "theirs"
    visitor.page.get_by_role("button", name="Save mine anyway").click()
    expect(notes).to_contain_text("Saved.")
    assert kept_notes(visitor, prediction_id) == "mine"


def test_what_is_kept_can_be_taken_instead(visitor: Visitor) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    write_notes(visitor, "mine")
    visitor.page.request.patch(f"/predictions/{prediction_id}", data={"notes": "theirs"})
    save(visitor)
    visitor.page.get_by_role("button", name="Take what is kept").click()

    expect(visitor.page.get_by_role("textbox", name="Notes")).to_have_value("theirs")
    save(visitor)
    expect(visitor.page.locator("#section-notes")).to_contain_text("Saved.")
    assert kept_notes(visitor, prediction_id) == "theirs"


def test_a_record_that_moved_elsewhere_does_not_hinder_a_note(visitor: Visitor) -> None:
    """As it does when jobs arrive: its ETag is another one then, its notes are the same."""
    prediction_id = visitor.read("marta.pdf", MARTA)
    visitor.page.reload()
    write_notes(visitor, "mine")
    visitor.page.request.patch(f"/predictions/{prediction_id}", data={"feedback": "right"})
    save(visitor)

    expect(visitor.page.locator("#section-notes")).to_contain_text("Saved.")
    assert kept_notes(visitor, prediction_id) == "mine"


def test_quick_saves_go_one_after_another(visitor: Visitor) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    write_notes(visitor, "zero")
    save(visitor)
    expect(visitor.page.get_by_text("Saved.")).to_be_visible()
    sent = visitor.asked("PATCH", "/predictions/")
    visitor.page.evaluate(
        """() => {
          const notes = document.querySelector(".notes-form textarea");
          for (const text of ["one", "two", "three"]) {
            notes.value = text;
            notes.form.requestSubmit();
          }
          notes.value = "three, and more";
        }"""
    )
    visitor.page.wait_for_timeout(1_500)
    answers = [request.response() for request in sent]

    assert [answer and answer.status for answer in answers] == [200, 200, 200]
    tags = [answer and answer.header_value("ETag") for answer in answers]
    assert [request.header_value("If-Match") for request in sent[1:]] == tags[:2]
    assert kept_notes(visitor, prediction_id) == "three"
    expect(visitor.page.get_by_role("textbox", name="Notes")).to_have_value("three, and more")


def test_an_advert_can_be_matched_afterwards(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    match = visitor.page.locator("#section-match")
    match.get_by_label("Job description").fill(ADVERT)
    match.get_by_role("button", name="Match").click()

    expect(match.locator(".lead")).to_contain_text("of 100", timeout=LONGEST_READING_MS)
    expect(match.locator(".chips.matched").first).to_contain_text("Python")
    expect(match.get_by_role("heading", level=2)).to_be_focused()


def test_matching_draws_nothing_else_anew_and_is_asked_for_once(visitor: Visitor) -> None:
    prediction_id = visitor.read("marta.pdf", MARTA)
    write_notes(visitor, "half a thought")
    visitor.page.locator("[data-check=length] summary").click()
    asked = visitor.asked("POST", "/rescore")
    match = visitor.page.locator("#section-match")
    match.get_by_label("Job description").fill(ADVERT)
    match.get_by_role("button", name="Match").dblclick()
    expect(match.locator(".lead")).to_contain_text("of 100", timeout=LONGEST_READING_MS)

    assert len(asked) == 1
    assert re.fullmatch("[0-9a-f]{32}", asked[0].header_value("Idempotency-Key") or "")
    expect(visitor.page.get_by_role("textbox", name="Notes")).to_have_value("half a thought")
    expect(visitor.page.locator("[data-check=length]")).to_have_attribute("open", "")
    save(visitor)
    expect(visitor.page.locator("#section-notes")).to_contain_text("Saved.")
    assert kept_notes(visitor, prediction_id) == "half a thought"


def test_a_match_that_is_tried_again_goes_with_the_same_key(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    keys: list[str | None] = []

    def fail_once(route: Route) -> None:
        keys.append(route.request.header_value("Idempotency-Key"))
        if len(keys) == 1:
            route.fulfill(status=503, json={"code": "overloaded"})
        else:
            route.continue_()

    visitor.page.route("**/rescore", fail_once)
    match = visitor.page.locator("#section-match")
    match.get_by_label("Job description").fill(ADVERT)
    match.get_by_role("button", name="Match").click()
    expect(match.get_by_role("alert")).to_contain_text("The service is busy")
    match.get_by_role("button", name="Match").click()
    expect(match.locator(".lead")).to_contain_text("of 100", timeout=LONGEST_READING_MS)

    assert len(keys) == 2
    assert keys[0] == keys[1] is not None


def test_an_advert_that_asks_for_nothing_is_said_to(visitor: Visitor) -> None:
    visitor.read("marta.pdf", MARTA)
    match = visitor.page.locator("#section-match")
    match.get_by_role("button", name="Match").click()
    expect(match.get_by_role("alert")).to_have_text("Paste the text of an advert first.")
    match.get_by_label("Job description").fill("We are nice people in a nice town.")
    match.get_by_role("button", name="Match").click()

    expect(match.locator(".notice")).to_contain_text(
        "No requirement could be found", timeout=LONGEST_READING_MS
    )
