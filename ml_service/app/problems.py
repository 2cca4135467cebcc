"""The problem answers that a route can give, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ml_service.app.errors import MEDIA_TYPE, Problem

_DESCRIPTIONS = {
    400: "no_file",
    401: "unauthorized",
    403: "forbidden",
    404: "nothing has this id",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_type",
    422: "a field, parameter or document that cannot be used; `code` says why",
    429: "jobs_quota_exhausted",
    501: "not_built",
    503: "not available now; `code` says what",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For ``responses=`` of a route; 401, 403 and 422 come with every one."""
    return {status: _problem(status) for status in sorted({401, 403, 422, 503, *statuses})}


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
