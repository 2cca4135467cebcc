"""Where an occupation usually leads: related ones at the same level of preparation or above."""

from __future__ import annotations

from ml_service.career.occupations import Catalogue
from ml_service.domain.occupation import Occupation
from ml_service.domain.prediction import CareerPrediction, NextStep
from ml_service.domain.resume import ResumeProfile

MAX_STEPS = 5
MAX_MISSING_SKILLS = 8
_RELATEDNESS_SHARE = 0.6
_TECHNOLOGY_SHARE = 0.4


def next_steps(
    career: CareerPrediction, profile: ResumeProfile, catalogue: Catalogue
) -> tuple[NextStep, ...]:
    """At most five, best first; empty for an answer that O*NET relates to nothing.

    The score mixes the rank among the related occupations (6 parts) with the share of the
    answer's and the resume's technologies that the step asks for as well (4 parts).
    """
    code = career.career_paths[0].soc_code
    if code is None or code not in catalogue:
        return ()
    start = catalogue.get(code)
    has = {skill.name.casefold() for skill in profile.skills}
    steps = [
        _step(catalogue.get(related), start=start, rank=rank, has=has)
        for rank, related in enumerate(start.related)
        if related in catalogue and _is_no_step_down(start, catalogue.get(related))
    ]
    steps.sort(key=lambda step: (-step.score, step.soc_code))
    return tuple(steps[:MAX_STEPS])


def _is_no_step_down(start: Occupation, other: Occupation) -> bool:
    if start.job_zone is None or other.job_zone is None:
        return False
    return other.job_zone >= start.job_zone


def _step(step: Occupation, *, start: Occupation, rank: int, has: set[str]) -> NextStep:
    closeness = 1 - rank / max(len(start.related), 1)
    known = has | {name.casefold() for name in start.technologies}
    shared = sum(name.casefold() in known for name in step.technologies)
    share = shared / len(step.technologies) if step.technologies else 0.0
    return NextStep(
        title=step.title,
        soc_code=step.soc_code,
        job_zone=step.job_zone,
        median_wage=step.wage.median if step.wage is not None else None,
        missing_skills=_missing(step, has),
        score=round(_RELATEDNESS_SHARE * closeness + _TECHNOLOGY_SHARE * share, 4),
    )


def _missing(step: Occupation, has: set[str]) -> tuple[str, ...]:
    """Technologies of the step that the resume does not name, those in demand first."""
    missing = (name for name in step.technologies if name.casefold() not in has)
    return tuple(missing)[:MAX_MISSING_SKILLS]
