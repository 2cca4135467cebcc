"""Transcripts that are wrong, odd or hold too little: each gets a clear answer."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from ml_service.interview.transcript import MAX_WORDS
from tests.integration.interviews.analyzing import ANALYZE, PATH, analyzed
from tests.interviews import ONE_ANSWER, QUESTIONS_AND_ANSWERS, an_interview, turns

pytestmark = pytest.mark.asyncio(loop_scope="session")

GERMAN = (
    "Erzählen Sie von einem schwierigen Problem.",
    (
        "Unsere nächtliche Abrechnung dauerte sechs Stunden, weil jede Zeile einzeln geschrieben "
        "wurde. Ich habe gemessen, einen fehlenden Index gefunden und die Zeilen gebündelt."
    ),
)
BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "nothing": ({"transcript": []}, 422, "/transcript", "empty"),
    "blank turns": ({"transcript": turns(("", " "))}, 422, "/transcript", "empty"),
    "a candidate who says nothing": (
        {"transcript": turns(("Hello?", ""))},
        422,
        "/transcript",
        "says nothing",
    ),
    "no candidate": (
        {"transcript": [{"speaker": "Interviewer", "content": "Hello?"}]},
        422,
        "/transcript",
        "candidate",
    ),
    "unknown speakers": (
        {"transcript": turns(interviewer="Anna", candidate="Tom")},
        422,
        "/transcript",
        "speakers is known",
    ),
    "a candidate who is not there": (
        {"candidate": "Tim"},
        422,
        "/transcript",
        "how it is spelled",
    ),
    "zero weights": ({"rubric": {"communication": 0}}, 422, "/rubric", "zero"),
    "no weights": ({"rubric": {}}, 422, "/rubric", "empty"),
    "a negative weight": (
        {"rubric": {"communication": -1}},
        422,
        "/rubric/communication",
        "zero or above",
    ),
    "a missing weight": (
        {"rubric": {"communication": None}},
        422,
        "/rubric/communication",
        "number",
    ),
    "a weight in words": (
        {"rubric": {"communication": "much"}},
        422,
        "/rubric/communication",
        "number",
    ),
    "an unknown criterion": ({"rubric": {"charm": 1}}, 422, "/rubric/charm", "Known are"),
    "another language": ({"transcript": turns(GERMAN)}, 422, "/transcript", "English"),
    "an unknown field": ({"language": "en"}, 422, "/language", "not known"),
    "a turn without a speaker": (
        {"transcript": [{"content": "Hello"}]},
        422,
        "/transcript/0/speaker",
        "required",
    ),
    "an id that is an address": ({"interview_id": "health"}, 422, "/interview_id", "another one"),
    "an id that is a list": ({"interview_id": "user/ada"}, 422, "/interview_id", "another one"),
    "an id that is a step": ({"interview_id": "."}, 422, "/interview_id", "another one"),
    "an id that is a step up": ({"interview_id": ".."}, 422, "/interview_id", "another one"),
    "half a character": (
        {"transcript": turns(("Hello?", "I built it \ud800 alone."))},
        422,
        "/transcript/1/content",
        "cannot be used",
    ),
    "two candidates": (
        {"transcript": [{**ONE_ANSWER, "speaker": f"Candidate {n}"} for n in (1, 2)]},
        422,
        "/candidate",
        "Two candidates speak",
    ),
    "a blank id": ({"interview_id": " "}, 422, "/interview_id", "not blank"),
    "a long id": ({"interview_id": "x" * 129}, 422, "/interview_id", "128"),
    "a user of two lines": ({"user_id": "a\nb"}, 422, "/user_id", "one line"),
    "a job of whole books": ({"job": "x" * 20_001}, 422, "/job", "20000"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
async def test_bad_input_gets_a_clear_answer(client: httpx.AsyncClient, case: str) -> None:
    fields, status, pointer, words = BAD[case]

    body = json.dumps({**an_interview("bad"), **fields})

    answer = await client.post(ANALYZE, content=body, headers={"Content-Type": "application/json"})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, "invalid_request"), answer.text
    assert problem["errors"][0]["pointer"] == pointer
    assert words in problem["errors"][0]["detail"]
    assert (await client.get(f"{PATH}/bad")).status_code == 404


async def test_a_weight_that_is_no_number_in_json_is_refused(client: httpx.AsyncClient) -> None:
    body = json.dumps({**an_interview("bad"), "rubric": {"communication": float("nan")}})

    answer = await client.post(ANALYZE, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (
        422,
        "/rubric/communication",
    )


async def test_fifty_thousand_words_are_told_how_many_are_taken(
    client: httpx.AsyncClient,
) -> None:
    words = "word " * 25_000

    answer = await client.post(
        ANALYZE, json={**an_interview("long"), "transcript": turns((words, words))}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert f"{MAX_WORDS:,} words" in answer.json()["detail"]


async def test_one_speaker_only_is_scored_and_what_is_missing_is_said(
    client: httpx.AsyncClient,
) -> None:
    report = await analyzed(
        client, "alone", transcript=[ONE_ANSWER], rubric={"relevance": 1, "technical_depth": 1}
    )

    relevance, depth = report["criteria"]
    assert (relevance["score"], relevance["weight"], relevance["asked_weight"]) == (
        "not assessed",
        0,
        0.5,
    )
    assert depth["weight"] == 1
    assert any("no question" in sentence for sentence in report["missing"])
    assert any("not assessed" in sentence for sentence in report["missing"])


async def test_an_answer_without_substance_is_not_assessed(client: httpx.AsyncClient) -> None:
    report = await analyzed(client, "short", transcript=turns(("How are you?", "Fine, thank you.")))

    assert report["overall"] is None
    assert {one["score"] for one in report["criteria"]} == {"not assessed"}
    assert {one["weight"] for one in report["criteria"]} == {0}
    assert all(one["evidence"] == [] and one["advice"] for one in report["criteria"])


async def test_what_is_set_aside_is_said(client: httpx.AsyncClient) -> None:
    marked = ("Why?", f"<p>{QUESTIONS_AND_ANSWERS[0][1]}</p>")

    report = await analyzed(
        client, "mixed", transcript=turns(*QUESTIONS_AND_ANSWERS, marked, GERMAN)
    )

    assert any("Markup" in sentence for sentence in report["missing"])
    assert any("1 turn of the candidate may not be in English" in one for one in report["missing"])


async def test_labels_of_ones_own_are_taken_with_the_candidates(client: httpx.AsyncClient) -> None:
    usual = await analyzed(client, "usual")
    named = await analyzed(
        client,
        "named",
        transcript=turns(interviewer="Anna", candidate="Tom"),
        candidate="tom",
    )

    assert named["criteria"] == usual["criteria"]


async def test_markup_is_text_like_any_other(client: httpx.AsyncClient) -> None:
    marked = "<script>alert(1)</script> I chose PostgreSQL & <b>batched</b> updates because of it."
    pairs = (*QUESTIONS_AND_ANSWERS, ("What did you <i>choose</i>?", marked))

    report = await analyzed(client, "<b>&amp;", user_id="<u>", transcript=turns(*pairs))

    assert (report["interview_id"], report["user_id"]) == ("<b>&amp;", "<u>")
    for one in report["criteria"]:
        for said in one["evidence"]:
            assert said["text"] in turns(*pairs)[said["turn"]]["content"]
    assert (await client.get(f"{PATH}/%3Cb%3E&amp;")).json() == report
    assert (await client.get(f"{PATH}/user/%3Cu%3E")).json()["data"][0]["user_id"] == "<u>"
