"""Whether a sentence holds an amount, and not just a number."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"""
    (?<![\w.,/#'’-])                               # not inside a word, a version, a date, I-95
    (?P<currency>[$€£¥₹]\s?)?
    (?P<number>\d{1,3}(?:[,.’' ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)
    (?P<after>\+?\s?%|\+|[kKmMbBxX]\b|(?:bn|mn|MM)\b|-[^\W\d_]{2,}|[^\s]*)
    """,
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SCALES = frozenset({"%", "+", "+%", "k", "m", "b", "x", "bn", "mn", "mm"})
_CLOSING = ".,;:!?)]}\"'”’–—…"
_NUMBERED_NAME_LIST = """
chapter class form grade grades level part phase room rule section step tier title type version
"""
_NUMBERED_NAMES = frozenset(_NUMBERED_NAME_LIST.split())
_AMOUNT_LIST = """
two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty
seventy eighty ninety dozen dozens hundred hundreds thousand thousands million millions billion
billions double doubled doubles triple tripled triples quadruple quadrupled quadruples halve halved
halves twice tenfold twofold threefold
"""
_AMOUNTS = frozenset(_AMOUNT_LIST.split())
_WORD = re.compile(r"\w+")
_LOOK_BACK = 80
_LAST_WORD = re.compile(r"([^\W_]+)\W*$")


def has_amount(text: str) -> bool:
    """True for counts, percentages, money and multiples, in figures or English words.

    Years, dates, versions (3.8.1), ordinals (9th), names with a number (Windows 7, level 2,
    401(k), 24/7) and phone numbers are no amounts.
    """
    if not _AMOUNTS.isdisjoint(_WORD.findall(text.casefold())):
        return True
    return any(_is_amount(match, text) for match in _NUMBER.finditer(text))


def _is_amount(match: re.Match[str], text: str) -> bool:
    if match["currency"]:
        return True
    number, after = match["number"], match["after"].replace(" ", "").rstrip(_CLOSING)
    if after.casefold() in _SCALES:
        return number != "401"
    if _YEAR.fullmatch(number) or (after and not _is_unit(after)):
        return False
    return not _names_something(text[max(0, match.start() - _LOOK_BACK) : match.start()])


def _is_unit(after: str) -> bool:
    """``12-month``, ``5-10``, ``30-40%``, but not ``10-K``, ``24/7`` or ``555-0100``."""
    return re.fullmatch(r"-[^\W\d_]{2,}|[-–]\d{1,2}[%+]?|[-–]\d{1,3}%", after) is not None


def _names_something(before: str) -> bool:
    """Whether the word in front makes the number part of a name: Windows 7, ISO 9001, level 2.

    A capital letter that only begins a sentence does not: "Managed 15 people".
    """
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word, earlier = found[1], before[: found.start()].rstrip()
    if word.casefold() in _NUMBERED_NAMES or (word.isupper() and len(word) > 1):
        return True
    begins_sentence = not any(sign.isalnum() for sign in earlier) or earlier[-1] in ".:;"
    return word[0].isupper() and not begins_sentence
