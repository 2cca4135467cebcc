"""Where the names of places end in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ml_service.intents.slots.lines_of_work import is_line_of_work, sounds_like_line_of_work
from ml_service.intents.slots.place_cues import AREAS, JOINTS, NOT_PLACES, PARTS, STOP
from ml_service.intents.slots.place_names import (
    AMBIGUOUS,
    CAPITALISED_ENDINGS,
    CODES,
    DISTRICTS,
    ENDINGS,
    KNOWN,
    LONGEST_NAME,
    REGIONS,
    WORD_CODES,
)
from ml_service.intents.slots.spans import Word, words_of

_MAX_PLAIN_WORDS = 3
_REGIONS_AND_WORDS = REGIONS | {"georgia", "us", "dc", "victoria", "washington"}
_ONLY_IN_CAPITALS = frozenset({"us", "la", "sf", "dc", "vic"})
_SAINTS = frozenset({"st", "mt", "ft"})


class PlaceText:
    """A text's words by number. Each ``..._end`` is the number behind a name, None without one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: Sequence[Word] = words_of(text)
        self._is_cased = _tells_by_capitals(self.words)

    def lower(self, first: int, end: int) -> list[str]:
        return [word.lower for word in self.words[first:end]]

    def number_at(self, character: int) -> int | None:
        """Of the first word that starts there or later."""
        return next((i for i, word in enumerate(self.words) if word.start >= character), None)

    def certain_end(self, first: int) -> int | None:
        """Of a known name or a code, "north", "greater" and the like before it."""
        at = first
        while self.words[at].lower in PARTS | {"of"} and self._goes_on(at + 1):
            at += 1
        found = self.known_end(at) or self.known_end(first)
        if found is None:
            return first + 1 if self._is_code(first) else None
        if self._goes_on(found) and self.words[found].lower == "airport":
            found += 1
        return max(found, self.capitalised_end(first) or 0)

    def likely_end(self, first: int, *, is_near: bool, has_article: bool) -> int | None:
        """Of a name that nothing but its preposition and its capital letters tell."""
        if self.words[first].text[0].isdigit():
            return first + 1 if re.fullmatch(r"\d{5}", self.words[first].text) else None
        capitalised = self.capitalised_end(first)
        if capitalised is not None:
            is_work = not is_near and is_line_of_work(self.lower(first, capitalised))
            return None if is_work else capitalised
        return None if has_article else self._plain_end(first, is_near=is_near)

    def bare_end(self, at: int) -> int | None:
        """Of a name without a preposition."""
        word = self.words[at]
        end = self.known_end(at)
        if end is None:
            endings = CAPITALISED_ENDINGS if self._is_name(word) else ENDINGS
            sounds_right = len(word.text) > 6 and word.lower.endswith(endings)
            return at + 1 if sounds_right and at and self._ends_before(at + 1) else None
        if " ".join(self.lower(at, end)) not in AMBIGUOUS:
            return end
        is_told = self._is_name(word) and (at > 0 or end == len(self.words))
        return end if is_told and (word.lower not in _ONLY_IN_CAPITALS or _is_big(word)) else None

    def known_end(self, at: int) -> int | None:
        """Of the longest known name that starts at the word."""
        for end in range(min(len(self.words), at + LONGEST_NAME), at, -1):
            name = " ".join(self.lower(at, end))
            joined = all(word.before.strip() in {"", "."} for word in self.words[at + 1 : end])
            if joined and (name in KNOWN or name.replace("-", " ") in KNOWN):
                return end
        return None

    def capitalised_end(self, at: int) -> int | None:
        """Of a run of capitalised words, where capital letters tell anything."""
        words = self.words
        if at >= len(words) or not self._is_name(words[at]) or words[at].text == "I":
            return None
        end = at + 1
        while end < len(words) and self._runs_on(end):
            end += 1
        return end if self._is_name(words[end - 1]) else self._without_joints(at, end)

    def with_regions(self, end: int, *, first: int) -> int:
        """Takes ", TX", ", Germany", " Texas" and ", Kent, UK" along.

        A place that is not known takes a city too: "Camden, London".
        """
        is_district = " ".join(self.lower(first, end)) in DISTRICTS
        if (is_district or self.known_end(first) is None) and end < len(self.words):
            city = self.known_end(end) if self.words[end].before.strip() == "," else None
            end = city if city is not None and self._ends_before(city) else end
        for _ in range(2):
            if end >= len(self.words) or self.words[end].before.strip() not in {"", ",", "("}:
                return end
            region = self._region_end(end, has_comma=bool(self.words[end].before.strip()))
            if region is None:
                return end
            end = region
        return end

    def is_code_in_capitals(self, at: int) -> bool:
        return self._is_cased and _is_big(self.words[at]) and self.words[at].lower in CODES

    def is_something_else(self, end: int) -> bool:
        """ "US citizens", "London Underground"."""
        if end >= len(self.words) or not self.words[end].is_joined:
            return False
        return self.words[end].lower in NOT_PLACES

    def _goes_on(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].is_joined

    def _is_name(self, word: Word) -> bool:
        return self._is_cased and word.is_capitalised

    def _is_code(self, at: int) -> bool:
        word = self.words[at]
        if word.lower not in CODES or self.is_code_in_capitals(at):
            return word.lower in CODES
        return word.lower not in WORD_CODES and self._ends_before(at + 1)

    def _ends_before(self, at: int) -> bool:
        if at >= len(self.words) or not self.words[at].is_joined:
            return True
        return self.words[at].lower in STOP

    def _runs_on(self, end: int) -> bool:
        word, before = self.words[end], self.words[end - 1]
        is_saint = word.before.strip() == "." and before.lower in _SAINTS
        if not word.is_joined and not is_saint:
            return False
        return word.lower in JOINTS or (self._is_name(word) and word.lower not in STOP)

    def _without_joints(self, at: int, end: int) -> int:
        while end > at + 1 and not self._is_name(self.words[end - 1]):
            end -= 1
        return end

    def _plain_end(self, first: int, *, is_near: bool) -> int | None:
        end = first
        while end < len(self.words) and (end == first or self.words[end].is_joined):
            if self.words[end].lower in STOP | AREAS:
                break
            end += 1
        named = self.lower(first, end)
        if not 0 < len(named) <= _MAX_PLAIN_WORDS:
            return None
        return end if is_near or not sounds_like_line_of_work(named) else None

    def _region_end(self, at: int, *, has_comma: bool) -> int | None:
        known = self.known_end(at)
        if known is not None:
            is_region = " ".join(self.lower(at, known)) in _REGIONS_AND_WORDS
            return known if is_region and not self.is_something_else(known) else None
        if self._is_code(at) and (has_comma or _is_big(self.words[at])):
            return at + 1
        end = self.capitalised_end(at) if has_comma else None
        if end is None or end - at > 2 or not self._ends_before(end):
            return None
        return None if sounds_like_line_of_work(self.lower(at, end)) else end


def _is_big(word: Word) -> bool:
    return word.text.isupper()


def _tells_by_capitals(words: Sequence[Word]) -> bool:
    """Neither all in small letters, nor all in capitals, nor Every Word With One."""
    texts = [word.text for word in words if word.text[0].isalpha()]
    small = [text for text in texts if text[0].islower()]
    if len(small) == len(texts):
        return False
    return len(texts) <= 2 or any(len(text) > 3 for text in small) or len(small) * 2 >= len(texts)
