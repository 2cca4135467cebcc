"""What the writers of short texts want, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ml_service.contract.base import Out, PlainText, Probability
from ml_service.contract.history import UserId
from ml_service.contract.prediction import EncoderOut, ModelOut
from ml_service.domain.posting import DatePosted, EmploymentType

MOST_TEXTS = 256
MAX_TEXT_CHARACTERS = 2_000

Text = Annotated[PlainText, StringConstraints(max_length=MAX_TEXT_CHARACTERS)]
ModelName = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=130,
        description="NAME or NAME@VERSION of a model of intents; default: INTENTS_MODEL",
    ),
]
Offset = Annotated[int, Field(ge=0)]


class IntentIn(BaseModel):
    """``user_id`` keeps one user with one arm of traffic; nothing is kept of it."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    model: ModelName = None
    user_id: UserId | None = None


class IntentsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts: Annotated[list[Text], Field(min_length=1, max_length=MOST_TEXTS)]
    model: ModelName = None
    user_id: UserId | None = None


class LikelyIntentOut(Out):
    intent: str
    confidence: Probability


class SlotSpanOut(Out):
    """Code points ``[start, end)`` of the text as it was sent, not UTF-16 units. ``set_aside`` was
    understood, but no search can ask for it: a second place, "near me", "no internships".
    """

    slot: Literal["query", "location", "remote", "employment_types", "date_posted", "set_aside"]
    start: Offset
    end: Offset


class SlotsOut(Out):
    """Parameters of `GET /jobs/search`, as the text says them. ``query`` may be empty, where no
    kind of work is named; ``country`` is that of the ``location``, where the text tells it.
    """

    query: str
    location: str | None
    country: str | None
    remote: bool | None
    employment_types: list[EmploymentType]
    date_posted: DatePosted
    spans: list[SlotSpanOut]


class IntentOut(Out):
    """``confidence`` is calibrated. Out of scope, the intent is ``out_of_scope``, and the likeliest
    of the model's own intents leads the alternatives. Of a text in scope they hold
    ``out_of_scope`` where that is likelier than 0.05. ``slots`` come with ``search_jobs`` alone.
    ``degraded_reason``: why another encoder answered than the one that is set up.
    """

    intent: str
    confidence: Probability
    alternatives: list[LikelyIntentOut]
    out_of_scope: bool
    slots: SlotsOut | None
    model: ModelOut
    encoder: EncoderOut
    degraded_reason: str | None


class IntentsOut(BaseModel):
    """In the order of the texts."""

    results: list[IntentOut]
