"""Sounds and phrases that fill a pause, and words begun twice.

They are taken out before anything but fluency is judged. A word such as "like" or "so" has uses of
its own: it goes everywhere, and is counted only where it is set off or doubled.
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
ALWAYS_COUNTED = (("you", "know"), ("ya", "know"), ("i", "mean"))
PHRASES = (
    *ALWAYS_COUNTED,
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


def is_filler(word: str) -> bool:
    return word in WORDS or SOUND.fullmatch(word) is not None


def is_always_one(word: str) -> bool:
    return word in {"y'know", "-"} or SOUND.fullmatch(word) is not None


def phrase_behind(words: Sequence[str]) -> int:
    """How many of the last words are a phrase that fills a pause."""
    return next((len(said) for said in PHRASES if tuple(words[-len(said) :]) == said), 0)
