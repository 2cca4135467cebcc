"""What a body may cost: bytes, time, and an answer that its sender gets to see."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_service.app.draining import drain
from ml_service.app.errors import service_error_response
from ml_service.domain.errors import ServiceError, TooLarge, UploadTimeout

FORM_OVERHEAD_BYTES = 200_000
"""Room for the other fields of an upload and the multipart framing."""

GRACE_S = 10.0
SLOWEST_BYTES_PER_S = 20_000
"""A body may start slowly; after ``GRACE_S`` it must have come at this pace from the start."""

LARGE_FILE_TIMEOUT_S = 300.0

DRAIN_S = 2.0
"""How long a refused body is still read, so that its sender gets to see the answer."""

DRAIN_BODIES = 4
"""How much of it, in bodies of the largest size: who sends somewhat too much is read to the end,
who never ends is cut off."""

BODY_TAIL = "ml_service.body_tail"
"""Where in the scope the last bytes of a body stand: they tell whether a form is whole."""

TAIL_BYTES = 16


class BodyLimit:
    """Counts a body while it arrives and cuts off what is too large or too slow.

    An answer that is given before the body was read, such as 401 or 503, waits until the rest
    has come and was dropped: a socket that is closed on a client that still writes loses it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_upload_bytes: int,
        timeout_s: float,
        grace_s: float = GRACE_S,
        drain_s: float = DRAIN_S,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        """``larger`` holds the paths that take larger files, and how large."""
        self._app = app
        self._bounds = _Bounds(
            file_bytes=max_upload_bytes, timeout_s=timeout_s, grace_s=grace_s, drain_s=drain_s
        )
        self._larger = {
            path: replace(
                self._bounds, file_bytes=most, timeout_s=max(timeout_s, LARGE_FILE_TIMEOUT_S)
            )
            for path, most in (larger or {}).items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bounds = self._larger.get(scope["path"], self._bounds)
        body = _Body(Headers(scope=scope), receive, bounds)
        scope[BODY_TAIL] = body.tail
        answering = _AfterTheBody(body, send)
        if body.refused_as is None:
            with suppress(_BodyRefused):
                await self._app(scope, body.receive, answering)
        if body.refused_as is not None:
            error, body.refused_as = bounds.error(body.refused_as), None
            await service_error_response(error, scope["path"])(scope, receive, answering)


@dataclass(frozen=True, slots=True)
class _Bounds:
    file_bytes: int
    timeout_s: float
    grace_s: float
    drain_s: float

    @property
    def most_bytes(self) -> int:
        return self.file_bytes + FORM_OVERHEAD_BYTES

    def error(self, refused_as: type[ServiceError]) -> ServiceError:
        if refused_as is not TooLarge:
            return refused_as()
        megabytes = self.file_bytes / 1_000_000
        return TooLarge(
            f"What was sent is larger than {megabytes:g} MB, the most that is accepted at once."
        )


class _BodyRefused(Exception):
    """Raised from receive(); must pass through the form parser untouched."""


class _Body:
    """One body on its way in; ``refused_as`` says why it is not read on."""

    def __init__(self, headers: Headers, receive: Receive, bounds: _Bounds) -> None:
        declared = headers.get("content-length", "0")
        n_declared = int(declared) if declared.isdecimal() else 0
        self.is_complete = n_declared == 0 and "transfer-encoding" not in headers
        too_large = n_declared > bounds.most_bytes
        self.refused_as: type[ServiceError] | None = TooLarge if too_large else None
        self.tail = bytearray()
        self._receive = receive
        self._bounds = bounds
        self._begin = asyncio.get_running_loop().time()
        self._n_bytes = 0
        self._is_late = False
        self._is_held_back = headers.get("expect", "").lower() == "100-continue"

    async def receive(self) -> Message:
        """Raises _BodyRefused."""
        if self.is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._received()
        except TimeoutError:
            self.refused_as, self._is_late = UploadTimeout, True
        else:
            if self._n_bytes <= self._bounds.most_bytes:
                return message
            self.refused_as = TooLarge
        raise _BodyRefused

    async def drain(self) -> None:
        """Drop what is still coming, within a bound of bytes and seconds."""
        if self._is_held_back and self._n_bytes == 0:
            return  # Its sender waits to be asked for it.
        if self._is_late:
            return
        most_bytes = DRAIN_BODIES * self._bounds.most_bytes
        await drain(self._received, max_bytes=most_bytes, seconds=self._bounds.drain_s)

    @property
    def _deadline(self) -> float:
        paced_s = self._bounds.grace_s + self._n_bytes / SLOWEST_BYTES_PER_S
        return self._begin + min(self._bounds.timeout_s, paced_s)

    async def _received(self) -> Message:
        message = await self._receive()
        chunk = message.get("body", b"")
        self._n_bytes += len(chunk)
        self.tail += chunk[-TAIL_BYTES:]
        del self.tail[:-TAIL_BYTES]
        self.is_complete = not message.get("more_body", False)
        return message


class _AfterTheBody:
    """Sends an answer when the body is through; one to a refused body is not sent at all."""

    def __init__(self, body: _Body, send: Send) -> None:
        self._body = body
        self._send = send

    async def __call__(self, message: Message) -> None:
        # The app has words of its own for a body that it could not read.
        if self._body.refused_as is not None:
            return
        if message["type"] == "http.response.start" and not self._body.is_complete:
            await self._body.drain()
            if not self._body.is_complete:
                MutableHeaders(scope=message)["Connection"] = "close"
        await self._send(message)
