"""What rules say beside a model that knows this product's intents; other models are left alone.

A model learns "don't delete my data" from examples alone, and tells other wordings surely wrong.
So a wish that a text refuses is never its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ml_service.domain.intent import ClassifiedText, LikelyIntent
from ml_service.domain.posting import JobQuery
from ml_service.intents.refusals import refusals_of, rest_of
from ml_service.intents.self_harm import speaks_of_self_harm

OWN_INTENTS = frozenset(
    {
        "compare", "delete_my_data", "export_my_data", "improve_resume", "prepare_interview",
        "salary", "search_jobs", "show_history", "small_talk", "talk_to_person",
        "what_to_learn_next", "which_careers_fit",
    }
)  # fmt: skip
"""The rules hold for a model that knows all of these, whatever else it knows."""

MOST_REFUSALS = 4
"""Each costs a vector: of who refuses more only these are looked at. What is wanted instead is what
stands outside all of them."""

STILL_LIKELY = 0.1
"""Of its confidence a refused intent keeps so much; the rest goes to out of scope."""

SEARCH_JOBS = "search_jobs"
"""The intent whose texts hold a query."""

SMALL_TALK = "small_talk"
NO_QUERY = JobQuery(query="")
_FOR_PEOPLE = ClassifiedText((LikelyIntent("talk_to_person", 1.0),), False, 0.0)
"""Of somebody who speaks of harming themselves: a rule's answer, no measured chance."""


@dataclass(frozen=True, slots=True)
class Asides:
    """What a model is asked besides the text: each refused wish, and what is wanted instead."""

    refused: tuple[str, ...]
    rest: str

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.refused, self.rest) if self.rest else self.refused


def knows_own_intents(intents: Iterable[str]) -> bool:
    return set(intents) >= OWN_INTENTS


def asides_of(text: str) -> Asides:
    """Nothing to ask where nothing is refused."""
    refusals = refusals_of(text)
    refused = tuple(dict.fromkeys(refusal.wish for refusal in refusals))[:MOST_REFUSALS]
    return Asides(refused, rest_of(text, refusals) if refused else "")


def reconsidered(
    text: str, found: ClassifiedText, asides: Asides, answers: Sequence[ClassifiedText]
) -> ClassifiedText:
    """``answers`` are of the texts of ``asides``, in their order.

    What is wanted instead counts where the text's likeliest intent is one that it refuses; where
    nothing known is left, the text is out of scope.
    """
    if speaks_of_self_harm(text):
        return _FOR_PEOPLE
    likeliest = found.likely[0]
    refused = [
        wish
        for wish, answer in zip(asides.refused, answers, strict=False)
        if answer.likely[0].intent == likeliest.intent
    ]
    if not refused:
        return found
    rest = answers[-1] if asides.rest else None
    if rest is None or rest.out_of_scope or rest.likely[0].intent == SMALL_TALK:
        return _withdrawn(found, likeliest.intent)
    if rest.likely[0].intent == likeliest.intent:
        return found
    is_kind = likeliest.intent == SEARCH_JOBS and all(map(_names_a_kind, refused))
    return found if is_kind and rest.likely[0].confidence < likeliest.confidence else rest


def _names_a_kind(wish: str) -> bool:
    """ "Stop showing me sales jobs, show me nursing ones" is still a search."""
    from ml_service.intents.slots.understanding import (  # noqa: PLC0415 - slow: with a first wish
        job_query_of,
    )

    return job_query_of(wish) != NO_QUERY


def _withdrawn(found: ClassifiedText, intent: str) -> ClassifiedText:
    lowered = [
        replace(one, confidence=one.confidence * STILL_LIKELY) if one.intent == intent else one
        for one in found.likely
    ]
    taken = sum(one.confidence for one in found.likely) - sum(one.confidence for one in lowered)
    doubt = found.p_out_of_scope
    return ClassifiedText(
        likely=tuple(sorted(lowered, key=lambda one: -one.confidence)),
        out_of_scope=True,
        p_out_of_scope=None if doubt is None else min(1.0, doubt + taken),
    )
