"""Where people go from here: the moves of work histories, with what is still to be learned."""

from __future__ import annotations

from itertools import islice

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.transitions.model import Move, NextOccupations
from ml_service.domain.occupation import Occupation
from ml_service.domain.prediction import CareerPrediction, NextStep

MAX_STEPS = 5
MAX_MISSING_SKILLS = 8


def next_steps(
    career: CareerPrediction, evidence: ResumeEvidence, next_occupations: NextOccupations
) -> tuple[NextStep, ...]:
    """At most five, best first; empty for an answer that is no occupation of the catalogue.

    The score is the estimated probability that the next change of occupation leads there; the
    scores sum to less than 1, since people also go where nothing is offered: decision 15. Raises
    EmbeddingSpaceMismatch.
    """
    present = career.career_paths[0].soc_code
    if present is None or present not in next_occupations:
        return ()
    has = {skill.name.casefold() for skill in evidence.profile.skills}
    moves = next_occupations.after_resume(present, evidence, limit=MAX_STEPS)
    return tuple(_step(move, has) for move in moves)


def _step(move: Move, has: set[str]) -> NextStep:
    occupation = move.occupation
    return NextStep(
        title=occupation.title,
        soc_code=occupation.soc_code,
        job_zone=occupation.job_zone,
        median_wage=occupation.wage.median if occupation.wage is not None else None,
        missing_skills=_missing(occupation, has),
        score=round(move.probability, 4),
    )


def _missing(step: Occupation, has: set[str]) -> tuple[str, ...]:
    """Technologies of the step that the resume does not name, those in demand first."""
    missing = (name for name in step.technologies if name.casefold() not in has)
    return tuple(islice(missing, MAX_MISSING_SKILLS))
