"""What happens around every request: id, log line, last resort, and the bound on bodies."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_service.app.errors import problem_response, service_error_response
from ml_service.app.request_id import begin_request
from ml_service.domain.errors import TooLarge

log = logging.getLogger(__name__)

FORM_OVERHEAD_BYTES = 200_000
"""Room for the other fields of an upload and the multipart framing."""

DRAIN_S = 2.0
"""How long a refused upload is still read, so that its sender gets to see the answer."""

BODY_TAIL = "ml_service.body_tail"
"""Where in the scope the last bytes of a body stand: they tell whether a form is whole."""

TAIL_BYTES = 16


class RequestContext:
    """Outermost: gives the request its id, logs one line, and answers what nobody caught."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = begin_request(Headers(scope=scope).get("x-request-id"))
        watched = _WatchedSend(send, request_id)
        begin = time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            log.info("the client went away")
        except Exception as error:  # noqa: BLE001 - the edge: answered 500 and logged
            # The type and where it happened, no more: a message may quote a resume.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("unexpected %s\n%s", type(error).__name__, where)
            if watched.status is None:
                await _internal_error(scope)(scope, receive, watched)
        finally:
            _log_request(scope, watched.status, time.perf_counter() - begin)


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


def _internal_error(scope: Scope) -> ASGIApp:
    return problem_response(
        status=500,
        code="internal_error",
        detail="The service failed on this request. The request id leads to its log line.",
        path=scope["path"],
    )


def _log_request(scope: Scope, status: int | None, seconds: float) -> None:
    # The route's template, not the path: a path may hold a user's name.
    route = scope.get("route")
    path = getattr(route, "path", "unmatched")
    log.info("%s %s %s %.0fms", scope["method"], path, status or "aborted", seconds * 1000)


class BodyLimit:
    """Counts a body while it arrives and cuts it off; the rest of the app never sees it whole."""

    def __init__(self, app: ASGIApp, *, max_upload_bytes: int) -> None:
        self._app = app
        self._max_upload_bytes = max_upload_bytes
        self._max_bytes = max_upload_bytes + FORM_OVERHEAD_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared_bytes(scope) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        scope[BODY_TAIL] = bytearray()
        counted = _CountedReceive(receive, self._max_bytes, scope[BODY_TAIL])
        try:
            await self._app(scope, counted, send)
        except _BodyTooLarge:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        megabytes = self._max_upload_bytes / 1_000_000
        error = TooLarge(f"The file is larger than {megabytes:g} MB, the most that is accepted.")
        response = service_error_response(error, scope["path"])
        response.headers["Connection"] = "close"
        # Read on before answering: a socket that is closed on a client that still writes loses
        # the answer, and once it is given the server reads no more.
        await _drain(receive, self._max_bytes)
        await response(scope, receive, send)


class _BodyTooLarge(Exception):
    """Raised from receive(); must pass through the form parser untouched."""


class _CountedReceive:
    def __init__(self, receive: Receive, max_bytes: int, tail: bytearray) -> None:
        self._receive = receive
        self._left = max_bytes
        self._tail = tail

    async def __call__(self) -> Message:
        message = await self._receive()
        body = message.get("body", b"")
        self._left -= len(body)
        if self._left < 0:
            raise _BodyTooLarge
        self._tail += body[-TAIL_BYTES:]
        del self._tail[:-TAIL_BYTES]
        return message


def _declared_bytes(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isdecimal() else 0


async def _drain(receive: Receive, max_bytes: int) -> None:
    """Discard what is still coming, within a bound of bytes and seconds."""
    try:
        async with asyncio.timeout(DRAIN_S):
            while max_bytes > 0:
                message = await receive()
                max_bytes -= len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
