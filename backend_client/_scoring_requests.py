"""The routes of interviews and intents as Calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
from uuid import uuid4

from backend_client._calls import Call
from backend_client._requests import params, segment
from backend_client.errors import ConfigurationError
from backend_client.types.intents import Intent, IntentList
from backend_client.types.interviews import (
    Interview,
    InterviewList,
    InterviewRubric,
    InterviewServices,
    InterviewTurn,
)

SCORING = "/api/v1/scoring"
CLASSIFY = "/api/v1/intents/classify"


class Turn(TypedDict):
    """What one speaker said, until another one does."""

    speaker: str
    content: str


Transcript = Sequence[Turn | InterviewTurn]


def analyze_interview(
    transcript: Transcript,
    *,
    interview_id: str | None,
    user_id: str | None,
    rubric: Mapping[str, float] | None,
    job: str | None,
    candidate: str | None,
    idempotency_key: str,
) -> Call[Interview]:
    body = as_json(
        interview_id=str(uuid4()) if interview_id is None else interview_id,
        transcript=[_turn(turn) for turn in transcript],
        user_id=user_id,
        rubric=None if rubric is None else dict(rubric),
        job=job,
        candidate=candidate,
    )
    return Call("POST", f"{SCORING}/analyze", Interview, json=body, idempotency_key=idempotency_key)


def get_interview(interview_id: str) -> Call[Interview]:
    return Call("GET", f"{SCORING}/{segment(interview_id)}", Interview)


def delete_interview(interview_id: str) -> Call[None]:
    return Call("DELETE", f"{SCORING}/{segment(interview_id)}", type(None))


def user_interviews(user_id: str, *, limit: int | None, cursor: str | None) -> Call[InterviewList]:
    path = f"{SCORING}/user/{segment(user_id)}"
    return Call("GET", path, InterviewList, params(limit=limit, cursor=cursor))


def interview_rubric() -> Call[InterviewRubric]:
    return Call("GET", f"{SCORING}/rubric", InterviewRubric)


def interview_services() -> Call[InterviewServices]:
    return Call("GET", f"{SCORING}/health", InterviewServices, quick=True)


def classify_intent(text: str, *, model: str | None, user_id: str | None) -> Call[Intent]:
    return Call("POST", CLASSIFY, Intent, json=as_json(text=text, model=model, user_id=user_id))


def classify_intents(
    texts: Sequence[str], *, model: str | None, user_id: str | None
) -> Call[IntentList]:
    if isinstance(texts, str):
        raise ConfigurationError("texts must be several texts; for one there is classify_intent.")
    body = as_json(texts=list(texts), model=model, user_id=user_id)
    return Call("POST", f"{CLASSIFY}/batch", IntentList, json=body)


def as_json(**given: Any) -> dict[str, object]:
    """What is not None. Raises ConfigurationError for what JSON cannot hold."""
    body = {name: value for name, value in given.items() if value is not None}
    try:
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        raise ConfigurationError(
            "What is sent must be text of characters of Unicode, and finite numbers."
        ) from None
    return body


def _turn(turn: Turn | InterviewTurn) -> Turn:
    if isinstance(turn, InterviewTurn):
        return Turn(speaker=turn.speaker, content=turn.content)
    return turn
