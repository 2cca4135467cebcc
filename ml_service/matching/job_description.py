"""How a resume meets one job description: by words first, then, marked as medium, by meaning.

Limit: a technology that the catalogue knows only under its maker's name ("IBM Terraform") or not
at all is seen only where the advert asks for it outright ("must know Terraform", "experience with
Terraform and Rust"). "We run Terraform" or "Terraform required" alone asks for nothing that can
be decided, and the score does not count it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from ml_service.domain.ats_report import (
    JobDescriptionMatch,
    MatchEvidence,
    MatchStrength,
    Requirements,
)
from ml_service.domain.errors import InvalidRequest
from ml_service.matching.asked import Asked, FindSkills, asked_for
from ml_service.matching.credentials import states_credential
from ml_service.matching.described import stands_in, stems_of
from ml_service.matching.meaning import may_be_met_by_meaning
from ml_service.matching.mentions import names_skill
from ml_service.matching.statements import (
    AnyLine,
    Echo,
    Statement,
    is_sentence,
    statements_of,
    tells_of_doing,
)

REQUIRED_WEIGHT = 2.0
PREFERRED_WEIGHT = 1.0
MEDIUM_SHARE = 0.5
"""What a match by meaning earns of one by words: one in five of unseen pairs is wrong."""

NO_ALIASES: Mapping[str, Sequence[str]] = MappingProxyType({})
NOTHING_BY_MEANING: Mapping[str, Statement] = MappingProxyType({})


def match_job_description(
    description: str,
    *,
    lines: Sequence[AnyLine],
    find_skills: FindSkills,
    aliases: Mapping[str, Sequence[str]] = NO_ALIASES,
) -> JobDescriptionMatch:
    """The match by words alone. Raises InvalidRequest as ``WordMatch`` does."""
    return WordMatch(description, lines=lines, find_skills=find_skills, aliases=aliases).completed()


class WordMatch:
    """What words decide, and what is left for a comparison by meaning.

    ``find_skills`` finds catalogue skills in lines of text; ``aliases`` gives other spellings by
    name. ``shown`` are the lines to quote, by their ``order``, where ``lines`` are redacted.
    Raises InvalidRequest when the description asks for nothing that can be decided.
    """

    def __init__(
        self,
        description: str,
        *,
        lines: Sequence[AnyLine],
        find_skills: FindSkills,
        aliases: Mapping[str, Sequence[str]] = NO_ALIASES,
        shown: Sequence[AnyLine] = (),
    ) -> None:
        self._asked = _decidable(description, find_skills)
        self._statements = statements_of(lines)
        self._shown = {line.order: line.text for line in shown}
        mentions = _Mentions(self._statements, find_skills, aliases)
        self._found = {skill: self._by_words(skill, mentions) for skill in self._all}
        open_phrases = [
            phrase
            for phrase in self._all
            if phrase in self._asked.described
            and self._found[phrase] is None
            and may_be_met_by_meaning(phrase, find_skills)
        ]
        self.open_phrases: tuple[str, ...] = tuple(open_phrases)
        echo = Echo(description)
        self.sentences: tuple[Statement, ...] = tuple(
            statement
            for statement in self._statements
            if is_sentence(statement)
            and tells_of_doing(statement)
            and not echo.repeats(statement.text)
        )

    @property
    def _all(self) -> tuple[str, ...]:
        return (*self._asked.required, *self._asked.preferred)

    def completed(
        self, by_meaning: Mapping[str, Statement] = NOTHING_BY_MEANING
    ) -> JobDescriptionMatch:
        """Points from 0 to 100: the share met of what is required counts twice that of the rest.

        ``evidence`` holds the first line that names each matched skill, or the sentence nearest
        in meaning: those of ``required.matched`` in their order, then those of
        ``preferred.matched``. What no line says is missing.
        """
        found = dict(self._found)
        for phrase, statement in by_meaning.items():
            if phrase in self.open_phrases:
                found[phrase] = self._quoted(statement, phrase, "medium")
        return JobDescriptionMatch(
            score=_score(_share(self._asked.required, found), _share(self._asked.preferred, found)),
            required=_split(self._asked.required, found),
            preferred=_split(self._asked.preferred, found),
            evidence=tuple(
                evidence for skill in self._all if (evidence := found[skill]) is not None
            ),
        )

    def _by_words(self, skill: str, mentions: _Mentions) -> MatchEvidence | None:
        described = skill in self._asked.described
        statement = mentions.of_phrase(skill) if described else mentions.of_name(skill)
        if statement is None:
            return None
        narrowed = None if described else mentions.line_of_name(skill, statement)
        if narrowed is not None:
            statement = Statement(narrowed.text, (narrowed,))
        return self._quoted(statement, skill, "exact")

    def _quoted(self, statement: Statement, skill: str, strength: MatchStrength) -> MatchEvidence:
        first = statement.lines[0]
        text = " ".join(self._shown.get(line.order, line.text).strip() for line in statement.lines)
        return MatchEvidence(first.page, first.order, text, skill, strength)


def _decidable(description: str, find_skills: FindSkills) -> Asked:
    asked = asked_for(description, find_skills)
    if not asked.required and not asked.preferred:
        raise InvalidRequest(
            "No skills or requirements could be found in the job description. "
            "Send its full text, with what the job asks for.",
            field="job_description",
        )
    return asked


class _Mentions:
    """Where a resume says what; its statements are searched for known skills once."""

    def __init__(
        self,
        statements: Sequence[Statement],
        find_skills: FindSkills,
        aliases: Mapping[str, Sequence[str]],
    ) -> None:
        self._statements = statements
        self._find_skills = find_skills
        self._aliases = aliases
        self._stems = [stems_of(statement.text) for statement in statements]
        self._known: dict[str, int] = {}
        for at, statement in enumerate(statements):
            for skill in find_skills([statement.text]):
                self._known.setdefault(skill.casefold(), at)

    def of_name(self, skill: str) -> Statement | None:
        named = (
            at
            for at, statement in enumerate(self._statements)
            if self._is_named_in(statement.text, skill)
        )
        candidates = [self._known.get(skill.casefold()), next(named, None)]
        found = [at for at in candidates if at is not None]
        return self._statements[min(found)] if found else None

    def line_of_name(self, skill: str, statement: Statement) -> AnyLine | None:
        """None where the name runs over two lines."""
        folded = skill.casefold()
        for line in statement.lines:
            known = {name.casefold() for name in self._find_skills([line.text])}
            if folded in known or self._is_named_in(line.text, skill):
                return line
        return None

    def of_phrase(self, phrase: str) -> Statement | None:
        says_it = (
            statement
            for statement, stems in zip(self._statements, self._stems, strict=True)
            if stands_in(phrase, stems) and tells_of_doing(statement)
        )
        return next(says_it, None)

    def _is_named_in(self, text: str, skill: str) -> bool:
        spellings = (skill, *self._aliases.get(skill, ()))
        return names_skill(text, spellings) or states_credential(text, skill)


def _split(skills: Iterable[str], found: Mapping[str, MatchEvidence | None]) -> Requirements:
    return Requirements(
        matched=tuple(skill for skill in skills if found[skill] is not None),
        missing=tuple(skill for skill in skills if found[skill] is None),
    )


def _share(skills: Sequence[str], found: Mapping[str, MatchEvidence | None]) -> float | None:
    """In [0, 1]; None where nothing was asked for."""
    if not skills:
        return None
    return sum(_earned(found[skill]) for skill in skills) / len(skills)


def _earned(evidence: MatchEvidence | None) -> float:
    if evidence is None:
        return 0.0
    return MEDIUM_SHARE if evidence.strength == "medium" else 1.0


def _score(required: float | None, preferred: float | None) -> float:
    weighted = [(required, REQUIRED_WEIGHT), (preferred, PREFERRED_WEIGHT)]
    decided = [(share, weight) for share, weight in weighted if share is not None]
    total = sum(weight for _, weight in decided)
    return round(100 * sum(share * weight for share, weight in decided) / total, 1)
