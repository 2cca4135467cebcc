"""Who may call: keys with scopes, or callers on this machine while no key is set up."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from fastapi import Request

from ml_service.domain.errors import Forbidden, Unauthorized
from ml_service.settings import is_loopback
from ml_service.use_cases.caller import name_caller

SCOPES = frozenset({"read", "write", "admin"})


class InvalidKeySetting(ValueError):
    """API_KEYS cannot be read; the message names the entry by position, never its content."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    name: str
    scopes: frozenset[str]
    sha256: str


def read_api_keys(setting: str) -> tuple[ApiKey, ...]:
    """``name:scope+scope:sha256hex,...`` as in API_KEYS. Raises InvalidKeySetting."""
    entries = [entry.strip() for entry in setting.split(",") if entry.strip()]
    return tuple(_read_entry(entry, position) for position, entry in enumerate(entries, 1))


def _read_entry(entry: str, position: int) -> ApiKey:
    name, _, rest = entry.partition(":")
    scopes_text, _, sha256 = rest.partition(":")
    scopes = frozenset(scopes_text.split("+"))
    if not name or not scopes <= SCOPES:
        raise InvalidKeySetting(f"API_KEYS, entry {position}: expected name:scope+scope:sha256hex")
    if len(sha256) != 64 or any(digit not in "0123456789abcdef" for digit in sha256):
        raise InvalidKeySetting(f"API_KEYS, entry {position}: the sha256 must be 64 hex digits")
    return ApiKey(name=name, scopes=scopes, sha256=sha256)


@dataclass(frozen=True, slots=True)
class Gate:
    """``admin`` includes ``write``, ``write`` includes ``read``."""

    keys: tuple[ApiKey, ...]
    allow_anonymous: bool

    def check(self, request: Request, scope: str) -> None:
        """Raises Unauthorized or Forbidden."""
        if not self.keys:
            self._check_unkeyed(request)
            return
        key = self._key_of(request)
        if key is None:
            raise Unauthorized
        if scope not in _granted(key.scopes):
            raise Forbidden
        name_caller(key.name)

    def _check_unkeyed(self, request: Request) -> None:
        if self.allow_anonymous or _is_loopback(request):
            return
        raise Unauthorized(
            "No key is set up, so only callers on the same machine are served. "
            "Set API_KEYS, or ALLOW_ANONYMOUS=true."
        )

    def _key_of(self, request: Request) -> ApiKey | None:
        offered = hashlib.sha256(_offered_key(request).encode()).hexdigest()
        # Every key is compared, so that the time does not tell which one was close.
        matches = [key for key in self.keys if hmac.compare_digest(key.sha256, offered)]
        return matches[0] if matches else None


def _offered_key(request: Request) -> str:
    key = request.headers.get("x-api-key")
    if key:
        return key
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _granted(scopes: frozenset[str]) -> frozenset[str]:
    if "admin" in scopes:
        return SCOPES
    if "write" in scopes:
        return scopes | {"read"}
    return scopes


def _is_loopback(request: Request) -> bool:
    return request.client is not None and is_loopback(request.client.host)


async def may_read(request: Request) -> None:
    # A plain function would run in a thread, and the caller's name would be lost with it.
    _gate(request).check(request, "read")


async def may_write(request: Request) -> None:
    _gate(request).check(request, "write")


def _gate(request: Request) -> Gate:
    gate = request.app.state.gate
    assert isinstance(gate, Gate)  # noqa: S101 - put there by create_app
    return gate
