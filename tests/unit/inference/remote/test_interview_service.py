"""A service for interviews in another process that fails, lies, goes away and comes back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ml_service.domain.errors import InterviewServiceUnavailable
from ml_service.domain.interview import (
    CriterionReading,
    InterviewService,
    SaidThere,
    ServiceReading,
    Turn,
)
from ml_service.inference.remote.interview_service import RemoteInterviewService
from ml_service.inference.remote.requests import RequestBounds
from tests.inference_stand_in import (
    InferenceStandIn,
    Play,
    Reply,
    Request,
    breaks_off,
    changed,
    cut_off,
    hangs,
    normal,
    saying,
    slow,
    status,
)
from tests.service_process import free_port

TURNS = (
    Turn(False, "What did you do?"),
    Turn(True, "I wrote the runbook, Größe 12 🙂."),
    Turn(None, "Excuse me."),
)
READING = ServiceReading(
    "technical",
    "1.0+encoder",
    (
        CriterionReading("technical_depth", 3.4, (SaidThere(1, "Größe 12 🙂"),), "Say more."),
        CriterionReading("problem_solving", None, (), "Tell of a problem."),
    ),
)


class Speaks:
    """As a good service does; ``health`` and ``name`` may change."""

    def __init__(self) -> None:
        self.name = "technical"
        self.health: Reply | None = None
        self.n_looks = 0

    def is_inference(self, request: Request) -> bool:
        return request.path == "/predict"

    def answer(self, request: Request) -> Reply:
        if request.path == "/health":
            self.n_looks += 1
            return self.health or _json({"status": "ready", "service": self.name})
        return _json(
            {
                "service": self.name,
                "revision": "1.0+encoder",
                "criteria": [
                    {
                        "criterion": "technical_depth",
                        "score": 3.4,
                        "evidence": [{"turn": 1, "text": "Größe 12 🙂"}],
                        "advice": "Say more.",
                    },
                    {
                        "criterion": "problem_solving",
                        "score": "not assessed",
                        "evidence": [],
                        "advice": "Tell of a problem.",
                    },
                ],
            }
        )


def _json(stated: object) -> Reply:
    return Reply(200, json.dumps(stated).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def speaks() -> Speaks:
    return Speaks()


@pytest.fixture
def server(speaks: Speaks) -> Iterator[InferenceStandIn]:
    with InferenceStandIn(speaks) as server:
        yield server


@asynccontextmanager
async def remote(
    url: str,
    *,
    timeout_s: float = 5.0,
    max_retries: int = 2,
    looks_again_after_s: float = 0.0,
) -> AsyncIterator[RemoteInterviewService]:
    bounds = RequestBounds(timeout_s=timeout_s, max_retries=max_retries)
    service = RemoteInterviewService(
        "technical", url, bounds=bounds, looks_again_after_s=looks_again_after_s
    )
    try:
        yield service
    finally:
        await service.close()


async def test_what_the_service_says_is_read_as_it_is_meant(server: InferenceStandIn) -> None:
    async with remote(server.url) as service:
        port: InterviewService = service
        assert await port.read(TURNS, job="A developer.") == READING
        assert await port.state() == "ok"

    (asked,) = server.inferences
    assert json.loads(asked.body) == {
        "transcript": [
            {"speaker": "interviewer", "content": "What did you do?"},
            {"speaker": "candidate", "content": "I wrote the runbook, Größe 12 🙂."},
            {"speaker": "other", "content": "Excuse me."},
        ],
        "job": "A developer.",
    }


@pytest.mark.parametrize(
    "play", [breaks_off, status(429), status(502), status(503), status(504)], ids=str
)
async def test_what_passes_is_tried_again(server: InferenceStandIn, play: Play) -> None:
    server.play(play, play, normal)
    async with remote(server.url) as service:
        assert await service.read(TURNS, job=None) == READING
        assert service.retries == 2


def criterion(change: Callable[[dict[str, Any]], object]) -> Play:
    """The good answer with its first criterion changed."""
    return changed(lambda answer: change(answer["criteria"][0]))


BAD_ANSWERS: dict[str, Play] = {
    "no JSON": saying(b"<html>"),
    "no object": saying(b"[]"),
    "cut off": cut_off,
    "NaN": saying(
        b'{"service": "technical", "revision": "1", "criteria": [{"criterion": "technical_depth",'
        b' "score": NaN, "evidence": [], "advice": ""}]}'
    ),
    "a score beyond": criterion(lambda one: one.update(score=5.1)),
    "a score in words": criterion(lambda one: one.update(score="3.4")),
    "a score of nothing": criterion(lambda one: one.update(score=None)),
    "no criteria": changed(lambda answer: answer.pop("criteria")),
    "a criterion twice": changed(lambda answer: answer["criteria"].append(answer["criteria"][0])),
    "no revision": changed(lambda answer: answer.update(revision=7)),
    "a turn that is not there": criterion(lambda one: one["evidence"][0].update(turn=9)),
    "a turn before the first": criterion(lambda one: one["evidence"][0].update(turn=-1)),
    "a turn of another": criterion(lambda one: one["evidence"][0].update(turn=0, text="What")),
    "what nobody said": criterion(lambda one: one["evidence"][0].update(text="I wrote all of it")),
    "another service": changed(lambda answer: answer.update(service="communication")),
}


@pytest.mark.parametrize("case", BAD_ANSWERS, ids=str)
async def test_an_answer_that_cannot_be_right_is_not_used(
    server: InferenceStandIn, case: str
) -> None:
    server.play(BAD_ANSWERS[case])
    async with remote(server.url, max_retries=0) as service:
        with pytest.raises(InterviewServiceUnavailable) as refused:
            await service.read(TURNS, job=None)

    assert refused.value.message.startswith("The service 'technical' ")
    assert server.url not in refused.value.message
    assert "runbook" not in refused.value.message


@pytest.mark.parametrize(
    ("play", "why"),
    [
        (hangs, "did not answer in time"),
        (slow(3.0), "did not answer in time"),
        (status(500), "answered with an error"),
        (status(422), "did not take the transcript"),
        (status(503), "has too much to do"),
        (breaks_off, "cannot be reached"),
    ],
    ids=["hangs", "slow", "500", "422", "503", "breaks off"],
)
async def test_why_it_is_away_is_told(server: InferenceStandIn, play: Play, why: str) -> None:
    server.play(play)
    async with remote(server.url, timeout_s=0.5, max_retries=1) as service:
        with pytest.raises(InterviewServiceUnavailable, match=why):
            await service.read(TURNS, job=None)


async def test_nobody_waits_for_one_that_is_known_to_be_away(
    server: InferenceStandIn, speaks: Speaks
) -> None:
    server.play(breaks_off)
    async with remote(server.url, max_retries=0, looks_again_after_s=60.0) as service:
        for _ in range(5):
            with pytest.raises(InterviewServiceUnavailable, match="cannot be reached"):
                await service.read(TURNS, job=None)

    assert (len(server.inferences), speaks.n_looks) == (3, 1)


async def test_one_that_asks_to_be_left_alone_is(server: InferenceStandIn, speaks: Speaks) -> None:
    server.play(status(503, Retry_After="30"))
    async with remote(server.url, max_retries=0) as service:
        for _ in range(3):
            with pytest.raises(InterviewServiceUnavailable, match="too much to do"):
                await service.read(TURNS, job=None)

    assert (len(server.inferences), speaks.n_looks) == (1, 1)


async def test_one_that_is_back_is_found_out_by_its_health(
    server: InferenceStandIn, speaks: Speaks
) -> None:
    speaks.health = Reply(503)
    async with remote(server.url) as service:
        with pytest.raises(InterviewServiceUnavailable):
            await service.read(TURNS, job=None)
        assert await service.state() == "unavailable"
        assert server.inferences == []

        speaks.health = None

        assert await service.read(TURNS, job=None) == READING


@pytest.mark.parametrize(
    "health",
    [
        _json({"status": "ready", "service": "communication"}),
        _json({"status": "ok"}),
        _json([]),
        Reply(404),
        Reply(200, b"<html>"),
    ],
    ids=["another", "nobody", "a list", "not found", "a page"],
)
async def test_no_transcript_goes_to_another_service(
    server: InferenceStandIn, speaks: Speaks, health: Reply
) -> None:
    speaks.health = health
    async with remote(server.url) as service:
        assert await service.state() == "unavailable"
        with pytest.raises(InterviewServiceUnavailable):
            await service.read(TURNS, job=None)

    assert server.inferences == []


async def test_one_that_is_not_there_is_unavailable() -> None:
    async with remote(f"http://127.0.0.1:{free_port()}", max_retries=0, timeout_s=1.0) as service:
        assert await service.state() == "unavailable"
        with pytest.raises(InterviewServiceUnavailable, match="cannot be reached"):
            await service.read(TURNS, job=None)
