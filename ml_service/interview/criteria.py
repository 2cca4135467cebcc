"""From signals to criteria: what one of the services makes of a transcript."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from ml_service.domain.interview import CriterionReading, SaidThere, Turn
from ml_service.interview import technical, telling
from ml_service.interview.answers import quote_of
from ml_service.interview.material import Finding, Material, Shown, found
from ml_service.interview.rubric import (
    CRITERIA,
    HIGHEST,
    LOWEST,
    MAX_EVIDENCE,
    MAX_QUOTE_CHARACTERS,
    NOTHING_TO_ADD,
    Assessment,
    Criterion,
    ServiceName,
    WeightedSignal,
)

Measure = Callable[[Material], Finding | None]

MEASURES: Mapping[str, Measure] = {
    "fillers": telling.fillers,
    "hedges": telling.hedges,
    "answers_in_kind": telling.answers_in_kind,
    "on_the_subject": telling.on_the_subject,
    "parts_told": telling.parts_told,
    "parts_in_order": telling.parts_in_order,
    "details": telling.details,
    "own_share": telling.own_share,
    "own_deeds": telling.own_deeds,
    "ways_of_working": telling.ways_of_working,
    "working_with_others": telling.working_with_others,
    "amounts_and_terms": technical.amounts_and_terms,
    "terms_in_use": technical.terms_in_use,
    "terms_explained": technical.terms_explained,
    "job_terms": technical.job_terms,
    "reasons": technical.reasons,
    "trade_offs": technical.trade_offs,
    "tackled": technical.tackled,
    "checks": technical.checks,
}

Weighed = tuple[WeightedSignal, Finding]

_OF_FAULTS = ("fillers", "hedges")


def read_criteria(
    service: ServiceName, material: Material, turns: Sequence[Turn]
) -> tuple[CriterionReading, ...]:
    """Every criterion that this service knows, in the order of the rubric."""
    return tuple(
        _reading(criterion, assessment, material, turns)
        for criterion in CRITERIA.values()
        for assessment in criterion.assessed_by
        if assessment.service == service
    )


def _reading(
    criterion: Criterion, assessment: Assessment, material: Material, turns: Sequence[Turn]
) -> CriterionReading:
    weighed = [
        (weighted, finding)
        for weighted in assessment.signals
        if (finding := MEASURES[weighted.signal.id](material)) is not None
    ]
    note = _left_out(assessment, material)
    label, findings = _to_quote(weighed, material)
    evidence = _evidence(findings, turns)
    if material.n_words_heard < criterion.min_words or not evidence:
        return CriterionReading(criterion.name, None, (), note.strip() or criterion.needs)
    score = _score(weighed)
    advice = NOTHING_TO_ADD if score == HIGHEST else _advice(weighed)
    return CriterionReading(criterion.name, score, evidence, f"{label}{note}{advice}")


def _left_out(assessment: Assessment, material: Material) -> str:
    """Said of what compares answers with known kinds of questions; empty where all are known."""
    if all(weighted.signal.id != "answers_in_kind" for weighted in assessment.signals):
        return ""
    n_strange = sum(one.by_kind is None for one in material.relevance.values())
    if not n_strange:
        return ""
    questions = "question" if n_strange == 1 else "questions"
    return f"{n_strange} {questions} of no known kind could not be compared with the answer. "


def _to_quote(weighed: Sequence[Weighed], material: Material) -> tuple[str, list[Finding]]:
    """Findings, and what the advice says of them: a fault among praise would pass for praise."""
    by_id = {weighted.signal.id: finding for weighted, finding in weighed}
    if by_id.keys().isdisjoint(_OF_FAULTS):
        return "", list(by_id.values())
    faults = {name: by_id[name] for name in _OF_FAULTS if name in by_id and by_id[name].shown}
    if faults:
        return f"Quoted are sentences with {' and '.join(faults)}. ", list(faults.values())
    openings = (Shown(1, answer.told[0]) for answer in material.answers)
    return "Quoted is how answers begin. ", [found(1, openings)]


def _score(weighed: Sequence[Weighed]) -> float:
    """In steps of a tenth. What is not measured is rescaled away."""
    whole = math.fsum(weighted.weight for weighted, _ in weighed)
    shares = (weighted.weight * _share(weighted, finding) for weighted, finding in weighed)
    return round(LOWEST + (HIGHEST - LOWEST) * math.fsum(shares) / whole, 1)


def _share(weighted: WeightedSignal, finding: Finding) -> float:
    return weighted.signal.share(finding.value)


def _advice(weighed: Sequence[Weighed]) -> str:
    """That of the signal which costs the most."""
    lost = [weighted.weight * (1 - _share(weighted, finding)) for weighted, finding in weighed]
    return weighed[lost.index(max(lost))][0].signal.advice


def _evidence(findings: Iterable[Finding], turns: Sequence[Turn]) -> tuple[SaidThere, ...]:
    """The most telling sentence of each signal, then the next ones, in the order of the turns."""
    ranked = [sorted(finding.shown, key=_rank) for finding in findings]
    chosen: dict[SaidThere, None] = {}
    for nth in range(MAX_EVIDENCE):
        for shown in ranked:
            if nth < len(shown) and len(chosen) < MAX_EVIDENCE:
                chosen[_said(shown[nth], turns)] = None
    return tuple(
        sorted(chosen, key=lambda said: (said.turn, turns[said.turn].content.find(said.text)))
    )


def _rank(shown: Shown) -> tuple[float, int, int]:
    return (-shown.strength, shown.sentence.turn, shown.sentence.words[0].start)


def _said(shown: Shown, turns: Sequence[Turn]) -> SaidThere:
    sentence = shown.sentence
    content = turns[sentence.turn].content
    text = quote_of(sentence, content, max_characters=MAX_QUOTE_CHARACTERS)
    return SaidThere(sentence.turn, text)
