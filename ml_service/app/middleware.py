"""What happens around every request: its id, its log line and figures, the last resort."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_service.app.errors import problem_response
from ml_service.app.metrics import Metrics, known_method
from ml_service.app.request_id import begin_request
from ml_service.app.request_notes import RequestNotes, begin_notes, notes_of_request
from ml_service.app.traces import RequestSpan, Traces
from ml_service.domain.unexpected import where_it_happened

log = logging.getLogger(__name__)


class RequestContext:
    """Outermost: the request's id and notes, and what is told of it at its end."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        notes = begin_notes(begin_request(headers.get("x-request-id")))
        notes.stages = self._metrics
        watched = _WatchedSend(send, notes.request_id)
        span = _begin_span(scope, headers, notes)
        begin = time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - begin
            method = known_method(scope["method"])
            _log_request(notes, method, watched.status, seconds)
            self._metrics.answered(notes, method=method, status=watched.status, seconds=seconds)
            if span is not None:
                span.end(notes, watched.status)


class _WatchedSend:
    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self._request_id
        await self._send(message)


def _begin_span(scope: Scope, headers: Headers, notes: RequestNotes) -> RequestSpan | None:
    """None where no traces are sent: then nothing is done for them."""
    traces: Traces | None = getattr(scope["app"].state, "traces", None)
    return None if traces is None else traces.begin(scope, headers, notes)


def _log_request(notes: RequestNotes, method: str, status: int | None, seconds: float) -> None:
    fields = {
        "method": method,
        "route": notes.route,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "caller": notes.caller,
        "code": notes.code,
    }
    shown = (method, notes.route, status or "aborted", seconds * 1000)
    log.info("%s %s %s %.0fms", *shown, extra={"fields": fields})


class LastResort:
    """Answers what nobody caught; inside CORS, so that a web page gets to read that too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = _WatchedSend(send, notes_of_request().request_id)
        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            log.info("the client went away")
        except Exception as error:  # noqa: BLE001 - the edge: answered 500 and logged
            log_unexpected(error)
            notes_of_request().code = "internal_error"
            if watched.status is None:
                await internal_error_response(scope["path"])(scope, receive, watched)


def log_unexpected(error: BaseException) -> None:
    log.error("unexpected %s", where_it_happened(error))


def internal_error_response(path: str) -> Response:
    return problem_response(
        status=500,
        code="internal_error",
        detail="The service failed on this request. The request id leads to its log line.",
        path=path,
    )
