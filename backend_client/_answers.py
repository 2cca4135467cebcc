"""A reply becomes a typed answer, or the error that it stands for. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from backend_client._calls import Call
from backend_client.errors import BadResponse, FieldProblem, StatusError, error_class
from backend_client.types.base import Answer, AnswerNotes

T = TypeVar("T")

LONGEST_DETAIL = 500
"""A proxy's page in place of a problem is not repeated whole."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``headers`` by their names in lower case. ``coming`` is the open answer of a 200 whose body
    was not to be read yet.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    coming: object | None = field(default=None, repr=False)

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def answer_of(call: Call[T], reply: Reply) -> T:
    """Raises a StatusError for a refusal or failure, BadResponse for what is no answer of ours."""
    if not 200 <= reply.status < 300 and reply.status not in call.accepted:
        raise refusal_of(reply)
    if call.answers is type(None) or reply.status == 304:
        return cast(T, None)
    if call.answers is str:
        return cast(T, reply.body.decode("utf-8", "replace"))
    if reply.status in call.accepted and reply.media_type != "application/json":
        raise refusal_of(reply)
    return typed(call.answers, reply.body, reply)


def typed(answers: type[T], body: bytes | str, reply: Reply) -> T:
    """Raises BadResponse."""
    assert issubclass(answers, BaseModel)  # noqa: S101 - by the Calls in _requests
    try:
        answer = answers.model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, item["loc"])) for item in error.errors()[:3])
        raise BadResponse(
            f"The answer is not a {answers.__name__}: {where or 'no JSON'}.",
            request_id=reply.request_id,
        ) from None  # Pydantic's words quote the answer, and with it the resume.
    if isinstance(answer, Answer):
        answer.noting(notes_of(reply))
    return cast(T, answer)


def notes_of(reply: Reply) -> AnswerNotes:
    return AnswerNotes(
        request_id=reply.request_id,
        etag=reply.headers.get("etag"),
        replayed=reply.headers.get("idempotent-replayed") == "true",
    )


def refusal_of(reply: Reply) -> StatusError | BadResponse:
    if reply.status < 400:
        sentence = f"The answer is a {reply.status}; the service gives none. Check the address."
        return BadResponse(sentence, request_id=reply.request_id)
    problem = _problem(reply.body)
    retry_after_s = seconds_until(reply.headers.get("retry-after"))
    return refusal(reply.status, problem, reply.request_id, retry_after_s=retry_after_s)


def refusal(
    status: int,
    problem: Mapping[str, Any],
    request_id: str | None,
    *,
    retry_after_s: float | None = None,
) -> StatusError:
    """``problem`` as RFC 9457 has it; empty where the body was none."""
    code = _text(problem.get("code"))
    return error_class(status, code)(
        (_text(problem.get("detail")) or f"The answer is {status} without a reason.")[
            :LONGEST_DETAIL
        ],
        status=status,
        code=code,
        request_id=request_id or _text(problem.get("request_id")),
        errors=_field_problems(problem.get("errors")),
        retry_after_s=retry_after_s,
    )


def seconds_until(retry_after: str | None, now: datetime | None = None) -> float | None:
    """Of a Retry-After header in either of its forms; None where there is none that can be read."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _field_problems(said: object) -> tuple[FieldProblem, ...]:
    if not isinstance(said, list):
        return ()
    return tuple(
        FieldProblem(detail=str(item.get("detail", "")), pointer=str(item.get("pointer", "")))
        for item in said
        if isinstance(item, dict)
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
