"""What rules say beside a model that knows the product's intents."""

from __future__ import annotations

import pytest

from ml_service.domain.intent import ClassifiedText, LikelyIntent
from ml_service.intents.own_rules import (
    MOST_REFUSALS,
    OWN_INTENTS,
    STILL_LIKELY,
    Asides,
    asides_of,
    knows_own_intents,
    reconsidered,
)

SURE = 0.9


def told(intent: str, confidence: float = SURE, *, out_of_scope: bool = False) -> ClassifiedText:
    return ClassifiedText((LikelyIntent(intent, confidence),), out_of_scope, 1 - confidence)


def decided(text: str, found: ClassifiedText, **by_part: ClassifiedText) -> ClassifiedText:
    """``by_part`` answers for what holds the word."""
    asides = asides_of(text)
    answers = [next(by_part[word] for word in by_part if word in part) for part in asides.texts]
    return reconsidered(text, found, asides, answers)


def test_a_refused_wish_without_another_is_out_of_scope() -> None:
    delete = told("delete_my_data", 0.84)

    found = decided("I never want to erase my profile", delete, erase=delete)

    assert found.out_of_scope
    (likely,) = found.likely
    assert likely.intent == "delete_my_data"
    assert likely.confidence == pytest.approx(0.84 * STILL_LIKELY)
    assert found.p_out_of_scope == pytest.approx(1 - 0.84 * STILL_LIKELY)


def test_what_is_wanted_instead_is_the_answer() -> None:
    delete, export = told("delete_my_data"), told("export_my_data")

    text = "please don't wipe anything, send me a copy"
    assert decided(text, delete, wipe=delete, copy=export) == export


@pytest.mark.parametrize("rest", [told("small_talk"), told("salary", 0.2, out_of_scope=True)])
def test_a_rest_that_wants_nothing_does_not_count(rest: ClassifiedText) -> None:
    delete = told("delete_my_data")

    text = "do not erase my CV, I mean that seriously"
    assert decided(text, delete, erase=delete, seriously=rest).out_of_scope


def test_an_answer_that_is_not_refused_stays() -> None:
    careers, talk = told("which_careers_fit"), told("talk_to_person")

    text = "I don't want to talk to people all day, what fits me?"
    assert decided(text, careers, talk=talk, fits=told("salary")) == careers


def test_a_wish_that_the_rest_repeats_stays() -> None:
    search = told("search_jobs")

    text = "I don't want part-time jobs, only full-time"
    assert (
        decided(text, search, **{"part-time": search, "full": told("search_jobs", 0.7)}) == search
    )


@pytest.mark.parametrize(("confidence", "intent"), [(0.7, "search_jobs"), (0.99, "show_history")])
def test_another_kind_of_jobs_is_still_a_search_unless_the_rest_is_surer(
    confidence: float, intent: str
) -> None:
    search, history = told("search_jobs"), told("show_history", confidence)

    found = decided(
        "stop showing me sales jobs, show me those", search, sales=search, those=history
    )

    assert found.likely[0].intent == intent


def test_a_chance_that_was_never_learned_stays_unknown() -> None:
    compare = ClassifiedText(
        (LikelyIntent("compare", 0.9), LikelyIntent("salary", 0.1)), False, None
    )

    found = decided("no need to compare them", compare, compare=compare)

    assert (found.out_of_scope, found.p_out_of_scope) == (True, None)
    assert [one.intent for one in found.likely] == ["salary", "compare"]


def test_who_speaks_of_self_harm_gets_a_person() -> None:
    found = reconsidered("I want to kill myself", told("delete_my_data"), Asides((), ""), [])

    assert (found.likely[0].intent, found.out_of_scope) == ("talk_to_person", False)


def test_a_text_that_refuses_nothing_asks_nothing_more() -> None:
    assert asides_of("why can't I find jobs") == Asides((), "")


@pytest.mark.parametrize(
    ("intents", "knows"),
    [
        (OWN_INTENTS, True),
        (OWN_INTENTS | {"cancel_order"}, True),
        (OWN_INTENTS - {"salary"}, False),
        ({"search_jobs", "pay_bill"}, False),
    ],
)
def test_models_of_other_intents_are_left_alone(intents: frozenset[str], knows: bool) -> None:
    assert knows_own_intents(intents) == knows


def test_of_many_refusals_a_few_are_looked_at_and_all_are_left_out_of_the_rest() -> None:
    refused = ("erase my files", "export my files", "compare my files", "rate my files")
    many = ". ".join(f"Please don't {wish}" for wish in (*refused, *refused, "delete my files"))

    asides = asides_of(f"{many}. Find me nursing work.")

    assert asides.refused == refused
    assert len(refused) == MOST_REFUSALS
    assert asides.rest.endswith("Find me nursing work")
    assert "files" not in asides.rest
