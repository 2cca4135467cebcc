"""Which words of a sentence stand under a negation: "I did not test it" tells of no test.

A negation reaches to the end of its clause: a comma, "but", "because" and the like, or the next
"I" or "we". Two in one clause make an assertion ("I could not have done it without my team"), and
so does what says that something went on ("I never stopped asking").
"""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.interview.word_forms import SELF, US
from ml_service.interview.words import Word

_ALWAYS = frozenset(
    {"not", "never", "nobody", "none", "nothing", "without", "cannot", "neither", "nor", "hardly"}
    | {"dont", "didnt", "wasnt", "couldnt", "wouldnt", "havent", "hadnt", "nowhere"}
)
_BEFORE_TO = frozenset({"refused", "failed", "declined", "refuse", "fail", "unable", "neglected"})
_ASIDE_LIST = """
only just simply merely because sure stop stopped stopping give gave hesitate hesitated forget
forgot skip skipped miss missed lose lost cease ceased afraid long
"""
_ASIDE = frozenset(_ASIDE_LIST.split())
"""Behind a negation these assert what follows."""

_BORDERS = frozenset(
    {"but", "because", "so", "until", "when", "while", "although", "though", "then", "instead"}
    | {"which", "since", "if", "unless", "before", "after", "yet", "except", "whereas", "however"}
)
_AUXILIARY = frozenset(
    {"did", "do", "does", "have", "has", "had", "could", "would", "should", "was", "were", "is"}
    | {"are", "am", "can", "will", "may", "might"}
)
_REACH_OF_NO = 4
_LOOK_AHEAD = 2


def negated(words: Sequence[Word]) -> tuple[bool, ...]:
    """For each of the words of one sentence; the negation itself is under it."""
    said = ["" if word.named else word.written.casefold().replace("’", "'") for word in words]
    flags = [False] * len(words)
    until = 0
    for at in range(len(words)):
        reach = 0 if at < until else _reach(said, at)
        if not reach:
            continue
        end = _end_of_clause(words, said, at, min(len(words), at + reach))
        again = next((n for n in range(at + 1, end) if _reach(said, n)), end)
        first = at - 1 if at and said[at - 1] in _AUXILIARY else at
        flags[first:again] = [True] * (again - first)
        until = end
    return tuple(flags)


def _reach(said: Sequence[str], at: int) -> int:
    """How many words it may stand in front of; 0 where it is none."""
    word, behind = said[at], said[at + 1 : at + 1 + _LOOK_AHEAD]
    if word in {"no", "zero"} and behind[:1] == ["one"]:
        return len(said)
    if word == "no":
        more = {"more", "less", "fewer", "later", "longer", "doubt", "matter", "problem"}
        return 0 if more.intersection(behind[:1]) else _REACH_OF_NO
    if word in _BEFORE_TO:
        return len(said) if behind[:1] == ["to"] else 0
    if word not in _ALWAYS and not word.endswith("n't"):
        return 0
    if word == "nothing" and behind[:1] == ["but"]:
        return 0
    return 0 if _ASIDE.intersection(behind) else len(said)


def _end_of_clause(words: Sequence[Word], said: Sequence[str], at: int, end: int) -> int:
    """``and`` and ``or`` go on with what is negated, unless somebody else begins."""
    for n in range(at, end):
        if n > at and (said[n] in SELF or said[n] in US or said[n] in _BORDERS):
            return n
        if words[n].clause_ends and n > at:
            return n + 1
    return end
