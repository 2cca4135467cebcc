"""Headings of a job description, and what they say about the lines below them."""

from __future__ import annotations

import re
from typing import Literal

Heading = Literal["required", "preferred", "tasks", "other", "unknown"]

MAX_HEADING_CHARACTERS = 60
MAX_HEADING_WORDS = 7

PREFERRED = re.compile(
    r"\b(?:prefer(?:red|ably|ence)?|nice[- ]to[- ]haves?|good[- ]to[- ]have|bonus(?: points)?|"
    r"desir(?:able|ed)|advantage(?:ous)?|ideally|optional|beneficial|helpful|"
    r"(?:is|are|be|as|a|an|big|huge|strong|definite) plus|would be great|welcome)\b",
    re.IGNORECASE,
)
_REQUIRED_HEADING = re.compile(
    r"requirement|required|must[- ]have|minimum|basic|essential|qualification|"
    r"what you(?:'|’)?(?:ll| will)? (?:need|bring)|you (?:have|bring)|who you are|"
    r"skills|competenc|experience|looking for|about you|person specification",
    re.IGNORECASE,
)
_OTHER_HEADING = re.compile(
    r"benefit|perk|we offer|about (?:us|the (?:company|team))|our (?:company|mission|team|values)|"
    r"who we are|company|equal opportunit|diversity|compensation|salary|how to apply|"
    r"why (?:join|us)",
    re.IGNORECASE,
)
_TASKS_HEADING = re.compile(
    r"responsibilit|duties|what you(?:'|’)?(?:ll| will)? do|the role|about the (?:job|role)|"
    r"job description|day[- ]to[- ]day|your tasks|overview|summary",
    re.IGNORECASE,
)
_HEADING_WORDS = """
    a about additional an and apply are basic benefits bonus bring company competencies competences
    compensation criteria day days description desirable desired do does duties education equal
    essential experience for good have haves how ideal ideally if in is it job join key knowledge
    ll looking minimum mission must need needed nice offer on opportunity opportunities other our
    out overview perks person personal plus points position preferred professional qualification
    qualifications re required requirement requirements responsibilities responsibility role salary
    skill skills specification stand summary tasks team technical the to us values ve we what who
    why will with would you your
"""
_KNOWN_WORDS = frozenset(_HEADING_WORDS.split())


def heading_of(text: str) -> tuple[Heading | None, str]:
    """The kind of a heading and what follows it on its line; (None, text) for any other line.

    Without a colon a line is a heading only when it holds nothing but words of headings: a line
    with a skill on it asks for that skill.
    """
    before, colon, after = text.partition(":")
    if not _is_short(before):
        return None, text
    kind = _kind_of(before)
    if colon and (kind is not None or not after.strip()):
        return kind or "unknown", after.strip()
    if not colon and kind is not None and _words(text) <= _KNOWN_WORDS:
        return kind, ""
    return None, text


def _is_short(text: str) -> bool:
    return 0 < len(text) <= MAX_HEADING_CHARACTERS and len(text.split()) <= MAX_HEADING_WORDS


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def _kind_of(text: str) -> Heading | None:
    if PREFERRED.search(text) or re.search(r"\bplus(?:es)?\b", text, re.IGNORECASE):
        return "preferred"
    if _OTHER_HEADING.search(text):
        return "other"
    if _REQUIRED_HEADING.search(text):
        return "required"
    if _TASKS_HEADING.search(text):
        return "tasks"
    return None
