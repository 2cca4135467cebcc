"""``Idempotency-Key`` for routes that answer with a record they made.

    async def rescore(request, service, key: IdempotencyKey = None):
        keyed = keyed_request(request, key, fingerprint=...)
        return (await answer_once(service.answer_once, keyed, give, give_again=again)).response()

Keys belong to one caller and one path. Source: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response

from ml_service.app.request_notes import notes_of_request
from ml_service.domain.ports import Claim
from ml_service.use_cases.answer_once import AnswerOnce, GivenAnswer, KeyedRequest, digest_of
from ml_service.use_cases.caller import the_caller

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        description="names this request: sent again within 24 h it gets the first answer again",
    ),
]

REPLAYED = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about one prediction or interview as it goes out; ``body`` is JSON."""

    record_id: UUID
    status: int
    headers: Mapping[str, str]
    body: str

    def response(self) -> Response:
        return Response(
            self.body,
            status_code=self.status,
            headers=dict(self.headers),
            media_type="application/json",
        )


Give = Callable[[Claim | None], Awaitable[Answer]]
GiveAgain = Callable[[UUID], Awaitable[Answer]]


def keyed_request(request: Request, key: str | None, *, fingerprint: str) -> KeyedRequest | None:
    """None for a request without a key. ``fingerprint`` is of all that the answer depends on."""
    if key is None:
        return None
    name = digest_of(the_caller().identity, request.method, request.url.path, key)
    return KeyedRequest(key=name, fingerprint=fingerprint)


async def answer_once(
    once: AnswerOnce, keyed: KeyedRequest | None, give: Give, *, give_again: GiveAgain
) -> Answer:
    """What ``give`` answers, or what it answered before. Raises KeyInUse and KeyReused."""
    if keyed is None:
        return await give(None)

    async def give_as_text(claim: Claim) -> GivenAnswer:
        return _as_given(await give(claim))

    async def give_again_as_text(record_id: UUID) -> GivenAnswer:
        return _as_given(await give_again(record_id))

    given, replayed = await once(keyed, give_as_text, give_again=give_again_as_text)
    answer = _as_answer(given)
    if not replayed:
        return answer
    notes_of_request().upload = "replayed"
    return replace(answer, headers={**answer.headers, REPLAYED: "true"})


def _as_given(answer: Answer) -> GivenAnswer:
    text = json.dumps([answer.status, dict(answer.headers), answer.body], ensure_ascii=False)
    return GivenAnswer(record_id=answer.record_id, text=text)


def _as_answer(given: GivenAnswer) -> Answer:
    status, headers, body = json.loads(given.text)
    return Answer(given.record_id, status, headers, body)
