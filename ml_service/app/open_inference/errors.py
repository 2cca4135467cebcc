"""The error body that clients of the Open Inference Protocol read: ``{"error": sentence}``."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from ml_service.app.request_id import current_request_id

PREFIX = "/v2"


def is_open_inference(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def open_inference_error(
    *, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The protocol knows no 422: what a request states wrongly is 400 there.

    ``code`` and ``request_id`` are ours; clients leave them alone.
    """
    return JSONResponse(
        {"error": detail, "code": code, "request_id": current_request_id()},
        status_code=400 if status == 422 else status,
        headers=dict(headers or {}),
    )
