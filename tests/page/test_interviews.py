"""A transcript is pasted, scored, reported line by line, listed and deleted."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.interviews import PROBLEM, QUESTIONS_AND_ANSWERS, QUOTED, turns
from tests.page.browser import Visitor, never_answered

AS_LINES = "\n\n".join(f"{turn['speaker']}: {turn['content']}" for turn in turns())
SHORT = "Interviewer: Hello, who are you?\nCandidate: Hi there, I am fine."
UNTECHNICAL = (
    "My colleague was upset about the plan for the summer, so I asked her what she needed and "
    "listened to the whole team. We decided together, and I helped her with the letters."
)
MARKUP = "<img src=x onerror='window.ran = 1'><script>window.ran = 2</script>"
SCORED_MS = 60_000


def paste(page: Page, text: str) -> None:
    page.goto("/#/interviews")
    page.get_by_label("Transcript", exact=True).fill(text)
    page.get_by_role("button", name="Score the interview").click()


def content_of(request: Request) -> Any:
    return request.post_data_json


def score(page: Page, text: str = AS_LINES) -> None:
    paste(page, text)
    page.locator(".report").wait_for(timeout=SCORED_MS)


def test_a_pasted_interview_is_scored_and_its_evidence_opens(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Interviews").click()
    expect(page.get_by_text("No interview was scored yet")).to_be_visible()
    page.get_by_label("Transcript", exact=True).fill(AS_LINES)
    expect(page.get_by_text("Read as 4 turns: Interviewer (2), Candidate (2).")).to_be_visible()
    page.get_by_role("button", name="Score the interview").click()
    page.locator(".report").wait_for(timeout=SCORED_MS)
    communication = page.locator(".criterion").filter(has_text="Communication")

    expect(page.locator(".criterion")).to_have_count(4)
    expect(page.locator("h1")).to_be_focused()
    expect(communication).to_contain_text(re.compile(r"[\d.]+ of 5, shown (very )?clearly"))
    expect(communication).to_contain_text("What would help")
    expect(page.locator(".report")).to_contain_text("not validated against hiring outcomes")
    expect(page.locator(".ring")).to_contain_text(re.compile(r"[\d.]+ of 100 points"))
    line = communication.locator(".line").filter(has_text=QUOTED).first
    line.locator("summary").click()
    expect(line.locator(".turn").first).to_contain_text("Turn 1, Interviewer")
    expect(line.locator(".turn").last).to_contain_text(PROBLEM)
    expect(line.locator("mark")).to_contain_text(QUOTED)
    page.reload()
    expect(page.locator(".criterion q").filter(has_text=QUOTED).first).to_be_visible()
    expect(page.get_by_text("The whole turn is shown right after scoring only.")).to_be_visible()


def test_what_cannot_be_judged_is_said_plainly(visitor: Visitor) -> None:
    score(visitor.page, SHORT)
    report = visitor.page.locator(".report")

    expect(report).to_contain_text("Too little could be assessed")
    expect(report.locator(".criterion .bar-words")).to_have_text(["Not assessed"] * 4)
    expect(report.locator(".ring")).to_have_count(0)
    expect(report.locator(".criterion").first).to_contain_text("That is no low score.")
    expect(report).to_contain_text("What was missing")
    visitor.page.goto("/#/interviews")
    expect(visitor.page.locator(".talk")).to_contain_text("Not assessed")


def test_a_weight_that_moved_is_said(visitor: Visitor) -> None:
    page = visitor.page
    score(page, f"Interviewer: How do you work with others?\nCandidate: {UNTECHNICAL}")
    left_out = page.locator(".criterion.not-assessed")
    assessed = page.locator(".criterion:not(.not-assessed)")

    expect(left_out.first).to_contain_text("What is needed")
    expect(assessed.first).to_contain_text(
        re.compile(r"Counts \d+ % of the whole instead of 25 %, because others were not assessed")
    )


@pytest.mark.parametrize("is_bare_list", [True, False])
def test_a_file_of_json_and_an_advert_are_taken(visitor: Visitor, is_bare_list: bool) -> None:
    page = visitor.page
    sent = visitor.asked("POST", "/api/v1/scoring/analyze")
    content: Any = turns() if is_bare_list else {"transcript": turns(), "id": 7}
    page.goto("/#/interviews")
    page.get_by_label("Or choose a file", exact=True).set_input_files(
        {
            "name": "talk.json",
            "mimeType": "application/json",
            "buffer": json.dumps(content).encode(),
        }
    )
    page.get_by_text("Read as 4 turns").wait_for()
    page.get_by_text("Hold it against a job advert").click()
    page.get_by_label("Job advert").fill("We need Python and PostgreSQL.")
    page.get_by_role("button", name="Score the interview").click()
    page.locator(".report").wait_for(timeout=SCORED_MS)

    assert content_of(sent[0])["transcript"] == turns()
    assert content_of(sent[0])["job"] == "We need Python and PostgreSQL."


def test_names_of_people_ask_who_the_candidate_is(visitor: Visitor) -> None:
    page = visitor.page
    said = turns(*QUESTIONS_AND_ANSWERS, interviewer="Bo Berg", candidate="Ida Holm")
    times = [
        f"[00:0{place}:10] {one['speaker']}: {one['content']}" for place, one in enumerate(said)
    ]
    page.goto("/#/interviews")
    expect(page.get_by_label("Who is the candidate?")).to_be_hidden()
    page.get_by_label("Transcript", exact=True).fill("\n".join(times))
    page.get_by_label("Who is the candidate?").select_option("Ida Holm")
    page.get_by_role("button", name="Score the interview").click()
    page.locator(".report").wait_for(timeout=SCORED_MS)

    expect(page.locator(".line").first).to_contain_text(re.compile("turn [24]"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  ", "Paste a transcript first."),
        ("I worked there for two years.", "No speakers were found."),
        ('{"transcript": [{"who": "me"}]}', "none that can be read"),
        ('{"transcript": [', "none that can be read"),
    ],
)
def test_what_is_no_transcript_is_not_sent(visitor: Visitor, text: str, said: str) -> None:
    sent = visitor.asked("POST", "/api/v1/scoring/analyze")
    paste(visitor.page, text)

    expect(visitor.page.locator(".outcome [role=alert]")).to_contain_text(said)
    expect(visitor.page.get_by_label("Transcript", exact=True)).to_be_focused()
    assert sent == []


def test_a_transcript_that_the_service_refuses_stays_in_its_field(visitor: Visitor) -> None:
    text = "Interviewer: What did you do there?\nInterviewer: Are you still here?"
    paste(visitor.page, "Candidate:\n" + text)

    expect(visitor.alert()).to_contain_text("The candidate says nothing.")
    expect(visitor.alert().get_by_role("button", name="Try again")).to_have_count(0)
    expect(visitor.page.get_by_label("Transcript", exact=True)).to_have_value(re.compile("still"))


def test_too_many_words_are_refused_in_words_of_this_page(visitor: Visitor) -> None:
    paste(visitor.page, "Candidate: " + "word " * 30_001)

    expect(visitor.alert()).to_contain_text("30,000 words at most")


def test_another_try_goes_under_the_same_id(visitor: Visitor) -> None:
    page = visitor.page
    sent = visitor.asked("POST", "/api/v1/scoring/analyze")
    refusal = {"status": 503, "json": {"code": "interview_services_unavailable"}}
    page.route("**/scoring/analyze", lambda route: route.fulfill(**refusal))
    paste(page, AS_LINES)
    expect(visitor.alert()).to_contain_text("Interviews cannot be scored now")
    page.unroute("**/scoring/analyze")
    visitor.alert().get_by_role("button", name="Try again").click()
    page.locator(".report").wait_for(timeout=SCORED_MS)

    assert len({content_of(one)["interview_id"] for one in sent}) == 1


def test_a_deletion_can_be_taken_back_and_else_is_sent(
    visitor: Visitor, service: Any, user_id: str
) -> None:
    page = visitor.page
    score(page, SHORT)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No interview was scored yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".talk")).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Delete: Interview of")).click()
    expect(page.locator(".talk")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("No interview was scored yet")).to_be_visible()

    kept = httpx.get(f"{service.base_url}/api/v1/scoring/user/{user_id}").json()
    assert kept["data"] == []


def test_ids_of_others_can_be_opened(visitor: Visitor, service: Any, user_id: str) -> None:
    interview_id = f"{user_id}/50 % ?#1"
    body = {"interview_id": interview_id, "user_id": user_id, "transcript": turns()}
    httpx.post(f"{service.base_url}/api/v1/scoring/analyze", json=body, timeout=60)
    visitor.page.goto("/#/interviews")
    visitor.page.locator(".talk a").click()

    expect(visitor.page.locator(".report")).to_have_attribute("data-interview", interview_id)


@pytest.mark.parametrize("part", ["nothing-here", "50%"])
def test_an_interview_that_is_gone_is_said_to_be(visitor: Visitor, part: str) -> None:
    visitor.page.goto(f"/#/interviews/{part}")

    expect(visitor.alert()).to_contain_text("There is no such interview")


def test_one_service_away_is_said(visitor: Visitor) -> None:
    page = visitor.page
    score(page)
    report = httpx.get(page.url.replace("#/interviews", "api/v1/scoring")).json()
    report["services"]["technical"] = "unavailable"
    report["criteria"][0] |= {
        "disagreement": 1.2,
        "by_service": [
            {"service": "communication", "score": 3.4, "revision": "1"},
            {"service": "technical", "score": 4.6, "revision": "1"},
        ],
    }
    report["criteria"][1]["evidence"] = [{"turn": 3, "text": None}]
    page.route("**/api/v1/scoring/page-*", lambda route: route.fulfill(json=report))
    page.reload()

    expect(page.locator(".report .pairs")).to_contain_text("did not answer")
    expect(page.locator(".criterion").nth(0)).to_contain_text(
        "The two services differ by 1.2: Communication 3.4, Technical 4.6."
    )
    expect(page.locator(".criterion").nth(1)).to_contain_text("this service keeps no transcripts")


def test_markup_of_a_transcript_is_shown_and_never_run(visitor: Visitor) -> None:
    page = visitor.page
    answer = f"{PROBLEM.replace('Python', f'Python {MARKUP}')}"
    score(page, f"Interviewer: What was hard {MARKUP}?\nCandidate: {answer}")
    page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")

    expect(page.locator(".turn").first).to_contain_text(MARKUP)
    assert page.evaluate("window.ran") is None
    assert page.locator("main script, main img").count() == 0


def test_scoring_that_takes_long_says_so(visitor: Visitor) -> None:
    visitor.page.route("**/scoring/analyze", never_answered)
    paste(visitor.page, AS_LINES)

    expect(visitor.page.locator(".outcome")).to_contain_text("Reading the transcript.")
