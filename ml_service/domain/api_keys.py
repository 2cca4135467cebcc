"""The keys that callers hold: how API_KEYS names them and what they allow.

Only the sha256 of a key is ever configured or compared. The hash is fast, which is right for what
``new_key`` makes (256 random bits) and wrong for a password that somebody thought of.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

SCOPES = frozenset({"read", "write", "admin"})
KEY_BYTES = 32
RESERVED_NAMES = frozenset({"service", "anonymous"})

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class InvalidKeys(ValueError):
    """API_KEYS cannot be read; the message names the entry by position, never its content."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Two keys of one name are one caller: so a key is changed without a gap."""

    name: str
    scopes: frozenset[str]
    sha256: str

    @property
    def entry(self) -> str:
        """As it stands in API_KEYS."""
        return f"{self.name}:{'+'.join(sorted(self.scopes))}:{self.sha256}"


def read_api_keys(setting: str) -> tuple[ApiKey, ...]:
    """``name:scope+scope:sha256hex,...`` as in API_KEYS. Raises InvalidKeys."""
    entries = [entry.strip() for entry in setting.split(",")]
    if entries[-1] == "":  # nothing at all, or a comma at the end
        entries.pop()
    keys = tuple(_read_entry(entry, position) for position, entry in enumerate(entries, 1))
    _refuse_repeated(keys)
    return keys


def _read_entry(entry: str, position: int) -> ApiKey:
    name, scopes_text, sha256 = entry.split(":") if entry.count(":") == 2 else ("", "", "")
    scopes = frozenset(scopes_text.split("+"))
    problem = _problem(name, scopes, sha256)
    if problem is not None:
        raise InvalidKeys(f"entry {position} of API_KEYS: {problem}")
    return ApiKey(name=name, scopes=scopes, sha256=sha256)


def _problem(name: str, scopes: frozenset[str], sha256: str) -> str | None:
    if _NAME.fullmatch(name) is None:
        return (
            "expected name:scope+scope:sha256hex, with a name of at most 64 letters, digits, "
            "dots, dashes and underscores"
        )
    if name in RESERVED_NAMES:
        return "the names 'service' and 'anonymous' stand for callers without a key"
    if not scopes <= SCOPES:
        return "the scopes are read, write and admin, joined by +"
    if _SHA256.fullmatch(sha256) is None:
        return "the sha256 of the key must be 64 lower-case hexadecimal digits"
    return None


def _refuse_repeated(keys: tuple[ApiKey, ...]) -> None:
    seen: set[str] = set()
    for position, key in enumerate(keys, 1):
        if key.sha256 in seen:
            raise InvalidKeys(f"entry {position} of API_KEYS: the same key is listed before")
        seen.add(key.sha256)


def new_key(name: str, scopes: Iterable[str]) -> tuple[str, ApiKey]:
    """A new secret, and what API_KEYS holds of it. Raises InvalidKeys."""
    secret = secrets.token_urlsafe(KEY_BYTES)
    key = ApiKey(name=name, scopes=frozenset(scopes), sha256=sha256_of(secret))
    problem = _problem(name, key.scopes, key.sha256)
    if problem is not None or not key.scopes:
        raise InvalidKeys(problem or "at least one scope is needed")
    return secret, key


def sha256_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def find_key(keys: Iterable[ApiKey], offered: str) -> ApiKey | None:
    """The key whose secret ``offered`` is. Takes as long for a near miss as for a far one."""
    digest = sha256_of(offered)
    # Every key is compared, so that the time does not tell which one was close.
    matches = [key for key in keys if hmac.compare_digest(key.sha256, digest)]
    return matches[0] if matches else None


def granted(scopes: frozenset[str]) -> frozenset[str]:
    """``admin`` includes ``write``, ``write`` includes ``read``."""
    if "admin" in scopes:
        return SCOPES
    if "write" in scopes:
        return scopes | {"read"}
    return scopes
