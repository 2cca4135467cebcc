"""What a resume says it does not have: "no experience with Java", "hoping to learn Spanish"."""

from __future__ import annotations

import re

_HAVING = (
    r"(?:experience|knowledge|background|exposure|familiarity|training|qualifications?|"
    r"certifications?|licen[cs]es?|degree|skills?|expertise|command|understanding|responsibilit\w+|"
    r"involvement)"
)
_DOING = (
    r"(?:used|using|worked|written|learned|learnt|done|managed|taught|led|held|had|built|handled|"
    r"supervised|practised|practiced|studied|obtained|completed|earned|been|run|coded|programmed)"
)
_DENIAL = re.compile(
    rf"\b(?:no|without|lack(?:s|ing)?|little|limited|not much)\s+(?:of\s+)?"
    rf"(?:[\w-]+\s+){{0,3}}?{_HAVING}\b"
    r"|\bnot\s+(?:yet\s+|very\s+|at all\s+|currently\s+)?(?:familiar|experienced|proficient|"
    r"comfortable|skilled|trained|certified|licensed|qualified|fluent|confident|able|responsible)\b"
    r"|\bnever\s+(?!(?:miss|fail|los[te]|late\b|exceed|forg))\w+"
    rf"|\b(?:not\s+yet|(?:have|has|had|did|do|does)\s+not|\w+n['’]t)\s+(?:yet\s+|ever\s+)?"
    rf"(?:{_DOING}|use|know|have|manage|teach|lead|speak|write|hold|work)\b"
    r"|\b(?:unfamiliar|inexperienced|untrained)\b"
    r"|\b(?:want|wants|wish|wishes|hope|hopes|hoping|looking|eager|keen|plan|plans|planning|willing|"
    r"seeking|ready|happy|would like|aim|aiming)\s+to\s+(?:\w+\s+)?"
    r"(?:learn|gain|obtain|study|acquire)\b"
    r"|\binterested\s+in\s+(?:learning|gaining|studying)\b",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(
    rf"\s*(?:[:(–—-]\s*)(?:none|no|no\s+{_HAVING}|not\s+yet|n/a)\s*\)?\s*(?=$|[.;,)])",
    re.IGNORECASE,
)
_END = re.compile(
    r"[.!?](?=\s|$)|[;()•]|\s[-–—]\s|\b(?:but|however|though|although|while|whereas|yet|instead)\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(r"\bnot\s+(?:only|just|merely)\b", re.IGNORECASE)
_CHAINED = re.compile(r"\b(?:or|nor)\b", re.IGNORECASE)
_LONGEST_ITEM = 3


def without_denied(text: str) -> str:
    """``text`` without what it denies; the cut is marked by a semicolon.

    A denial reaches to the end of its clause, and over a list joined by "or" ("no knowledge of
    Java, Scala or Go"); "Java: none" denies what stands before it in its item.
    """
    rest = _without_denied_before(text)
    kept, at = [], 0
    for found in _DENIAL.finditer(rest):
        if found.start() < at or _NO_DENIAL.match(rest, found.start()):
            continue
        kept.append(rest[at : found.start()])
        at = found.end() + _reach(rest[found.end() :])
    if not kept:
        return rest
    return "; ".join([*kept, rest[at:]])


def _without_denied_before(text: str) -> str:
    found = _DENIED_BEFORE.search(text)
    if found is None:
        return text
    start = max(text.rfind(mark, 0, found.start()) for mark in ".;,") + 1
    return text[:start] + text[found.end() :]


def _reach(text: str) -> int:
    """Characters behind a denial that it denies as well."""
    end = _END.search(text)
    clause = text if end is None else text[: end.start()]
    pieces = clause.split(",")
    reach = len(pieces[0])
    chained = [at for at, piece in enumerate(pieces) if _CHAINED.search(piece)]
    if chained and all(len(piece.split()) <= _LONGEST_ITEM for piece in pieces[1 : chained[-1]]):
        reach = len(",".join(pieces[: chained[-1] + 1]))
    return reach
