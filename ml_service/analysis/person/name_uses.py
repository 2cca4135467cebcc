"""Whether a word of somebody's name means that person where it stands.

Most words of names name other things too: a firm (Sherwin Williams), a school (University of
Washington), a place, somebody else. Those are facts of the resume and stay, or two people with the
same resume would not keep the same text. What decides is the place in the sentence, never a list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ml_service.analysis.phrases.folding import fold
from ml_service.analysis.phrases.title_words import is_headline, is_title_word

POSSESSIVE = re.compile(r"['’`´]s?$", re.IGNORECASE)
_SPACE = re.compile(r"[ \u00a0]{1,2}")
_BESIDE = re.compile(r"[ \u00a0]{1,2}|\s?[&/]\s?|[\-‑]")
_INITIAL_GAP = re.compile(r"[ .,\u00a0]{0,3}")
_SENTENCE_END = re.compile(r"[.:!?]\W{0,40}$")
_LIST_MARKS = re.compile(r"[,;|•·/]")
_MIN_LIST_MARKS = 3
_MAX_CAPITAL_WORDS = 6
_BEFORE_PLACES_TEXT = "in at near from across throughout into outside around"
_BEFORE_PLACES = frozenset(_BEFORE_PLACES_TEXT.split())
_IN_PLACES_TEXT = "san santa los las new north south east west saint st fort mount port lake el"
_IN_PLACES = frozenset(_IN_PLACES_TEXT.split())
_BEFORE_PEOPLE_TEXT = "by with that when while as because before after if since than"
_BEFORE_PEOPLE = frozenset(_BEFORE_PEOPLE_TEXT.split())
_FIXED = frozenset({("dean", "list"), ("king", "college"), ("queen", "college")})
_BEFORE_PARTICIPLES = frozenset({"an", "so", "in", "on", "my", "his", "her", "more", "most"})
_VERBS_TEXT = (
    "led is was has had won built ran grew wrote made holds brings began taught leads manages "
    "works oversaw spoke joined keeps plans helps thrives"
)
_VERBS = frozenset(_VERBS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Use:
    """A word with its neighbours ("" at the ends of the line) and what stands between them."""

    word: str
    before: str
    after: str
    gap_before: str
    gap_after: str
    starts: bool

    @classmethod
    def of(cls, words: Sequence[re.Match[str]], index: int) -> Use:
        text, (start, end) = words[index].string, words[index].span()
        last = words[index - 1] if index else None
        following = words[index + 1] if index + 1 < len(words) else None
        gap_before = text[last.end() if last else 0 : start]
        return cls(
            word=words[index][0],
            before=last[0] if last else "",
            after=following[0] if following else "",
            gap_before=gap_before,
            gap_after=text[end : following.start() if following else len(text)],
            starts=_SENTENCE_END.search(gap_before) is not None if last else True,
        )

    @property
    def goes_on(self) -> bool:
        """In the middle of a sentence: a word in lower case follows."""
        return self.after[:1].islower() and _SPACE.fullmatch(self.gap_after) is not None

    @property
    def follows(self) -> bool:
        return bool(self.before) and _SPACE.fullmatch(self.gap_before) is not None


def bare_of(word: str) -> str:
    """Folded, without a possessive ending."""
    return fold(POSSESSIVE.sub("", word))


def means_person(
    words: Sequence[re.Match[str]], index: int, *, ordinary: bool, initials: Collection[str]
) -> bool:
    """``ordinary`` words have a sense of their own and are believed only where a name must be.

    ``initials`` (folded) are those of the person: ``L. Williams`` may be, ``G. Williams`` is not.
    """
    use = Use.of(words, index)
    if _is_part_of_longer_name(use, words, index) or _is_place(use, words, index):
        return False
    if _has_other_initials(words, index, initials):
        return False
    if POSSESSIVE.search(use.word):
        told = use.starts or use.before.casefold() in _BEFORE_PEOPLE or not ordinary
        return told and use.goes_on and (bare_of(use.word), use.after) not in _FIXED
    return _must_be_name(use, words[index].string) if ordinary else not _is_listed(use, words)


def _is_part_of_longer_name(use: Use, words: Sequence[re.Match[str]], index: int) -> bool:
    """``Kelly Services``, ``Sherwin Williams``; a sentence may begin with any word in capitals."""
    text = words[index].string
    if text.isupper() and len(words) > _MAX_CAPITAL_WORDS:
        return False
    if _is_capital(use.after) and _BESIDE.fullmatch(use.gap_after):
        return True
    if not _is_capital(use.before) or not _BESIDE.fullmatch(use.gap_before):
        return False
    place = use.before.casefold() in _IN_PLACES
    return place or not (use.goes_on and Use.of(words, index - 1).starts)


def _is_place(use: Use, words: Sequence[re.Match[str]], index: int) -> bool:
    """``in Jackson``, ``University of Washington``, ``Jackson, MS``, ``Seattle, Washington``."""
    if use.follows and use.before.casefold() in _BEFORE_PLACES:
        return True
    if use.follows and use.before.casefold() == "of" and index > 1:
        return words[index - 2][0][0].isupper()
    if use.gap_after == ", " and use.after.isupper() and len(use.after) == 2:
        return True
    return use.gap_before.strip() == "," and _is_capital(use.before) and not use.goes_on


def _has_other_initials(
    words: Sequence[re.Match[str]], index: int, initials: Collection[str]
) -> bool:
    """``G.A. Williams`` and ``Williams, G.A.`` beside a person with other initials."""
    for step in (-1, 1):
        place, near = index, index + step
        while 0 <= near < len(words) and _is_initial(words, near):
            left, right = sorted((place, near))
            gap = words[left].string[words[left].end() : words[right].start()]
            if not _INITIAL_GAP.fullmatch(gap):
                break
            if words[near][0].casefold() not in initials:
                return True
            place, near = near, near + step
    return False


def _is_initial(words: Sequence[re.Match[str]], index: int) -> bool:
    """One capital letter; A and I are words unless a full stop follows."""
    word, text = words[index][0], words[index].string
    dotted = text[words[index].end() : words[index].end() + 1] == "."
    return len(word) == 1 and word.isupper() and (dotted or word not in {"A", "I"})


def _is_listed(use: Use, words: Sequence[re.Match[str]]) -> bool:
    """Alone between marks in a line of many: a tool or somebody else."""
    text = words[0].string
    alone = not use.follows and not _SPACE.fullmatch(use.gap_after)
    return alone and len(_LIST_MARKS.findall(text)) >= _MIN_LIST_MARKS


def _must_be_name(use: Use, text: str) -> bool:
    if is_headline(text) or text.isupper():
        return False
    if use.starts:
        told = use.after.endswith("ed") and use.word.casefold() not in _BEFORE_PARTICIPLES
        return use.goes_on and (use.after in _VERBS or told)
    beside = use.follows and use.before.casefold() in _BEFORE_PEOPLE
    return beside and not is_title_word(bare_of(use.word))


def _is_capital(word: str) -> bool:
    return word[:1].isupper() and len(word) > 1
