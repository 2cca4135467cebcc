"""Who asks: for the audit trail, for limits, and for what only known callers may spend."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

NOBODY_NAMED = "service"
ANONYMOUS = "anonymous"

CallerKind = Literal["key", "local", "anonymous"]


@dataclass(frozen=True, slots=True)
class Caller:
    """``key``: holds one of API_KEYS; ``local``: on this machine; ``anonymous``: anybody else.

    ``name`` is the key's, ``service`` for local callers, ``anonymous`` for others.
    ``address_digest`` is a hash of the network address, empty for the command line.
    """

    name: str
    kind: CallerKind
    address_digest: str = ""

    @property
    def identity(self) -> str:
        """What belongs to one caller is kept under this: the key where there is one."""
        return f"key:{self.name}" if self.kind == "key" else f"address:{self.address_digest}"


COMMAND_LINE = Caller(name=NOBODY_NAMED, kind="local")

_caller: ContextVar[Caller] = ContextVar("caller", default=COMMAND_LINE)


def the_caller() -> Caller:
    """Of the request in work; COMMAND_LINE outside of one."""
    return _caller.get()


def current_caller_name() -> str:
    """For the audit trail."""
    return _caller.get().name


def current_caller_may_spend_quota() -> bool:
    """Whether the job board's quota may be spent for this caller: a key's holder or a local one."""
    return _caller.get().kind != "anonymous"


def enter_as(caller: Caller) -> None:
    """For the rest of the request or command in whose context this is called."""
    _caller.set(caller)
