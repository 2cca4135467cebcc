from __future__ import annotations

import pytest

from ml_service.app.negotiation import most_welcome

JSON, EVENTS = "application/json", "text/event-stream"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/event-stream", EVENTS),
        ("Text/Event-Stream; charset=utf-8", EVENTS),
        ("text/*", EVENTS),
        ("text/event-stream, application/json", JSON),
        ("text/event-stream, */*", JSON),
        ("text/event-stream, application/json;q=0.9", EVENTS),
        ("text/event-stream;q=0.5, application/json;q=0.9", JSON),
        ("text/event-stream, */*;q=0.1", EVENTS),
        ("application/json;q=0, */*", EVENTS),
        ("text/event-stream;q=0, */*;q=0.001", JSON),
        ("text/*;q=0, text/event-stream;q=0.2", EVENTS),
        ("text/html", None),
        ("application/json;q=0", None),
        ("text/event-stream;q=0", None),
        ("application/json;q=nan", None),
        ("application/json;q=2", None),
        ("json", None),
        (",;,/", None),
    ],
)
def test_the_most_welcome_form_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert most_welcome(accept, [JSON, EVENTS]) == chosen
