"""What is learnt of a request while it is answered, for its log line, figures and trace."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from ml_service.use_cases.stages import UNWATCHED, StageWatch

UNMATCHED = "unmatched"


@dataclass(slots=True)
class RequestNotes:
    """One a request, shared by all tasks that work on it. Holds nothing personal.

    ``route`` is the template, never the path: a path may hold a user's name. ``code`` is that of
    the problem that was answered. ``upload`` and ``abstained`` are set by uploads alone.
    ``stages`` is told what an upload goes through. ``trace_id`` is there while traces are sent.
    """

    request_id: str
    route: str = UNMATCHED
    caller: str | None = None
    code: str | None = None
    upload: Literal["created", "stored", "replayed"] | None = None
    abstained: bool = False
    trace_id: str | None = None
    stages: StageWatch = UNWATCHED


_notes: ContextVar[RequestNotes | None] = ContextVar("request_notes", default=None)


def begin_notes(request_id: str) -> RequestNotes:
    notes = RequestNotes(request_id)
    _notes.set(notes)
    return notes


def notes_of_request() -> RequestNotes:
    """Outside of a request: notes that nobody reads."""
    return _notes.get() or RequestNotes("-")
