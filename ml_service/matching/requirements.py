"""What a job description requires, what it merely prefers, and what it says it does not need.

A description is read line by line. A heading decides about the lines below it; words inside a
sentence ("Kubernetes is a plus") decide about their clause and win over the heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ml_service.matching.headings import PREFERRED, Heading, heading_of

Strength = Literal["required", "preferred", "unneeded"]
Asked = Literal["required", "preferred"]
Part = Literal["required", "preferred", "tasks", "other"]

_REQUIRED = re.compile(
    r"\b(?:required?|requires|requirements?|must(?:[- ]haves?)?|mandatory|essential|necessary|"
    r"minimum|at least|you(?:'ll| will)? need|needed)\b",
    re.IGNORECASE,
)
_NEED = (
    r"(?:required?|requirements?|need(?:ed|s)?|necessary|mandatory|essential|expected|"
    r"prerequisites?)"
)
_UNNEEDED = re.compile(
    # "no experience with X needed", "X is not required", "you do not need X", "without X required"
    rf"\b(?:no(?!\s+(?:less|fewer|more|later|doubt)\b)|not|never|without|\w+n['’]t)\b"
    rf"(?!\s+only\b)[^.;:!?]{{0,80}}?\b{_NEED}\b"
    r"|^\W*no(?!\s+(?:less|fewer|more|later|doubt|matter|one)\b)\s"
    r"|\b(?:we|you)\s+(?:do|will|won|don)(?:\s+not|['’]t)\s+(?:use|need|work with|require)\b",
    re.IGNORECASE,
)
_WELCOME_ANYWAY = re.compile(
    rf"\b(?:not|n['’]t)\b[^.;:!?]{{0,40}}\b{_NEED}\b\W{{0,3}}\s*(?:but|though|although|yet)\b"
    rf".{{0,60}}?(?:{PREFERRED.pattern})",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\s*[;•]\s*")
_BUT = re.compile(r"\s+(?=but\b)", re.IGNORECASE)
_OWN_VERB = re.compile(r"\b(?:is|are|must|you)\b|\bprefer", re.IGNORECASE)
# These decide about what comes after them; "required" at the end of a piece about what is before.
_OPENING = re.compile(
    r"no\b|without|we\b|you\b|don|must|ideally|minimum|at least|requires", re.IGNORECASE
)
_BULLET = re.compile(r"^(?:[\s\-*•·–—▪●○◦‣>]+|\(?\d{1,2}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class Clause:
    """``headed`` says that it stands under a heading that announces what is asked for."""

    text: str
    strength: Strength
    headed: bool = False


def clauses(description: str) -> Iterator[Clause]:
    """The parts that ask for something, in their order; benefits and the like are left out.

    What stands under no heading, or among the tasks, is required: it is what the job is done with.
    """
    part: Part = "tasks"
    for line in description.splitlines():
        heading, rest = heading_of(_BULLET.sub("", line.strip(), count=1).strip())
        here = _part(heading, before=part)
        # "Nice to have: Go" with the words on the same line speaks for that line alone.
        part = part if rest and here not in ("required", "tasks") else here
        if here != "other" and rest:
            strength: Asked = "preferred" if here == "preferred" else "required"
            for clause in _clauses_of_line(rest, strength):
                yield replace(clause, headed=here != "tasks")


def _part(heading: Heading | None, *, before: Part) -> Part:
    """A heading that says nothing we know ends what is left out, and nothing else."""
    if heading is None:
        return before
    if heading == "unknown":
        return "tasks" if before == "other" else before
    return heading


def _clauses_of_line(text: str, part: Asked) -> Iterator[Clause]:
    for sentence in _SENTENCE_END.split(text):
        if _WELCOME_ANYWAY.search(sentence):
            yield Clause(sentence, "preferred")
            continue
        for half in _BUT.split(sentence):
            yield from _clauses_of_sentence(half, part)


def _clauses_of_sentence(sentence: str, part: Asked) -> Iterator[Clause]:
    """Pieces between commas join the piece whose words decide about them.

    "Python, SQL required, Go preferred" asks for Python and SQL; a deciding word that begins its
    piece ("must know Python, SQL") decides about the pieces after it as well.
    """
    current: Strength = part
    waiting: list[str] = []
    for piece in re.split(r",\s+", sentence):
        strength, leads = _deciding_words(piece)
        if strength is None or (current == "unneeded" and not _OWN_VERB.search(piece)):
            waiting.append(piece)
        elif leads:
            yield from _joined(waiting, current)
            current, waiting = strength, [piece]
        else:
            yield from _joined([*waiting, piece], strength)
            waiting = []
    yield from _joined(waiting, current)


def _joined(pieces: list[str], strength: Strength) -> Iterator[Clause]:
    if any(piece.strip() for piece in pieces):
        yield Clause(", ".join(pieces), strength)


def _deciding_words(piece: str) -> tuple[Strength | None, bool]:
    """What the piece says about itself, and whether the words that say so come first."""
    preferred = PREFERRED.search(piece)
    unneeded = _UNNEEDED.search(piece)
    required = _REQUIRED.search(piece)
    if preferred:
        return "preferred", _leads(piece, preferred)
    if unneeded:
        return "unneeded", _leads(piece, unneeded)
    if required:
        return "required", _leads(piece, required)
    return None, False


def _leads(piece: str, found: re.Match[str]) -> bool:
    at_start = not piece[: found.start()].strip(" -(")
    at_end = not piece[found.end() :].strip(" .:)")
    return bool(at_start or _OPENING.match(found[0])) and not at_end
