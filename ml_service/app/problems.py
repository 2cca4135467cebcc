"""The problem answers that a route can give, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ml_service.app.errors import MEDIA_TYPE, Problem

_DESCRIPTIONS = {
    400: "the body cannot be read, or no_file",
    401: "unauthorized",
    403: "forbidden",
    404: "nothing has this id",
    406: "not_acceptable",
    408: "upload_timeout",
    409: "idempotency_key_in_use, or another state that stands in the way; `code` says which",
    412: "precondition_failed: the record is not in the state that If-Match names",
    413: "too_large",
    415: "unsupported_type",
    422: "a field, parameter or document that cannot be used; `code` says why",
    429: "rate_limited, or jobs_quota_exhausted; Retry-After says when to come back",
    503: "not available now; `code` says what",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For ``responses=`` of a route; 401, 403, 422, 429 and 503 come with every one."""
    return {status: _problem(status) for status in sorted({401, 403, 422, 429, 503, *statuses})}


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
