"""Server-sent events of an upload, read as they arrive.

Source: HTML Living Standard, 9.2, "Server-sent events".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from backend_client._answers import Reply, refusal, typed
from backend_client.errors import BadResponse, ConnectionFailed
from backend_client.types import Prediction


@dataclass(frozen=True, slots=True)
class Stage:
    """``state`` is started or finished; ``seconds`` with finished."""

    stage: str
    state: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: str


class EventLines:
    """Bytes in pieces of any size become events; a last one without its blank line is dropped."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[Event]:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            event = self._line(line.removesuffix(b"\r").decode("utf-8", "replace"))
            if event is not None:
                yield event

    def _line(self, line: str) -> Event | None:
        if not line:
            return self._end()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._name = value
        elif name == "data":
            self._data.append(value)
        return None

    def _end(self) -> Event | None:
        event = Event(self._name or "message", "\n".join(self._data)) if self._data else None
        self._name, self._data = "", []
        return event


class PredictionStream:
    """Tells ``on_stage`` of each stage, and keeps the event that ends the stream."""

    def __init__(self, on_stage: Callable[[Stage], None]) -> None:
        self._lines = EventLines()
        self._on_stage = on_stage
        self._last: Event | None = None

    def feed(self, chunk: bytes) -> None:
        for event in self._lines.feed(chunk):
            if event.name == "stage":
                self._on_stage(_stage(event.data))
            elif event.name in {"prediction", "problem"}:
                self._last = event

    def outcome(self, reply: Reply) -> Prediction:
        """Raises the StatusError of a problem, or ConnectionFailed where no end came."""
        if self._last is None:
            raise ConnectionFailed("The stream of events ended early.", request_id=reply.request_id)
        if self._last.name == "problem":
            problem = _json(self._last.data)
            raise refusal(int(problem.get("status", 500)), problem, reply.request_id)
        return typed(Prediction, self._last.data, reply)


def _stage(data: str) -> Stage:
    said = _json(data)
    seconds = said.get("seconds")
    return Stage(
        stage=str(said.get("stage", "")),
        state=str(said.get("state", "")),
        seconds=float(seconds) if isinstance(seconds, int | float) else None,
    )


def _json(data: str) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadResponse("An event of the stream is not a JSON object.")
    return said
