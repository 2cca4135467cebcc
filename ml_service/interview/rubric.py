"""The interview rubric: every criterion with its signals, thresholds, weights and sources.

What stands here is published. A change of any of it, or of how a signal is read, is a new
``RUBRIC_VERSION``. A source is a page that exists; where there is none it says "our choice" with
the reason. Nothing here was validated against hiring outcomes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ml_service.domain.errors import InvalidRequest
from ml_service.interview import signal_rules
from ml_service.interview.signal_rules import SignalRule

ServiceName = Literal["communication", "technical"]

RUBRIC_VERSION = "1.2"
LOWEST, HIGHEST = 1.0, 5.0
MIN_WORDS = 20
LEAST_ASSESSED = 0.5
"""Share of the asked weight without which there is no overall."""

MAX_EVIDENCE = 3
MAX_QUOTE_CHARACTERS = 300
NOTHING_TO_ADD = "Nothing to add by this rubric."
MAIN_CRITERIA = (
    "communication",
    "culture_and_collaboration",
    "technical_depth",
    "problem_solving",
)


@dataclass(frozen=True, slots=True)
class WeightedSignal:
    """``weight`` is a share of the criterion; what cannot be measured is left out and the rest
    rescaled."""

    signal: SignalRule
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one of the services scores a criterion."""

    service: ServiceName
    signals: tuple[WeightedSignal, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """``needs`` is said where a transcript holds nothing to judge by."""

    name: str
    title: str
    main: bool
    assessed_by: tuple[Assessment, ...]
    min_words: int
    needs: str


@dataclass(frozen=True, slots=True)
class InterviewRubricCard:
    """The whole rubric as it is published; ``rules`` are sentences that hold for all criteria."""

    rubric_version: str
    lowest: float
    highest: float
    criteria: tuple[Criterion, ...]
    rules: tuple[str, ...]


def _by(service: ServiceName, **weights: float) -> Assessment:
    rules = signal_rules.SIGNALS
    return Assessment(
        service, tuple(WeightedSignal(rules[name], weight) for name, weight in weights.items())
    )


_ALL = (
    Criterion(
        name="communication",
        title="Communication",
        main=True,
        assessed_by=(_by("communication", fillers=0.45, answers_in_kind=0.35, hedges=0.2),),
        min_words=MIN_WORDS,
        needs="Answer in a few whole sentences; there is too little here to hear how it is told.",
    ),
    Criterion(
        name="culture_and_collaboration",
        title="Culture and collaboration",
        main=True,
        assessed_by=(_by("communication", ways_of_working=0.6, working_with_others=0.4),),
        min_words=MIN_WORDS,
        needs="Tell of work with others: who was asked, helped or heard, and what you did there.",
    ),
    Criterion(
        name="technical_depth",
        title="Technical depth",
        main=True,
        assessed_by=(_by("technical", terms_in_use=0.4, terms_explained=0.35, job_terms=0.25),),
        min_words=MIN_WORDS,
        needs="Name the tools and methods you worked with, in a sentence that says what you did.",
    ),
    Criterion(
        name="problem_solving",
        title="Problem solving",
        main=True,
        assessed_by=(_by("technical", reasons=0.3, tackled=0.3, trade_offs=0.2, checks=0.2),),
        min_words=MIN_WORDS,
        needs="Tell of a problem: what caused it, what you tried, and why you chose your way.",
    ),
    Criterion(
        name="relevance",
        title="Answers to the question",
        main=False,
        assessed_by=(_by("communication", answers_in_kind=1), _by("technical", on_the_subject=1)),
        min_words=1,
        needs="Without a question and an answer there is nothing to compare.",
    ),
    Criterion(
        name="structure",
        title="Situation, task, action, result",
        main=False,
        assessed_by=(_by("communication", parts_told=1), _by("technical", parts_in_order=1)),
        min_words=MIN_WORDS,
        needs="Answer at least one question at length: the situation, your task, what you did and "
        "what came of it.",
    ),
    Criterion(
        name="specificity",
        title="Specific and with figures",
        main=False,
        assessed_by=(_by("communication", details=1), _by("technical", amounts_and_terms=1)),
        min_words=MIN_WORDS,
        needs="Give figures, times and examples; none were found.",
    ),
    Criterion(
        name="ownership",
        title="What you did yourself",
        main=False,
        assessed_by=(_by("communication", own_share=1), _by("technical", own_deeds=1)),
        min_words=MIN_WORDS,
        needs="Say what you did yourself: 'I' and a verb of doing.",
    ),
)

CRITERIA: Mapping[str, Criterion] = {criterion.name: criterion for criterion in _ALL}

RULES = (
    (
        "Only what the candidate says is scored, from 1 to 5. A criterion without evidence is not "
        "assessed; its weight is spread over the others, in proportion."
    ),
    (
        "Left out before anything else is judged: fillers, words said twice, sentences said "
        "before, and sentences that mostly read back the advert or the interviewer. Nearly the "
        "same is what has most of its words, and eight or more, in common with what was said."
    ),
    (
        "Names, other words with a capital and the pronouns he, she and they are taken out before "
        "the encoder sees a word."
    ),
    (
        "The part of an answer that tells of a result counts for structure only: the sentence "
        "from its cue on, and the one behind a phrase such as 'as a result' if it tells of no "
        "deed and takes no next step. An answer begins with something told."
    ),
    (
        "What is said under a negation in its clause (not, never, nobody, without, refused to) is "
        "no evidence of ways of working, deeds, checks, terms, amounts or times."
    ),
    (
        "Accent, grammar, name, gender, age and personality are not looked at; ages and numbers of "
        "children are taken out, and so is markup."
    ),
    "Where both services score a criterion the mean counts, and the distance is shown.",
    (
        "Overall is the weighted mean of (score - 1) / 4, from 0 to 100. There is none where less "
        "than half of the asked weight could be assessed."
    ),
    (
        "The scores were not validated against hiring outcomes. They are meant as feedback for "
        "those who practise, not for the selection of candidates."
    ),
)

CARD = InterviewRubricCard(
    rubric_version=RUBRIC_VERSION,
    lowest=LOWEST,
    highest=HIGHEST,
    criteria=_ALL,
    rules=RULES,
)


def weights_of(rubric: Mapping[str, float] | None) -> dict[str, float]:
    """Shares that sum to 1, in the order of the rubric; equal ones of the main criteria for None.

    Raises InvalidRequest.
    """
    if rubric is None:
        return dict.fromkeys(MAIN_CRITERIA, 1 / len(MAIN_CRITERIA))
    if not rubric:
        raise InvalidRequest(
            "The rubric is empty. Leave it out, or give at least one criterion a weight.",
            field="rubric",
        )
    for name, weight in rubric.items():
        _check(name, weight)
    largest = max(rubric.values())
    if largest == 0:
        raise InvalidRequest(
            "All weights are zero. Give at least one criterion a weight above zero.",
            field="rubric",
        )
    shares = {name: weight / largest for name, weight in rubric.items()}
    whole = math.fsum(shares.values())
    return {name: share / whole for name, share in shares.items()}


def _check(name: str, weight: float) -> None:
    field = f"rubric/{name}"
    if name not in CRITERIA:
        known = ", ".join(CRITERIA)
        raise InvalidRequest(f"There is no such criterion. Known are: {known}.", field=field)
    if not math.isfinite(weight) or weight < 0:
        raise InvalidRequest("A weight is a finite number, zero or above.", field=field)
