"""The id of the request in work, for answers and logs."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def current_request_id() -> str:
    """``-`` outside of a request."""
    return _request_id.get()


def begin_request(offered: str | None) -> str:
    """Take over the caller's id when it is harmless, else make one."""
    accepted = offered is not None and _ACCEPTED.fullmatch(offered) is not None
    request_id = offered if accepted and offered is not None else uuid.uuid4().hex
    _request_id.set(request_id)
    return request_id
