"""``Accept: text/event-stream`` on uploads: each stage as it happens, then how it ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.documents import resume_pdf
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

RESUME = resume_pdf(PEOPLE[2])
EVENTS = "text/event-stream"
STAGES = ["extract", "analyse", "redact", "embed", "predict", "explain", "score", "match", "save"]


@dataclass(frozen=True)
class Event:
    name: str
    content: Any
    event_id: str | None


def events_of(answer: httpx.Response) -> list[Event]:
    events = []
    for block in answer.text.split("\n\n")[:-1]:
        lines = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if fields:
            events.append(Event(fields["event"], json.loads(fields["data"]), fields.get("id")))
    return events


async def upload(
    api: httpx.AsyncClient,
    content: bytes = RESUME,
    *,
    accept: str = EVENTS,
    key: str | None = None,
    **fields: str,
) -> httpx.Response:
    headers = {"Accept": accept} | ({"Idempotency-Key": key} if key else {})
    files = {"file": ("resume.pdf", content)}
    return await api.post("/predict?force=true", files=files, data=fields, headers=headers)


async def test_every_stage_is_told_and_the_prediction_is_last(api: httpx.AsyncClient) -> None:
    answer = await upload(api, user_id="streamed")

    *stages, last = events_of(answer)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == EVENTS
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert {event.name for event in stages} == {"stage"}
    told = [(event.content["stage"], event.content["state"]) for event in stages]
    assert told == [(stage, state) for stage in STAGES for state in ("started", "finished")]
    assert all(e.content["seconds"] >= 0 for e in stages if e.content["state"] == "finished")
    stored = await api.get(f"/predictions/{last.event_id}")
    assert (last.name, last.content) == ("prediction", stored.json())


async def test_a_refusal_before_the_first_stage_has_its_own_status(
    api: httpx.AsyncClient,
) -> None:
    no_file = await api.post("/predict", headers={"Accept": EVENTS})
    no_document = await upload(api, b"no document at all")
    no_model = await upload(api, model="no-such-model")
    no_date = await upload(api, document_date="yesterday")

    answers = (no_file, no_document, no_model, no_date)
    assert [answer.status_code for answer in answers] == [400, 415, 404, 422]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_refusal_by_a_stage_is_the_last_event(api: httpx.AsyncClient) -> None:
    answer = await upload(api, b"%PDF-1.4 and nothing that could be read")

    *stages, last = events_of(answer)
    assert answer.status_code == 200
    assert [event.content for event in stages] == [{"stage": "extract", "state": "started"}]
    assert last.name == "problem"
    assert (last.content["status"], last.content["code"]) == (422, "corrupt")
    assert last.content["request_id"] == answer.headers["x-request-id"]


async def test_a_key_that_was_answered_is_answered_at_once(api: httpx.AsyncClient) -> None:
    first = await upload(api, accept="application/json", key="streamed", user_id="again")

    answer = await upload(api, key="streamed", user_id="again")

    (only,) = events_of(answer)
    assert (only.name, only.content) == ("prediction", first.json())
    assert only.event_id == first.json()["prediction_id"]


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("*/*", 201, "application/json"),
        ("text/event-stream, application/json", 201, "application/json"),
        ("application/json;q=0.1, text/event-stream", 200, EVENTS),
        ("text/html", 406, "application/problem+json"),
        ("application/pdf", 406, "application/problem+json"),
    ],
)
async def test_the_form_of_the_answer_is_what_the_caller_takes(
    api: httpx.AsyncClient, accept: str, status: int, media_type: str
) -> None:
    answer = await upload(api, accept=accept, user_id="form")

    assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)


async def test_every_permit_is_free_afterwards(api: httpx.AsyncClient) -> None:
    await upload(api, b"%PDF-1.4 broken")
    await upload(api, user_id="free")

    parts = (await api.get("/health")).json()["parts"]
    (reader,) = (part["detail"] for part in parts if part["name"] == "reader")
    assert reader["uploads_in_work"] == 0
    assert reader["max_uploads_in_work"] >= 8
