"""How a client behaves; every value is finite, and a key shows nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from backend_client.errors import ConfigurationError

Fallback = Literal["local", "off"]

DEFAULT_URL = "http://localhost:8000"
URL, KEY, USE_FALLBACK = "ML_SERVICE_URL", "ML_SERVICE_API_KEY", "USE_FALLBACK_ANALYSIS"
_WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on"), "local"),
    **dict.fromkeys(("0", "false", "no", "off"), "off"),
}


class Secret:
    """Text that no repr, log or error shows; ``reveal`` is called where it is sent."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. ``read_s`` is between two pieces of an answer, ``answer_s`` for a whole try."""

    connect_s: float = 5.0
    write_s: float = 30.0
    read_s: float = 75.0
    pool_s: float = 10.0
    answer_s: float = 150.0

    def __post_init__(self) -> None:
        for setting in fields(self):
            if not 0 < getattr(self, setting.name) < float("inf"):
                raise ConfigurationError(f"{setting.name} must be more than 0 and finite.")


@dataclass(frozen=True, slots=True)
class Retries:
    """``max_retries`` beyond the first try. A delay doubles from ``first_delay_s``.

    ``Retry-After`` above ``longest_retry_after_s`` ends the tries. A key of ours that is in work
    is waited for up to ``in_flight_s``: a service that was killed holds it for 30 s.
    """

    max_retries: int = 2
    first_delay_s: float = 0.5
    longest_delay_s: float = 8.0
    longest_retry_after_s: float = 30.0
    in_flight_s: float = 45.0

    def __post_init__(self) -> None:
        for setting in fields(self):
            if not 0 <= getattr(self, setting.name) < float("inf"):
                raise ConfigurationError(f"{setting.name} must be 0 or more and finite.")


@dataclass(frozen=True, slots=True)
class Options:
    base_url: str = DEFAULT_URL
    api_key: Secret | None = None
    fallback: Fallback = "local"
    timeouts: Timeouts = field(default_factory=Timeouts)
    retries: Retries = field(default_factory=Retries)

    @classmethod
    def read(
        cls,
        *,
        base_url: str | None,
        api_key: str | None,
        fallback: Fallback | None,
        timeouts: Timeouts | None,
        retries: Retries | None,
        environment: Mapping[str, str] | None = None,
    ) -> Self:
        """What is None comes from the environment, then from the defaults.

        Raises ConfigurationError.
        """
        given = os.environ if environment is None else environment
        key = api_key or given.get(KEY) or None
        return cls(
            base_url=_address(base_url or given.get(URL) or DEFAULT_URL),
            api_key=None if key is None else _secret(key),
            fallback=_fallback(fallback, given.get(USE_FALLBACK) or "true"),
            timeouts=timeouts or Timeouts(),
            retries=retries or Retries(),
        )

    def changed(self, **changes: Any) -> Self:
        """With those that are not None. Raises ConfigurationError."""
        given = {name: value for name, value in changes.items() if value is not None}
        if "api_key" in given:
            given["api_key"] = _secret(given["api_key"])
        if "fallback" in given:
            given["fallback"] = _fallback(given["fallback"], "")
        if "max_retries" in given:
            given["retries"] = replace(self.retries, max_retries=given.pop("max_retries"))
        return replace(self, **given)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(f"The address must start with http:// or https://: {URL}.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError("The address must hold no user, key, query or fragment.")
    return url.rstrip("/")


def _secret(key: str) -> Secret:
    if not key.isascii() or not key.isprintable() or key != key.strip():
        raise ConfigurationError("The API key must be printable ASCII without spaces around it.")
    return Secret(key)


def _fallback(asked: Fallback | None, setting: str) -> Fallback:
    chosen = asked if asked is not None else _WORDS.get(setting.strip().lower())
    if chosen == "local":
        return "local"
    if chosen == "off":
        return "off"
    raise ConfigurationError(f'fallback must be "local" or "off", {USE_FALLBACK} true or false.')
