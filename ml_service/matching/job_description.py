"""How a resume meets one job description, by skills and credentials that both name.

Limit: a technology that the catalogue knows only under its maker's name ("IBM Terraform") or not
at all is seen only where the advert asks for it outright ("must know Terraform", "experience with
Terraform and Rust"). "We run Terraform" or "Terraform required" alone asks for nothing that can
be decided, and the score does not count it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from ml_service.domain.ats_report import Evidence, JobDescriptionMatch, Requirements
from ml_service.domain.document import Line
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.resume import RedactedLine
from ml_service.matching.credentials import (
    credentials_in,
    states_credential,
    without_higher_degrees,
)
from ml_service.matching.mentions import names_skill
from ml_service.matching.named_tools import tools_named_in
from ml_service.matching.requirements import Strength, clauses

REQUIRED_WEIGHT = 2.0
PREFERRED_WEIGHT = 1.0

FindSkills = Callable[[Sequence[str]], Sequence[str]]
NO_ALIASES: Mapping[str, Sequence[str]] = MappingProxyType({})


def match_job_description(
    description: str,
    *,
    lines: Sequence[Line | RedactedLine],
    find_skills: FindSkills,
    aliases: Mapping[str, Sequence[str]] = NO_ALIASES,
) -> JobDescriptionMatch:
    """Points from 0 to 100: the matched share of what is required counts twice that of the rest.

    ``find_skills`` finds catalogue skills in lines of text; ``aliases`` gives other spellings by
    name. ``evidence`` holds the first line that names each matched skill: those of
    ``required.matched`` in their order, then those of ``preferred.matched``.
    Raises InvalidRequest when the description names nothing that can be decided.
    """
    required, preferred = skills_asked_for(description, find_skills)
    if not required and not preferred:
        raise InvalidRequest(
            "No skills or requirements could be found in the job description. "
            "Send its full text, with what the job asks for.",
            field="job_description",
        )
    resume = _Mentions(lines, find_skills, aliases)
    found = {skill: resume.first(skill) for skill in (*required, *preferred)}
    return JobDescriptionMatch(
        score=_score(_share(required, found), _share(preferred, found)),
        required=_split(required, found),
        preferred=_split(preferred, found),
        evidence=tuple(
            evidence for skill in (*required, *preferred) if (evidence := found[skill]) is not None
        ),
    )


def skills_asked_for(
    description: str, find_skills: FindSkills
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required and preferred skills and credentials, each once; one that is both is required."""
    by_strength: dict[Strength, dict[str, None]] = {"required": {}, "preferred": {}, "unneeded": {}}
    for clause in clauses(description):
        asked = (
            *find_skills([clause.text]),
            *credentials_in(clause.text),
            *_unknown_tools(clause.text, find_skills),
        )
        by_strength[clause.strength].update(dict.fromkeys(asked))
    required = without_higher_degrees(by_strength["required"])
    preferred = without_higher_degrees(by_strength["preferred"])
    return required, tuple(skill for skill in preferred if skill not in required)


def _unknown_tools(clause: str, find_skills: FindSkills) -> Iterator[str]:
    """Without those that have another, better name."""
    for name in tools_named_in(clause):
        if not find_skills([name]) and not credentials_in(name):
            yield name


class _Mentions:
    """Where a resume names which skill; the lines are searched once."""

    def __init__(
        self,
        lines: Sequence[Line | RedactedLine],
        find_skills: FindSkills,
        aliases: Mapping[str, Sequence[str]],
    ) -> None:
        self._lines = lines
        self._aliases = aliases
        self._known: dict[str, Line | RedactedLine] = {}
        for line in lines:
            for skill in find_skills([line.text]):
                self._known.setdefault(skill.casefold(), line)

    def first(self, skill: str) -> Evidence | None:
        spellings = (skill, *self._aliases.get(skill, ()))
        named = (
            line
            for line in self._lines
            if names_skill(line.text, spellings) or states_credential(line.text, skill)
        )
        candidates = [self._known.get(skill.casefold()), next(named, None)]
        found = [line for line in candidates if line is not None]
        if not found:
            return None
        line = min(found, key=lambda line: line.order)
        return Evidence(page=line.page, line=line.order, text=line.text)


def _split(skills: Iterable[str], found: Mapping[str, Evidence | None]) -> Requirements:
    return Requirements(
        matched=tuple(skill for skill in skills if found[skill] is not None),
        missing=tuple(skill for skill in skills if found[skill] is None),
    )


def _share(skills: Sequence[str], found: Mapping[str, Evidence | None]) -> float | None:
    """In [0, 1]; None where nothing was asked for."""
    if not skills:
        return None
    return sum(found[skill] is not None for skill in skills) / len(skills)


def _score(required: float | None, preferred: float | None) -> float:
    weighted = [(required, REQUIRED_WEIGHT), (preferred, PREFERRED_WEIGHT)]
    decided = [(share, weight) for share, weight in weighted if share is not None]
    total = sum(weight for _, weight in decided)
    return round(100 * sum(share * weight for share, weight in decided) / total, 1)
