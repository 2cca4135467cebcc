"""What a worker process answers for a document that is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """``cause`` names the type of an exception that no reader foresaw; it is for the log alone."""

    code: str
    message: str
    cause: str | None = None
