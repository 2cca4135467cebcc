"""The items of a list of skills, and which of them are skills at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ml_service.analysis.phrases.folding import fold, is_bullet, without_bullet

_LIST_MARK = re.compile(r"\s*(?:[,;|•·●▪◦►✓★☆○]|\s[-–—]\s|\s{3,}|\t)\s*")
_LABEL = re.compile(r"^(?P<label>[^:,;|]{2,40}):\s*")
_LABEL_WITHIN = re.compile(
    r"(?<=\S)\s+(?:[A-Z][\w/]*\s*&\s*)?(?:Frameworks?|Languages?|Tools?|Databases?|Librar(?:y|ies)|"
    r"Cloud|DevOps|Platforms?|Technolog(?:y|ies)|Operating Systems?|Software|Soft Skills|Methods|"
    r"Methodologies|Others?)(?:\s*&\s*[A-Z]\w*)?\s*:\s+"
)
_LEVELS_TEXT = (
    "advanced intermediate expert beginner basic basics proficient familiar fluent native "
    "professional competent novice skilled experienced elementary good excellent very working "
    "knowledge level master fundamental fundamentals strong expertise "
    "grundkenntnisse fortgeschritten sehr gut gute kenntnisse experte anfanger verhandlungssicher "
    "avance debutant intermediaire courant expert avanzado basico intermedio experto avancado "
    "avanzato base ottimo buono discreto"
)
_LEVELS = frozenset(_LEVELS_TEXT.split())
_DURATION = re.compile(
    r"\(?\s*(?:less than\s+)?\d{1,3}\s*(?:\+|plus)?\s*(?:-\s*\d{1,3}\s*)?"
    r"(?:years?|yrs?|months?)\s*\)?",
    re.I,
)
_BRACKET = re.compile(r"\(([^()]*)\)")
_PHRASE = re.compile(
    r"^(?:(?:highly |very )?(?:proficient|experienced?|skilled|familiar|competent|expertise)\s+"
    r"(?:in|with|using)|(?:good |basic |working |strong |sound |excellent )?"
    r"(?:knowledge|understanding)\s+of|familiarity with|exposure to|"
    r"hands[- ]on (?:experience|knowledge) (?:in|on|with|of))\s*:?\s+",
    re.IGNORECASE,
)
_MAX_FREE_WORDS = 5
_MAX_FREE_CHARS = 48
_NO_START_WORDS = (
    "a an and as at by etc for from i.e e.g in include includes including is like my of on or "
    "other others such that the their they this through to using via with within i we over under "
    "more than years"
)
_NO_START = frozenset(_NO_START_WORDS.split())


def items_of(text: str) -> Iterator[str]:
    """What stands between commas, bullets and dashes, without labels, levels and durations."""
    bare = without_bullet(text).strip()
    if bare.endswith(":"):
        return
    plain = _without_brackets(_DURATION.sub(" ", _LABEL_WITHIN.sub(" | ", _without_label(bare))))
    for item in _LIST_MARK.split(plain):
        stripped = item.rstrip(" .:([*-–—\u200b").lstrip(" :)]*-–—\u200bÂ")
        stripped = _PHRASE.sub("", re.sub(r"^and\s+|\s+etc$", "", stripped))
        if stripped and not is_level(stripped):
            yield stripped


def is_level(text: str) -> bool:
    """``Advanced``, ``sehr gut``: how well, not what."""
    words = [fold(word).strip(".()") for word in text.split()]
    return bool(words) and all(word in _LEVELS for word in words)


def is_free_skill(item: str) -> bool:
    words = item.split()
    if not 2 <= len(item) <= _MAX_FREE_CHARS or len(words) > _MAX_FREE_WORDS:
        return False
    if words[0].casefold() in _NO_START or words[-1].casefold() in _NO_START:
        return False
    if item.count("(") != item.count(")"):
        return False
    letters = sum(mark.isalpha() for mark in item)
    return letters >= len(item) * 0.6 and item[0].isalnum() and not item[0].isdigit()


def is_sentence(text: str) -> bool:
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return len(words) > 9 and len(_LIST_MARK.findall(text)) < len(words) / 6


def is_another_item(text: str, following: str) -> bool:
    """Where each skill has a line of its own, a full line says nothing."""
    begins_small = text[:1].isupper() and following[:1].islower()
    return not begins_small and not is_bullet(text) and _LIST_MARK.search(text) is None


def _without_label(text: str) -> str:
    """``Tools: Git`` is Git; ``Git: advanced`` is Git as well."""
    match = _LABEL.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    return match["label"] if is_level(rest) else rest


def _without_brackets(text: str) -> str:
    """A list in brackets is one more list; a level in brackets is no part of the name."""

    def opened(match: re.Match[str]) -> str:
        if is_level(match[1]) or not match[1].strip():
            return " "
        return f", {match[1]}, " if "," in match[1] else match[0]

    return _BRACKET.sub(opened, text)
