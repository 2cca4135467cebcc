"""Who may call: keys with scopes, or callers on this machine while no key is set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import Request
from starlette.requests import HTTPConnection

from ml_service.app.peers import address_digest, is_from_another_site, is_on_this_machine
from ml_service.domain.api_keys import SCOPES, ApiKey, find_key, granted
from ml_service.domain.errors import Forbidden, Unauthorized
from ml_service.use_cases.caller import ANONYMOUS, NOBODY_NAMED, Caller

Scope = Literal["read", "write", "admin"]

GRANTED = "ml_service.granted"
"""Where in the ASGI scope stands what the caller may do; ``app.admission`` puts it there."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

NOT_ON_THIS_MACHINE = (
    "No key is set up, so only callers on the same machine are served, under a name such as "
    "localhost and without a proxy in between. Set API_KEYS, or ALLOW_ANONYMOUS=true."
)
FROM_ANOTHER_SITE = (
    "A web page of another origin may not do this. If it is yours, add its origin to CORS_ORIGINS."
)
KEY_MAY_NOT = "This key may not do that: its scopes do not include '{scope}'."


@dataclass(frozen=True, slots=True)
class Standing:
    """Who calls, and the scopes that he has."""

    caller: Caller
    granted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gate:
    """With keys, one of them is needed; without, this machine alone is served or everybody."""

    keys: tuple[ApiKey, ...] = ()
    allow_anonymous: bool = False
    cors_origins: tuple[str, ...] = ()

    def standing(self, connection: HTTPConnection) -> Standing:
        """Raises Unauthorized, in the same words for no key and for a wrong one."""
        if not self.keys:
            return self._unkeyed(connection)
        key = find_key(self.keys, offered_key(connection) or "")
        if key is None:
            raise Unauthorized
        caller = Caller(key.name, "key", address_digest(connection))
        return Standing(caller, granted(key.scopes))

    def _unkeyed(self, connection: HTTPConnection) -> Standing:
        digest = address_digest(connection)
        if is_on_this_machine(connection):
            return Standing(Caller(NOBODY_NAMED, "local", digest), SCOPES)
        if self.allow_anonymous:
            return Standing(Caller(ANONYMOUS, "anonymous", digest), SCOPES - {"admin"})
        raise Unauthorized(NOT_ON_THIS_MACHINE)

    def refuse_other_sites(self, connection: HTTPConnection) -> None:
        """Raises Forbidden. With keys, reading is harmless: no page can make a browser send one."""
        if self.keys and connection.scope["method"] in SAFE_METHODS:
            return
        if is_from_another_site(connection.headers, allowed_origins=self.cors_origins):
            raise Forbidden(FROM_ANOTHER_SITE)


def offered_key(connection: HTTPConnection) -> str | None:
    """None when no key was sent at all."""
    key = connection.headers.get("x-api-key")
    if key:
        return key
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def may_read(request: Request) -> None:
    """Declares that a route needs ``read``. ``app.admission`` has looked before; so does this."""
    _check(request, "read")


async def may_write(request: Request) -> None:
    """Declares that a route needs ``write``."""
    _check(request, "write")


async def may_admin(request: Request) -> None:
    """Declares that a route needs ``admin``."""
    _check(request, "admin")


def _check(request: Request, scope: Scope) -> None:
    refuse_unless_granted(request.scope.get(GRANTED, frozenset()), scope)


def refuse_unless_granted(granted_scopes: frozenset[str], scope: Scope) -> None:
    """Raises Forbidden."""
    if scope not in granted_scopes:
        raise Forbidden(KEY_MAY_NOT.format(scope=scope))
