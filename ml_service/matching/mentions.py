"""Whether a line of a resume names a skill."""

from __future__ import annotations

import re
from collections.abc import Iterable

MIN_STEM_CHARACTERS = 4

_WORD = re.compile(r"\.?[^\W_]+(?:[.'’][^\W_]+)*[+#]*")
_COMMON_ENDINGS = (
    "ing", "ment", "tion", "sion", "ance", "ence", "ysis", "ics", "ity", "ology", "ship", "care",
)  # fmt: skip
_SUFFIXES = (
    "ements", "ement", "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ers",
    "er", "ed", "es", "s", "e",
)  # fmt: skip


def names_skill(line: str, spellings: Iterable[str]) -> bool:
    """True when one of the spellings stands in the line as whole words.

    A name of several words is compared by stems ("project management", "project manager"). A
    single word is compared exactly, capitals included, because "Excel", "Go" and "Spring" are
    ordinary words too; only nouns of activity ("budgeting", "nursing") may be written in any case.
    """
    words = _WORD.findall(line)
    return any(_stands_in(words, _WORD.findall(spelling)) for spelling in spellings)


def _stands_in(words: list[str], wanted: list[str]) -> bool:
    if not wanted:
        return False
    if len(wanted) > 1:
        return _follow_each_other([stem(word) for word in words], [stem(word) for word in wanted])
    word = wanted[0]
    if word.lower().endswith(_COMMON_ENDINGS):
        return word.casefold() in {other.casefold() for other in words}
    return word in words


def _follow_each_other(words: list[str], wanted: list[str]) -> bool:
    last = len(words) - len(wanted)
    return any(words[start : start + len(wanted)] == wanted for start in range(last + 1))


def stem(word: str) -> str:
    """A word without its ending; crude on purpose, and used only for words in sequence."""
    folded = word.casefold()
    if not folded.isalpha():
        return folded
    for suffix in _SUFFIXES:
        kept = folded.removesuffix(suffix)
        if kept != folded and len(kept) >= MIN_STEM_CHARACTERS:
            return kept
    return folded
