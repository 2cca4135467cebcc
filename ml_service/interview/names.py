"""Which words of a sentence may name somebody, told by their capitals.

No list of names is complete, so a capital says it: inside a sentence whatever begins with one
is left out, unless it is "I" or a known term; at its beginning only words that commonly open a
sentence are kept. A script without capitals is left out as well. Months, towns and employers go
too: better a word less than a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml_service.interview.word_forms import PRONOUNS

_OPENER_LIST = """
a about actually after all almost alright also although always am an and another any anything
anyway are as at back basically because been before being both but by can't couldn't currently
definitely describe did didn't do does don't during each either especially even eventually every
everybody everyone everything explain finally first firstly for from generally give given had has
have having here honestly how however if in initially instead is isn't it it's its just kind know
last later let let's like many maybe mean more most mostly much my myself neither never next no
nobody not nothing now obviously of off often ok okay on once one only or originally other our out
over overall perhaps personally please probably really recently right second secondly since so
some somebody someone something sometimes soon sort still such tell than thank thanks that that's
the then there there's therefore these thing things think third this those though three through to
today together too two under unfortunately unless until up us usually very was wasn't we we'd
we'll we're we've well were what what's when whenever where whereas whether which while who whole
why with within without won't would yeah yes yesterday yet you you'd you'll you're you've your
"""
_OPENERS = frozenset(_OPENER_LIST.split())
_SELF = frozenset({"i", "i'm", "i've", "i'd", "i'll", "im", "ive"})
_ALSO_NAMES = frozenset({"an", "my", "do", "so", "in", "you", "no", "on", "to", "one", "he"})
_PARTICLES = frozenset(
    [
        "abu",
        "al",
        "ap",
        "av",
        "bar",
        "ben",
        "bin",
        "bint",
        "binti",
        "da",
        "dal",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "lo",
        "mac",
        "van",
        "vander",
        "vom",
        "von",
        "y",
        "zu",
        "zur",
    ]
)
_BEHIND_NAME = frozenset({"name's", "named"})
_MAX_SPOKEN_NAME = 3


def name_flags(
    words: Sequence[str], *, is_term: Callable[[str], bool], tools: Sequence[bool]
) -> list[bool]:
    """For each of the words of one sentence, as they were written; ``tools`` are none."""
    flags = [
        not tool and _may_name(word, first=at == 0, is_term=is_term)
        for at, (word, tool) in enumerate(zip(words, tools, strict=True))
    ]
    _add_introduced(words, flags)
    for at in range(len(words) - 2, -1, -1):
        word = words[at]
        if not flags[at] and flags[at + 1]:
            homograph = word[:1].isupper() and word.casefold() in _ALSO_NAMES
            flags[at] = homograph or word.casefold() in _PARTICLES
    return flags


def is_written_like_one(word: str) -> bool:
    if not any(mark.isupper() or _has_no_case(mark) for mark in word):
        return False
    small = word.casefold()
    return small not in _SELF and small not in PRONOUNS


def _may_name(word: str, *, first: bool, is_term: Callable[[str], bool]) -> bool:
    if not is_written_like_one(word) or is_term(word):
        return False
    return not (first and word.casefold() in _OPENERS)


def _has_no_case(mark: str) -> bool:
    return mark.isalpha() and not mark.islower() and not mark.isupper()


def _add_introduced(words: Sequence[str], flags: list[bool]) -> None:
    """``my name is maria lopez``, in a transcript without capitals."""
    for at, word in enumerate(words):
        small = word.casefold()
        if small in _BEHIND_NAME or (small == "is" and at and words[at - 1].casefold() == "name"):
            for behind in range(at + 1, min(at + 1 + _MAX_SPOKEN_NAME, len(words))):
                if words[behind].casefold() in _OPENERS | _SELF:
                    break
                flags[behind] = True
