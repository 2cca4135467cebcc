"""One call as a plain value: what is sent, what comes back, what may be done when nothing does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode

import httpx

from backend_client.options import Options
from backend_client.types.base import Answer

T = TypeVar("T")
A = TypeVar("A", bound=Answer)

Method = Literal["GET", "POST", "PATCH", "DELETE"]
Params = tuple[tuple[str, str], ...]
JSON, EVENTS = "application/json", "text/event-stream"

IDEMPOTENCY_KEY = re.compile("[!-~]{1,255}")
"""What the service takes as one, whole; no other text would reach it as it is."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A document with the name that the service is told."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """``answers`` is the type of the answer; None for text or for none.

    ``repeatable``: sending it twice does what sending it once does. ``quick``: a probe, asked
    once. ``accepted`` are statuses besides 2xx whose body is the same answer.
    """

    method: Method
    path: str
    answers: type[T]
    params: Params = ()
    json: Mapping[str, object] | None = None
    form: Mapping[str, str] | None = None
    upload: Upload | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = JSON
    idempotency_key: str | None = None
    repeatable: bool = True
    quick: bool = False
    accepted: frozenset[int] = frozenset()

    def at(self, cursor: str) -> Call[T]:
        """The same list from ``cursor`` on."""
        kept = tuple((name, value) for name, value in self.params if name != "cursor")
        return replace(self, params=(*kept, ("cursor", cursor)))


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it goes out; the same bytes in every try."""

    method: Method
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def wire(call: Call[T], options: Options) -> Wire:
    """The key goes into ``headers`` here and nowhere else."""
    query = f"?{urlencode(call.params)}" if call.params else ""
    url = f"{options.base_url}{call.path}{query}"
    content_type, body = _body(call)
    headers = {
        "Accept": call.accept,
        "User-Agent": "backend-client",
        **call.headers,
        **content_type,
    }
    if call.idempotency_key is not None:
        headers["Idempotency-Key"] = call.idempotency_key
    if options.api_key is not None:
        headers["X-API-Key"] = options.api_key.reveal()
    return Wire(call.method, url, headers, body)


def _body(call: Call[T]) -> tuple[dict[str, str], bytes]:
    if call.json is not None:
        return _encoded(httpx.Request("POST", "http://localhost", json=call.json))
    if call.form is None and call.upload is None:
        return {}, b""
    # A form without a document is multipart too, as the service wants it.
    parts: dict[str, Any] = {
        name: (None, value.encode()) for name, value in (call.form or {}).items()
    }
    if call.upload is not None:
        # The service looks at the content. To guess by the name would read files of the system.
        parts["file"] = (call.upload.filename, call.upload.content, "application/octet-stream")
    return _encoded(httpx.Request("POST", "http://localhost", files=parts))


def _encoded(request: httpx.Request) -> tuple[dict[str, str], bytes]:
    body = request.read()
    return {"Content-Type": request.headers["Content-Type"]}, body
