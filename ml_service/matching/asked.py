"""What a job description asks for: by name, or described in ordinary words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ml_service.matching.credentials import credentials_in, without_higher_degrees
from ml_service.matching.described import content_stems, phrases_in
from ml_service.matching.named_tools import tools_named_in
from ml_service.matching.requirements import Clause, Strength, clauses

MAX_DESCRIBED = 16

FindSkills = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """``required`` and ``preferred`` in the order of the advert, names first; each item once.

    ``described`` are those of both that have no proper name of their own.
    """

    required: tuple[str, ...]
    preferred: tuple[str, ...]
    described: frozenset[str]


def asked_for(description: str, find_skills: FindSkills) -> Asked:
    """One that is both is required. Of what is described the first MAX_DESCRIBED count."""
    named = [(clause, _named(clause.text, find_skills)) for clause in clauses(description)]
    required, preferred = _names(named)
    # A clause that names a skill is decided by that name alone.
    plain = [clause for clause, names in named if not names]
    taken = {content_stems(name) for name in (*required, *preferred)}
    must = _phrases(plain, "required", taken=taken, most=MAX_DESCRIBED)
    nice = _phrases(plain, "preferred", taken=taken, most=MAX_DESCRIBED - len(must))
    return Asked(
        required=(*required, *must),
        preferred=(*preferred, *nice),
        described=frozenset((*must, *nice)),
    )


def skills_asked_for(
    description: str, find_skills: FindSkills
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Required and preferred skills and credentials, each once; one that is both is required."""
    return _names((one, _named(one.text, find_skills)) for one in clauses(description))


def _names(
    named: Iterable[tuple[Clause, Sequence[str]]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    by_strength: dict[Strength, dict[str, None]] = {"required": {}, "preferred": {}, "unneeded": {}}
    for clause, names in named:
        by_strength[clause.strength].update(dict.fromkeys(names))
    required = without_higher_degrees(by_strength["required"])
    preferred = without_higher_degrees(by_strength["preferred"])
    return required, tuple(skill for skill in preferred if skill not in required)


def _named(clause: str, find_skills: FindSkills) -> tuple[str, ...]:
    return (
        *find_skills([clause]),
        *credentials_in(clause),
        *_unknown_tools(clause, find_skills),
    )


def _unknown_tools(clause: str, find_skills: FindSkills) -> Iterator[str]:
    """Without those that have another, better name."""
    for name in tools_named_in(clause):
        if not find_skills([name]) and not credentials_in(name):
            yield name


def _phrases(
    plain: Sequence[Clause], strength: Strength, *, taken: set[tuple[str, ...]], most: int
) -> tuple[str, ...]:
    """Adds to ``taken`` the stems of what it returns."""
    found: list[str] = []
    for clause in plain:
        if clause.strength != strength:
            continue
        for phrase in phrases_in(clause.text, headed=clause.headed):
            stems = content_stems(phrase)
            if stems not in taken and len(found) < most:
                taken.add(stems)
                found.append(phrase)
    return tuple(found)
