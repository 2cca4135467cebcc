from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client._events import Event, EventLines, PredictionStream
from backend_client.errors import BadResponse

STREAM = (
    ": keep-alive\n\nevent: stage\r\ndata: {}\r\n\r\n"
    "id: 7\nevent: prediction\ndata: first\ndata: zweite Zeile ü\n\ndata:x\n\nevent: never\ndata: e"
).encode()
EVENTS = [
    Event("stage", "{}"),
    Event("prediction", "first\nzweite Zeile ü"),
    Event("message", "x"),
]


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_events_do_not_depend_on_how_they_are_cut(cuts: list[int]) -> None:
    lines = EventLines()
    places = [0, *sorted(cuts), len(STREAM)]

    pieces = [STREAM[a:b] for a, b in pairwise(places)]

    assert [event for piece in pieces for event in lines.feed(piece)] == EVENTS


@pytest.mark.parametrize("data", [b"no json", b"[1]", b"7"])
def test_a_stage_that_is_none_is_said(data: bytes) -> None:
    stream = PredictionStream(print)

    with pytest.raises(BadResponse):
        stream.feed(b"event: stage\ndata: " + data + b"\n\n")
