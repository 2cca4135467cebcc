"""One error body for every route (RFC 9457), and the one table of HTTP statuses."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from ml_service.app.open_inference.errors import is_open_inference, open_inference_error
from ml_service.app.request_id import current_request_id
from ml_service.app.request_notes import notes_of_request
from ml_service.domain import errors

log = logging.getLogger(__name__)

STATUS: dict[type[errors.ServiceError], int] = {
    errors.NoFile: 400,
    errors.TooLarge: 413,
    errors.UnsupportedType: 415,
    errors.EmptyDocument: 422,
    errors.NoTextLayer: 422,
    errors.Encrypted: 422,
    errors.Corrupt: 422,
    errors.TooManyPages: 422,
    errors.ParseTimeout: 422,
    errors.ParseMemory: 422,
    errors.NotAResume: 422,
    errors.InvalidRequest: 422,
    errors.PredictionNotFound: 404,
    errors.OccupationNotFound: 404,
    errors.ModelNotFound: 404,
    errors.InterviewNotFound: 404,
    errors.InterviewExists: 409,
    errors.TextNotStored: 409,
    errors.ModelChanged: 409,
    errors.ModelInUse: 409,
    errors.ModelRefused: 422,
    errors.UserErased: 409,
    errors.PreconditionFailed: 412,
    errors.KeyInUse: 409,
    errors.KeyReused: 422,
    errors.RateLimited: 429,
    errors.UploadTimeout: 408,
    errors.NotAcceptable: 406,
    errors.Unauthorized: 401,
    errors.JobsNeedKey: 401,
    errors.Forbidden: 403,
    errors.Overloaded: 503,
    errors.JobsNotConfigured: 503,
    errors.JobsUnavailable: 503,
    errors.JobsQuotaExhausted: 429,
    errors.ModelUnavailable: 503,
    errors.WeightsMismatch: 503,
    errors.EmbeddingSpaceMismatch: 500,
    errors.InterviewServiceUnavailable: 503,
    errors.StorageUnavailable: 503,
}

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """``pointer`` is a JSON pointer into the body, or the parameter's name behind a ``/``."""

    detail: str
    pointer: str


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldProblem] = []


def problem_response(
    *,
    status: int,
    code: str,
    detail: str,
    path: str,
    fields: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    notes_of_request().code = code
    if is_open_inference(path):
        return open_inference_error(status=status, code=code, detail=detail, headers=headers)
    problem = Problem(
        type=f"urn:ml-service:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=path,
        code=code,
        request_id=current_request_id(),
        errors=fields or [],
    )
    return JSONResponse(
        problem.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def service_error_response(error: errors.ServiceError, path: str) -> JSONResponse:
    """A class that is missing from the table is answered 500; a test fails before that."""
    fields = []
    if isinstance(error, errors.InvalidRequest):
        fields = [FieldProblem(detail=error.message, pointer=f"/{error.field}")]
    return problem_response(
        status=STATUS.get(type(error), 500),
        code=error.code,
        detail=error.message,
        path=path,
        fields=fields,
        headers=_headers(error),
    )


def _headers(error: errors.ServiceError) -> dict[str, str]:
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    retry_after_s = getattr(error, "retry_after_s", None)
    if retry_after_s is not None:
        return {"Retry-After": str(retry_after_s)}
    return {}


def install(app: FastAPI) -> None:
    app.add_exception_handler(errors.ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)


async def _service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.ServiceError)  # noqa: S101 - registered for this class
    if STATUS.get(type(error), 500) >= 500:
        log.warning("%s: %s", error.code, error.message)
    return service_error_response(error, request.url.path)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class
    fields = [_field_problem(item) for item in error.errors()]
    named = ", ".join(field.pointer.removeprefix("/") for field in fields)
    return problem_response(
        status=422,
        code="invalid_request",
        detail=f"The request is not valid: {named}.",
        path=request.url.path,
        fields=fields,
    )


def _field_problem(item: dict[str, Any]) -> FieldProblem:
    if item["type"] == "json_invalid":
        return FieldProblem(detail="The body is not JSON.", pointer="/body")
    # loc starts with where the value was looked for: body, query, path.
    place = [str(part) for part in item["loc"]]
    names = place[1:] or place
    return FieldProblem(detail=value_sentence(item), pointer="/" + "/".join(names))


def value_sentence(item: dict[str, Any]) -> str:
    """What is wrong with a value, of one of Pydantic's errors."""
    limits = {name: value for name, value in item.get("ctx", {}).items() if name != "error"}
    kind = item["type"]
    if kind == "too_long" and isinstance(item.get("input"), str):
        kind = "string_too_long"
    sentence = _VALUE_SENTENCES.get(kind, "This value cannot be used here.")
    return sentence.format_map(limits)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    code = HTTPStatus(error.status_code).name.lower()
    return problem_response(
        status=error.status_code,
        code=code,
        detail=_SENTENCES.get(error.status_code, HTTPStatus(error.status_code).phrase + "."),
        path=request.url.path,
        headers=dict(error.headers or {}) | _allow(request, error.status_code),
    )


def _allow(request: Request, status: int) -> dict[str, str]:
    """Every method of the address: the router names only those of the first route it tried."""
    if status != HTTPStatus.METHOD_NOT_ALLOWED:
        return {}
    methods = {
        method
        for route in request.app.state.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    methods |= {"HEAD"} if "GET" in methods else set()
    return {"Allow": ", ".join(sorted(methods))} if methods else {}


# By Pydantic's names of errors, in our own words: its sentences speak of its own types.
_VALUE_SENTENCES = {
    "missing": "This is required.",
    "extra_forbidden": "This field is not known.",
    "plain_text": "This must be text and not blank.",
    "plain_line": "This must be text in one line and not blank.",
    "string_type": "This must be text.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This must have at most {max_length} characters.",
    "string_pattern_mismatch": "This does not have the form that is expected: {pattern}",
    "too_short": "This needs {min_length} entries or more.",
    "too_long": "At most {max_length} entries are allowed.",
    "list_type": "This must be a list.",
    "literal_error": "This must be one of {expected}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "int_parsing": "This must be a whole number.",
    "int_type": "This must be a whole number.",
    "float_parsing": "This must be a number.",
    "float_type": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "reserved_id": "This id is an address of the service: use another one.",
    "bool_parsing": "This must be true or false.",
    "uuid_parsing": "This must be a UUID.",
    "datetime_from_date_parsing": "This must be a time such as 2026-01-31T12:00:00Z.",
    "datetime_parsing": "This must be a time such as 2026-01-31T12:00:00Z.",
    "timezone_aware": "This must be a time with its zone, such as 2026-01-31T12:00:00Z.",
    "model_attributes_type": "This must be a JSON object.",
    "model_type": "This must be a JSON object.",
    "dict_type": "This must be a JSON object.",
}

_SENTENCES = {
    400: "The request could not be read: its body is malformed.",
    404: "There is nothing at this address. /docs lists the routes.",
    405: "This route does not know that method. /docs lists the routes.",
}
