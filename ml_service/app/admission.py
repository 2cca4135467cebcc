"""Who is let in and how often, decided before anything of the request is looked at or read.

A caller who is not let in learns nothing of ids and parameters: his answer depends on the route
and on who he is, on nothing else. His body is neither parsed nor kept.
"""

from __future__ import annotations

from limits.aio.storage import Storage
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ml_service.app.draining import drain
from ml_service.app.errors import service_error_response
from ml_service.app.metrics import Metrics
from ml_service.app.peers import address_digest
from ml_service.app.rate_limits import Count, RateLimits
from ml_service.app.request_notes import notes_of_request
from ml_service.app.route_rules import RouteRule, RouteRules
from ml_service.app.security import (
    GRANTED,
    Gate,
    Standing,
    offered_key,
    refuse_unless_granted,
)
from ml_service.app.security import Scope as KeyScope
from ml_service.domain.errors import Forbidden, RateLimited, ServiceError, Unauthorized
from ml_service.use_cases.caller import enter_as

DISCARD_BYTES = 1_000_000
DISCARD_S = 1.0
"""How much of a refused body is still taken off the line, so that its sender sees the answer."""


class Admission:
    def __init__(
        self,
        app: ASGIApp,
        *,
        gate: Gate,
        limits: RateLimits,
        rules: RouteRules,
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._gate = gate
        self._limits = limits
        self._rules = rules
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection, counting = HTTPConnection(scope), _CountingSend(send)
        try:
            await self._admit(connection, counting)
        except ServiceError as refused:
            if isinstance(refused, RateLimited):
                self._metrics.rate_limited(counting.limit_class)
            await _discard_body(connection.headers, receive)
            await service_error_response(refused, scope["path"])(scope, receive, counting)
            return
        await self._app(scope, receive, counting)

    async def _admit(self, connection: HTTPConnection, counting: _CountingSend) -> None:
        """Raises Unauthorized, Forbidden or RateLimited."""
        rule = self._rules.rule_for(connection.scope)
        notes_of_request().route = rule.template
        if rule.scope is not None:
            await self._admit_caller(connection, rule, rule.scope, counting)
        elif rule.limit_class is not None:
            counting.refuse_beyond(await self._limits.count_stranger(address_digest(connection)))

    async def _admit_caller(
        self,
        connection: HTTPConnection,
        rule: RouteRule,
        needed: KeyScope,
        counting: _CountingSend,
    ) -> None:
        standing = await self._standing(connection, counting)
        notes_of_request().caller = standing.caller.name
        if rule.limit_class is not None:
            count = await self._limits.count(
                rule.limit_class,
                standing.caller.identity,
                shared=_shared_counters(connection),
            )
            counting.refuse_beyond(count)
        refuse_unless_granted(standing.granted, needed)
        connection.scope[GRANTED] = standing.granted
        enter_as(standing.caller)

    async def _standing(self, connection: HTTPConnection, counting: _CountingSend) -> Standing:
        digest = address_digest(connection)
        offers_key = bool(self._gate.keys) and offered_key(connection) is not None
        if offers_key:
            guesses = await self._limits.guesses(digest)
            if guesses is not None and guesses.exceeded:
                counting.refuse_beyond(guesses)
        try:
            self._gate.refuse_other_sites(connection)
            return self._gate.standing(connection)
        except (Forbidden, Unauthorized):
            count = self._limits.count_guess if offers_key else self._limits.count_stranger
            counting.refuse_beyond(await count(digest))
            raise


class _CountingSend:
    """Adds to the answer what its caller has left."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._count: Count | None = None

    @property
    def limit_class(self) -> str:
        return self._count.limit_class if self._count is not None else "default"

    def refuse_beyond(self, count: Count | None) -> None:
        """Raises RateLimited."""
        if count is not None:
            self._count = count
            count.refuse_when_exceeded()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._count is not None:
            MutableHeaders(scope=message).update(self._count.headers)
        await self._send(message)


def _shared_counters(connection: HTTPConnection) -> Storage | None:
    """None while nothing is opened yet, and where one process is all there is."""
    service = getattr(connection.app.state, "service", None)
    return None if service is None else service.rate_counters


async def _discard_body(headers: Headers, receive: Receive) -> None:
    has_body = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
    # Who asked whether to send it has not sent it yet.
    if has_body and "expect" not in headers:
        await drain(receive, max_bytes=DISCARD_BYTES, seconds=DISCARD_S)
