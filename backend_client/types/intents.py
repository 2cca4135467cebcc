"""What a short text wants."""

from __future__ import annotations

from typing import Literal

from backend_client.types.base import Answer, Value
from backend_client.types.career import EncoderRef, ModelRef

Slot = Literal["query", "location", "remote", "employment_types", "date_posted", "set_aside"] | str


class LikelyIntent(Value):
    intent: str
    confidence: float


class SlotSpan(Value):
    """``text[start:end]`` of the text as it was sent. "set_aside" was understood, but no search
    can ask for it.
    """

    slot: Slot
    start: int
    end: int


class SearchSlots(Value):
    """What ``search_jobs`` takes, as the text says it; ``query`` is empty where no kind of work is
    named.
    """

    query: str
    location: str | None = None
    country: str | None = None
    remote: bool | None = None
    employment_types: list[str]
    date_posted: str
    spans: list[SlotSpan]


class Intent(Answer):
    """``confidence`` is calibrated; ``alternatives`` the likeliest first. Out of scope, ``intent``
    is "out_of_scope". ``slots`` come with the intent "search_jobs" alone. ``degraded_reason`` says
    why another encoder answered than the one that is set up.
    """

    intent: str
    confidence: float
    alternatives: list[LikelyIntent]
    out_of_scope: bool
    slots: SearchSlots | None = None
    model: ModelRef
    encoder: EncoderRef
    degraded_reason: str | None = None


class IntentList(Answer):
    """In the order of the texts."""

    results: list[Intent]
