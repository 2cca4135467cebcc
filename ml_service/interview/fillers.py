"""Sounds and phrases that fill a pause, and words begun twice.

They are taken out before anything but fluency is judged. A word such as "like" or "so" goes
everywhere, and is counted only where it looks like a filler.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SOUND = re.compile(
    r"u+h+m*|u+m+h*|a+h+|e+r+m*|e+h+|o+h+|h+m+|m+h*m+h*m*|m{2,}|hu+h|uh-?hu[hn]|m+-?h+m+|umm?-?hmm?"
)
WORDS = frozenset(
    {"actually", "alright", "anyway", "anyways", "basically", "honestly", "just", "kinda", "like"}
    | {"literally", "obviously", "ok", "okay", "really", "right", "so", "sorta", "totally", "well"}
    | {"y'know", "yeah", "yep"}
)
OPENERS = frozenset({"alright", "anyway", "ok", "okay", "right", "so", "well", "yeah", "yep"})
PHRASES = (
    ("you", "know"),
    ("ya", "know"),
    ("i", "mean"),
    ("i", "guess"),
    ("sort", "of"),
    ("kind", "of"),
    ("or", "something"),
    ("or", "whatever"),
    ("and", "stuff"),
    ("let", "me", "see"),
    ("let's", "see"),
)
LONGEST_PHRASE = max(map(len, PHRASES))

_LIKED_BY = frozenset(
    {"i", "we", "you", "they", "would", "to", "don't", "didn't", "do", "did", "really", "also"}
    | {"look", "looks", "looked", "feel", "feels", "felt", "sound", "sounds", "seem", "seems"}
    | {"something", "things", "stuff", "anything", "nothing", "i'd", "we'd", "people", "more"}
)
_BEFORE_CONTENT = {
    "right": frozenset({"the", "a", "all", "was", "is", "be", "doing"}),
    "well": frozenset({"as", "very", "really", "went", "worked", "did", "do", "work", "pretty"}),
    "so": frozenset({"and", "or", "not", "very", "do", "is", "was", "think", "been"}),
    "like": _LIKED_BY,
}


def is_filler(word: str) -> bool:
    return word in WORDS or SOUND.fullmatch(word) is not None


def is_heard_as_one(word: str, before: str) -> bool:
    """``before`` is the word in front of the filler, empty where it opens a sentence."""
    if not before:
        return word not in OPENERS
    return before not in _BEFORE_CONTENT.get(word, ())


def phrase_behind(words: Sequence[str]) -> int:
    """How many of the last words are a phrase that fills a pause."""
    return next((len(said) for said in PHRASES if tuple(words[-len(said) :]) == said), 0)
