"""Entity tags: what a caller holds against what there is (RFC 9110, sections 8.8.3 and 13.1).

A tag tells when its prediction was last changed, so that "still as I know it" can be decided in
the transaction that changes it; the rest is a digest that no other prediction or version shares.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from ml_service.app.parameters import TheService
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.prediction import Prediction

IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"

_TAG = r'(?:W/)?"[!#-~\u0080-\u00ff]*"'
TAGS_PATTERN = rf"^[ \t,]*(?:\*|{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*)[ \t,]*$"
_OURS = re.compile(r'"([0-9a-f]{1,16})-[0-9a-f]{16}"')
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_LAST_TICK = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _TICK


def etag_of(prediction: Prediction, version: str) -> str:
    """Strong: any change of the record or of the service's version gives another."""
    return _etag(prediction.prediction_id, prediction.updated_at, version)


def note_etag(response: Response, etag: str) -> None:
    """The answer may be kept by its caller alone, and is to be asked for again."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"


def not_modified(request: Request, response: Response, etag: str) -> Response | None:
    """304 for a caller that holds this state already; else ``response`` is given its tag."""
    held = is_held_by(request, etag)
    answer = Response(status_code=304) if held else response
    note_etag(answer, etag)
    return answer if held else None


def is_held_by(request: Request, etag: str) -> bool:
    """By If-None-Match, which compares weakly. Raises InvalidRequest."""
    tags = _tags(request, IF_NONE_MATCH)
    return tags is not None and (tags.any or etag in tags.ignoring_weakness())


async def expected_moments(
    request: Request, service: TheService, prediction_id: UUID
) -> frozenset[datetime] | None:
    """When the prediction may have been changed last, by If-Match; None for at any time.

    The comparison is strong: a weak tag matches nothing. Raises InvalidRequest.
    """
    tags = _tags(request, IF_MATCH)
    if tags is None or tags.any:
        return None
    moments = {tag: _moment(tag) for tag in tags.listed}
    return frozenset(
        at
        for tag, at in moments.items()
        if at is not None and tag == _etag(prediction_id, at, service.version)
    )


ExpectedMoments = Annotated[frozenset[datetime] | None, Depends(expected_moments)]


@dataclass(frozen=True, slots=True)
class _Tags:
    """``any`` stands for ``*``. ``listed`` are as they were sent, quotes and weakness included."""

    listed: tuple[str, ...]
    any: bool = False

    def ignoring_weakness(self) -> frozenset[str]:
        return frozenset(tag.removeprefix("W/") for tag in self.listed)


def _tags(request: Request, header: str) -> _Tags | None:
    """None where the header was not sent."""
    values = request.headers.getlist(header)
    if not values:
        return None
    joined = ", ".join(values)
    if not re.match(TAGS_PATTERN, joined):
        message = f'{header} must be * or a list of entity tags, such as "5f3a-0b".'
        raise InvalidRequest(message, field=header)
    listed = re.findall(_TAG, joined)
    return _Tags(tuple(listed), any=not listed)


def _etag(prediction_id: UUID, updated_at: datetime, version: str) -> str:
    ticks = (updated_at - _EPOCH) // _TICK
    digest = hashlib.sha256(f"{prediction_id} {ticks} {version}".encode()).hexdigest()
    return f'"{max(ticks, 0):x}-{digest[:16]}"'


def _moment(tag: str) -> datetime | None:
    """None for a tag that no answer of ours had."""
    ours = _OURS.fullmatch(tag)
    ticks = int(ours[1], 16) if ours else None
    return None if ticks is None or ticks > _LAST_TICK else _EPOCH + ticks * _TICK


def _header_parameter(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", "pattern": TAGS_PATTERN},
    }


# For ``openapi_extra=``: read from the request itself, where a header may stand several times.
TAKES_IF_MATCH = {
    "parameters": [_header_parameter(IF_MATCH, "ETag of the state that is to be changed, or *")]
}
TAKES_IF_NONE_MATCH = {
    "parameters": [_header_parameter(IF_NONE_MATCH, "ETags of the states that the caller holds")]
}

ETAG_HEADER: dict[str, Any] = {
    "ETag": {"description": "names this state of the record", "schema": {"type": "string"}}
}
GIVES_ETAG: dict[int | str, dict[str, Any]] = {200: {"headers": ETAG_HEADER}}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "the caller holds this state already", "headers": ETAG_HEADER}
}
