"""Full time, part time, contract work and internships."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ml_service.domain.posting import EmploymentType
from ml_service.intents.slots.spans import SlotSpan, meets

_CONTRACT_PROFESSIONS = (
    r"lawyers?|attorneys?|solicitors?|law|managers?|management|administrat\w+|specialists?|"
    r"negotiat\w+|officers?|supervisors?|drafting|draft(?:er|ing)s?|director|compliance|"
    r"coordinators?|surveyors?|catering|caterers?|research organi[sz]ation|manufactur\w+|bridge"
)
# Professions and companies that hold such words.
_KEPT = (
    rf"(?:smart|permanent|unlimited) contracts?|contract (?:{_CONTRACT_PROFESSIONS})"
    r"|contracts (?!in\b|at\b|near\b|for\b|only\b|posted\b|please\b)\w+"
    r"|general contract(?:or|ing)s?|contractors? (?:manag\w+|liaison|coordinat\w+|relations)"
    r"|intern(?:ship)? (?:coordinat\w+|supervisors?|managers?|programme|program|recruit\w+|tutors?)"
    r"|full[- ]time equivalents?|freelanc\w+ (?:platform|marketplace)s?"
)
_NOT = (
    r"(?:no|not|non|without|except|excluding|(?:any|every)thing (?:but|except)|other than|"
    r"rather than|instead of)[ -](?:any |a |an )?"
)
_BASIS = r"(?:(?:on|as) an? )?"
_KINDS: dict[EmploymentType, str] = {
    "FULLTIME": rf"{_BASIS}full[- ]?time(?:rs?)?",
    "PARTTIME": rf"{_BASIS}(?:part|half)[- ]?time(?:rs?)?",
    "INTERN": (
        rf"(?:{_BASIS}(?:interns?|internships?|interning|traineeships?)"
        r"|(?:trainee|work|student|industrial|industry|university|year|sandwich)[- ]placements?"
        r"|placement[- ]year|year in industry)"
    ),
    "CONTRACTOR": (
        rf"{_BASIS}(?:(?:\d+[- ]months?|(?:short|fixed|long)[- ]term|rolling) )?"
        r"(?:freelanc(?:e|ers?|ing)|contract(?:ors?|s|ing)?)"
    ),
}
_EMPLOYMENT = re.compile(
    rf"(?<![\w-])(?:(?P<kept>{_KEPT})|(?P<unwanted>{_NOT}(?:{'|'.join(_KINDS.values())}))|"
    + "|".join(f"(?P<{kind}>{pattern}(?: basis)?)" for kind, pattern in _KINDS.items())
    + r")(?!\w|[- ]to[- ](?:hire|perm))",
    re.IGNORECASE,
)


def employment_of(
    text: str, refused: Sequence[SlotSpan] = ()
) -> tuple[tuple[EmploymentType, ...], list[SlotSpan]]:
    """Each kind once, in the order of the text; what is not wanted is set aside."""
    kinds: dict[EmploymentType, None] = {}
    spans: list[SlotSpan] = []
    for found in _EMPLOYMENT.finditer(text):
        if found["kept"]:
            continue
        kind = next((kind for kind in _KINDS if found[kind]), None)
        if kind and meets(SlotSpan("employment_types", *found.span()), refused):
            continue
        spans.append(SlotSpan("employment_types" if kind else "set_aside", *found.span()))
        if kind:
            kinds[kind] = None
    return tuple(kinds), spans
