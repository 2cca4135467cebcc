"""What somebody says was done: with "I", with "we", and not under a negation."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.interview.cues import is_done, is_done_now
from ml_service.interview.speech import Sentence
from ml_service.interview.word_forms import SELF, US, same_form

_BETWEEN = 2
_ADVERBS = frozenset(
    map(same_form, ("always", "also", "first", "then", "often", "now", "sometimes", "usually"))
)
_BARE = frozenset({"i", "we"})
"""Behind "I'll" or "I'd" a verb tells of what may come."""


def tells_of_self(sentence: Sentence) -> bool:
    return any(word in SELF or word in US for word in sentence.plain)


def deeds_of(sentence: Sentence) -> tuple[int, int]:
    """How often somebody says "I did" and "we did", an adverb or two between the words."""
    mine = ours = 0
    plain = sentence.affirmed
    for at, word in enumerate(plain):
        if word not in SELF and word not in US:
            continue
        behind = plain[at + 1 : at + 2 + _BETWEEN]
        until = next(
            (n for n, other in enumerate(behind) if other in SELF or other in US), len(behind)
        )
        if _tells_deed(word, behind[:until]):
            mine += word in SELF
            ours += word in US
    return mine, ours


def _tells_deed(subject: str, behind: Sequence[str]) -> bool:
    """In the past, or in the present with nothing but adverbs before it: "I always test"."""
    if any(map(is_done, behind)):
        return True
    if subject not in _BARE:
        return False
    verb = next((word for word in behind if not _is_adverb(word)), "")
    return is_done_now(verb)


def _is_adverb(word: str) -> bool:
    return word in _ADVERBS or (len(word) > 4 and word.endswith("ly"))
