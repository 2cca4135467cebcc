"""The header by which a proxy chooses the model, on every route whose body may name one."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from ml_service.domain.errors import InvalidRequest

MODEL_HEADER = "X-Model"
LONGEST_NAME = 128


def model_header(field: str) -> dict[str, Any]:
    """For ``openapi_extra``: it stands for ``field`` of the body."""
    return {
        "name": MODEL_HEADER,
        "in": "header",
        "required": False,
        "description": f"as the field {field}, for proxies that choose it",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
    }


def model_asked_for(request: Request, said: str | None, *, field: str) -> str | None:
    """``said`` by the field, else by the header. Raises InvalidRequest where they name two."""
    header = request.headers.get(MODEL_HEADER)
    if header is not None and not 0 < len(header) <= LONGEST_NAME:
        raise InvalidRequest(f"{MODEL_HEADER} must name a model.", field=MODEL_HEADER)
    if said is not None and header is not None and said != header:
        raise InvalidRequest(f"The field {field} and {MODEL_HEADER} name two models.", field=field)
    return said or header
