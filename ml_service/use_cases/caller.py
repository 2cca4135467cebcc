"""Who asks: the name of the key, for the audit trail."""

from __future__ import annotations

from contextvars import ContextVar

NOBODY_NAMED = "service"

_caller: ContextVar[str] = ContextVar("caller", default=NOBODY_NAMED)


def current_caller() -> str:
    """The key's name, or ``service`` where no key was used."""
    return _caller.get()


def name_caller(name: str) -> None:
    """For the rest of the request or command in whose context this is called."""
    _caller.set(name)
