"""What the services say of a transcript, as one report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ml_service.domain.interview import (
    CriterionReading,
    CriterionScore,
    InterviewReport,
    SaidThere,
    ScoreOfService,
    ServiceReading,
    ServiceState,
)
from ml_service.interview.rubric import (
    CRITERIA,
    HIGHEST,
    LEAST_ASSESSED,
    LOWEST,
    RUBRIC_VERSION,
)

MAX_EVIDENCE = 5
DECIMALS = 2
_ROUNDING = 1e-9

_TOO_LITTLE = (
    "There is no overall score: less than half of what was asked, by its weight, could be assessed."
)

Said = tuple[ServiceReading, CriterionReading]


def report_of(
    readings: Sequence[ServiceReading],
    asked: Mapping[str, float],
    *,
    services: Mapping[str, ServiceState],
    notes: Sequence[str] = (),
) -> InterviewReport:
    """``asked`` are shares that sum to 1; ``notes`` stand before what is missing here.

    The score of a criterion is the mean of what the services say. What none of them could
    assess has the weight 0, and the others share it in proportion. Where that is more than half
    of the asked weight there is no overall.
    """
    said = {name: _said_of(name, readings) for name in asked}
    scores = {name: _mean_score(of_services) for name, of_services in said.items()}
    assessed = math.fsum(share for name, share in asked.items() if scores[name] is not None)
    criteria = tuple(
        _criterion(name, said[name], asked=share, assessed=assessed)
        for name, share in asked.items()
    )
    enough = assessed >= LEAST_ASSESSED - _ROUNDING
    too_little = () if enough or not assessed else (_TOO_LITTLE,)
    return InterviewReport(
        rubric_version=RUBRIC_VERSION,
        overall=_overall(criteria) if enough else None,
        criteria=criteria,
        services=dict(services),
        missing=(*notes, *too_little, *_missing(criteria, services)),
    )


def _said_of(name: str, readings: Sequence[ServiceReading]) -> list[Said]:
    return [
        (reading, criterion)
        for reading in readings
        for criterion in reading.criteria
        if criterion.criterion == name
    ]


def _scored(said: Sequence[Said]) -> list[float]:
    return [criterion.score for _, criterion in said if criterion.score is not None]


def _mean_score(said: Sequence[Said]) -> float | None:
    scores = _scored(said)
    return round(math.fsum(scores) / len(scores), DECIMALS) if scores else None


def _criterion(name: str, said: Sequence[Said], *, asked: float, assessed: float) -> CriterionScore:
    scores = _scored(said)
    score = _mean_score(said)
    return CriterionScore(
        criterion=name,
        score=score,
        asked_weight=asked,
        weight=asked / assessed if score is not None and assessed else 0.0,
        evidence=_evidence(said),
        by_service=tuple(
            ScoreOfService(reading.service, criterion.score, reading.revision)
            for reading, criterion in said
        ),
        disagreement=round(max(scores) - min(scores), 1) if len(scores) > 1 else None,
        advice=_advice(name, said),
    )


def _evidence(said: Sequence[Said]) -> tuple[SaidThere, ...]:
    """What each service quotes first, then the rest; in the order of the turns."""
    quoted = [criterion.evidence for _, criterion in said]
    longest = max(map(len, quoted), default=0)
    in_turn = [one[nth] for nth in range(longest) for one in quoted if nth < len(one)]
    chosen = tuple(dict.fromkeys(in_turn))[:MAX_EVIDENCE]
    return tuple(sorted(chosen, key=lambda one: one.turn))


def _advice(name: str, said: Sequence[Said]) -> str:
    """That of the service which scores lower."""
    scored = [criterion for _, criterion in said if criterion.score is not None]
    if scored:
        return min(scored, key=lambda criterion: criterion.score or 0.0).advice
    if said:
        return said[0][1].advice
    return f"Ask again later: nobody could assess '{CRITERIA[name].title}' this time."


def _overall(criteria: Sequence[CriterionScore]) -> float:
    """0 to 100, to a tenth."""
    parts = (
        criterion.weight * (criterion.score - LOWEST) / (HIGHEST - LOWEST)
        for criterion in criteria
        if criterion.score is not None
    )
    return round(100 * math.fsum(parts), 1)


def _missing(criteria: Sequence[CriterionScore], services: Mapping[str, ServiceState]) -> list[str]:
    down = sorted(name for name, state in services.items() if state != "ok")
    missing = [
        f"The service '{name}' did not answer; what it knows is not in this." for name in down
    ]
    for criterion in criteria:
        if criterion.score is None:
            title = CRITERIA[criterion.criterion].title
            reason = (
                "the transcript holds nothing to judge it by"
                if criterion.by_service
                else "no service that knows it answered"
            )
            missing.append(f"'{title}' was not assessed: {reason}.")
    return missing
