"""Job titles as keys that compare equal when people would call them the same.

The rule is that of "How we measure" in the contract: lower case, no bracketed parts, no
punctuation, ``&`` is "and", the plural s is dropped per word; words of rank go only when the
title with them is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BRACKETED = re.compile(r"\([^()\n]*\)|\[[^\[\]\n]*\]")
_PUNCTUATION = re.compile(r"[^a-z0-9 \n]+")
_PLURAL = re.compile(r"s(?![a-z0-9])(?<=[a-z0-9]{2}[a-rt-z0-9]s)")  # of four letters or more, no ss
_RANK_PHRASES = re.compile(r"\b(part time|full time)\b")
_RANK_WORDS = frozenset(
    {"senior", "sr", "junior", "jr", "lead", "staff", "principal", "intern", "trainee"}
    | {"i", "ii", "iii", "iv", "volunteer", "freelance", "contract"}
)
_SHORT_FORMS = {
    "hr": "human resource",
    "it": "information technology",
    "vp": "vice president",
    "avp": "assistant vice president",
    "svp": "senior vice president",
    "asst": "assistant",
    "mgr": "manager",
    "rep": "representative",
    "tech": "technician",
    "engr": "engineer",
    "dir": "director",
    "admin": "administrative",
    "pr": "public relation",
    "qa": "quality assurance",
    "op": "operation",
    "coord": "coordinator",
}
_OFFICE_OF = re.compile(
    r"^(director|manager|head|supervisor|vice president|coordinator|chief) (?:of|for) (.+)$"
)


def normalise(title: str) -> str:
    """The key of a title; empty when nothing but brackets and punctuation was there."""
    return _PLURAL.sub("", " ".join(_plain(title).split()))


def normalise_each(titles: Sequence[str]) -> list[str]:
    """As ``normalise``, for titles of one line each: all at once takes a third of the time."""
    lines = _plain("\n".join(titles)).split("\n")
    return _PLURAL.sub("", "\n".join(" ".join(line.split()) for line in lines)).split("\n")


def _plain(text: str) -> str:
    unbracketed = _BRACKETED.sub(" ", text.lower()).replace("&", " and ")
    return _PUNCTUATION.sub(" ", unbracketed)


def without_rank(key: str) -> str:
    """``key`` as normalise() gives it, without senior, junior, intern, part time and the like."""
    words = (_RANK_PHRASES.sub(" ", key) if "time" in key else key).split()
    return " ".join(word for word in words if word not in _RANK_WORDS)


def rewordings(key: str) -> Iterator[str]:
    """Other keys that mean the same: short forms written out, "director of x" as "x director".

    For reading resumes only; which codes a title line has, the contract's rule alone decides.
    """
    full = " ".join(_SHORT_FORMS.get(word, word) for word in key.split())
    for other in dict.fromkeys((full, without_rank(full))):
        yield other
        if office := _OFFICE_OF.match(other):
            yield f"{office[2]} {office[1]}"
