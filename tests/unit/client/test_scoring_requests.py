"""Interviews and intents: what is sent, what comes back, and that nothing stands in."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from backend_client import (
    ConfigurationError,
    ConflictError,
    ConnectionFailed,
    InvalidRequestError,
    NotFoundError,
    UnavailableError,
)
from backend_client.types import InterviewTurn
from tests.unit.client import answers
from tests.unit.client.both import Both, Service

SAID = [
    {"speaker": "Interviewer", "content": "Why?"},
    {"speaker": "Candidate", "content": "Because it was slow: I measured it first."},
]
REF = {"model_id": "intents", "revision": "r1", "arm": "champion"}
ENCODER = {"model_id": "e", "revision": "1", "precision": "int8", "engine": "onnx"}


def interview(**changes: object) -> dict[str, Any]:
    return {
        "interview_id": "i-1",
        "user_id": "marta",
        "created_at": "2026-11-21T10:00:00Z",
        "rubric_version": "1.0",
        "overall": 62.5,
        "criteria": [
            {
                "criterion": "communication",
                "score": 3.5,
                "asked_weight": 0.5,
                "weight": 1.0,
                "evidence": [{"turn": 1, "text": "I measured it first."}],
                "by_service": [{"service": "communication", "score": 3.5, "revision": "r"}],
                "disagreement": None,
                "advice": "Say what came of it.",
            },
            {
                "criterion": "technical_depth",
                "score": "not assessed",
                "asked_weight": 0.5,
                "weight": 0.0,
                "evidence": [],
                "by_service": [],
                "disagreement": None,
                "advice": "Name the tools.",
            },
        ],
        "services": {"communication": "ok", "technical": "unavailable"},
        "missing": ["The service technical did not answer."],
        "source": "ml-service",
        **changes,
    }


def intent(**changes: object) -> dict[str, Any]:
    return {
        "intent": "search_jobs",
        "confidence": 0.97,
        "alternatives": [{"intent": "salary", "confidence": 0.02}],
        "out_of_scope": False,
        "slots": {
            "query": "python",
            "location": "Berlin",
            "country": None,
            "remote": True,
            "employment_types": ["FULLTIME"],
            "date_posted": "week",
            "spans": [{"slot": "query", "start": 7, "end": 13}],
        },
        "model": REF,
        "encoder": ENCODER,
        **changes,
    }


def sent(service: Service, at: int = 0) -> Any:
    return json.loads(service.asked[at].content)


def test_an_interview_is_sent_as_the_route_takes_it(both: Both) -> None:
    service = Service([answers.said(201, interview(), ETag='"i-1"')])

    found = both.ask(
        service,
        "analyze_interview",
        [SAID[0], InterviewTurn(**SAID[1])],
        interview_id="i-1",
        user_id="marta",
        rubric={"communication": 1},
        candidate="Candidate",
        idempotency_key="k-1",
    )

    assert service.asked[0].url.path == "/api/v1/scoring/analyze"
    assert service.keys == ["k-1"]
    assert sent(service) == {
        "interview_id": "i-1",
        "transcript": SAID,
        "user_id": "marta",
        "rubric": {"communication": 1},
        "candidate": "Candidate",
    }
    assert [one.score for one in found.criteria] == [3.5, "not assessed"]
    assert found.etag == '"i-1"'
    assert found.services["technical"] == "unavailable"


def test_an_id_is_made_up_once_for_all_tries(both: Both) -> None:
    busy = answers.problem(503, "overloaded")
    service = Service([busy, busy, answers.said(201, interview())])

    both.ask(service, "analyze_interview", SAID)
    both.ask(service, "analyze_interview", SAID)

    first, second, third, other = (sent(service, at)["interview_id"] for at in range(4))
    assert first == second == third == str(UUID(first))
    assert other != first
    assert len(set(service.keys[:3])) == 1
    assert service.keys[3] != service.keys[0]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (409, "interview_exists", ConflictError),
        (422, "invalid_request", InvalidRequestError),
        (503, "interview_services_unavailable", UnavailableError),
    ],
)
def test_nothing_stands_in_for_the_services(
    both: Both, status: int, code: str, error: type[Exception]
) -> None:
    def never(*_: object) -> Any:
        raise AssertionError

    options = {"fallback": "local"}
    service = Service([answers.problem(status, code)])

    with pytest.raises(error, match=code):
        both.ask(service, "analyze_interview", SAID, options=options, analyse=never)
    with pytest.raises(ConnectionFailed):
        both.ask(
            Service([httpx.ConnectError("refused")]),
            "classify_intent",
            "hello",
            options=options,
            analyse=never,
        )


def test_an_interview_is_read_and_deleted_by_its_id(both: Both) -> None:
    service = Service([answers.said(200, interview()), httpx.Response(204)])

    found = both.ask(service, "get_interview", "2026/7 ü")
    gone = both.ask(service, "delete_interview", "2026/7 ü")

    assert found.interview_id == "i-1"
    assert gone is None
    assert [request.method for request in service.asked] == ["GET", "DELETE"]
    assert {request.url.raw_path for request in service.asked} == {
        b"/api/v1/scoring/2026%2F7%20%C3%BC"
    }


def test_a_deletion_whose_answer_was_lost_is_done(both: Both) -> None:
    lost = httpx.ReadError("reset")
    service = Service([lost, answers.problem(404, "interview_not_found")])

    both.ask(service, "delete_interview", "i-1")

    assert len(service.asked) == 2
    with pytest.raises(NotFoundError):
        both.ask(service, "delete_interview", "i-1")


def test_interviews_of_a_user_are_walked_to_their_end(both: Both) -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        assert request.url.raw_path.startswith(b"/api/v1/scoring/user/ada%2F7?limit=1")
        last = "cursor" in request.url.params
        summary = {
            key: value
            for key, value in interview(interview_id="b" if last else "a").items()
            if key in {"interview_id", "user_id", "created_at", "rubric_version", "overall"}
        }
        body = {"data": [summary], "has_more": not last, "next_cursor": None if last else "n"}
        return answers.said(200, body)

    found = both.ask(answering, "user_interviews", "ada/7", limit=1)

    assert [one.interview_id for one in found] == ["a", "b"]


def test_the_services_are_asked_once(both: Both) -> None:
    states = {"model_service_1": "ok", "model_service_2": "unavailable"}
    body = {"status": "degraded", "ml_services": states, "all_services_healthy": False}
    service = Service([answers.said(200, body)])
    busy = Service([answers.problem(503, "overloaded")])

    found = both.ask(service, "interview_services")
    with pytest.raises(UnavailableError):
        both.ask(busy, "interview_services")

    assert (found.status, found.ml_services) == ("degraded", states)
    assert len(busy.asked) == 1


def test_a_wish_for_jobs_comes_with_its_search(both: Both) -> None:
    service = Service([answers.said(200, intent())])
    text = "remote python jobs in Berlin"

    found = both.ask(service, "classify_intent", text, model="intents@champion", user_id="marta")

    assert service.asked[0].url.path == "/api/v1/intents/classify"
    assert sent(service) == {"text": text, "model": "intents@champion", "user_id": "marta"}
    (span,) = found.slots.spans
    assert text[span.start : span.end] == found.slots.query == "python"
    assert found.model.arm == "champion"
    assert found.alternatives[0].intent == "salary"


def test_many_texts_are_one_request(both: Both) -> None:
    other = intent(intent="out_of_scope", out_of_scope=True, slots=None)
    service = Service([answers.said(200, {"results": [intent(), other]})])

    found = both.ask(service, "classify_intents", ("python jobs", "what is the weather"))

    assert service.asked[0].url.path == "/api/v1/intents/classify/batch"
    assert sent(service) == {"texts": ["python jobs", "what is the weather"]}
    assert [one.out_of_scope for one in found.results] == [False, True]
    assert found.results[1].slots is None


def test_a_model_that_is_not_there_is_told_how_to_make(both: Both) -> None:
    detail = "There is no model of intents named intents. Make one with: train"
    service = Service([answers.problem(404, "model_not_found", detail)])

    with pytest.raises(NotFoundError, match="Make one"):
        both.ask(service, "classify_intent", "hello")

    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("method", "argument", "named"),
    [
        ("classify_intent", "half a pair: \ud83d", {}),
        ("classify_intents", "one text", {}),
        ("analyze_interview", SAID, {"rubric": {"communication": float("nan")}}),
        ("analyze_interview", SAID, {"job": "\udc00"}),
        ("analyze_interview", SAID, {"idempotency_key": "a key"}),
    ],
)
def test_what_cannot_be_sent_is_not_sent(
    both: Both, method: str, argument: Any, named: dict[str, Any]
) -> None:
    service = Service([answers.said(200, intent())])

    with pytest.raises(ConfigurationError):
        both.ask(service, method, argument, **named)

    assert service.asked == []
