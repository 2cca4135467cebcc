"""Labels of list paragraphs as Word shows them: bullets, ``1.``, ``b)``, ``2.3``.

Source: ISO/IEC 29500-1, 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ml_service.analysis.phrases.folding import is_bullet
from ml_service.extraction.docx.xml import (
    attribute,
    child_of,
    children_of,
    switched_on,
    value_of,
    whole_number,
)

BULLET = "•"
_MAX_LISTS = 5_000
_MAX_LEVELS = 9
_MAX_PATTERN = 60
_MOST_LETTERS = 26 * 30
_MOST_ROMAN = 3_999
_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """``pattern`` holds ``%1`` to ``%9`` for the counts of the levels."""

    form: str
    pattern: str
    start: int
    plain: bool


@dataclass(frozen=True, slots=True)
class _List:
    """``family`` counts in common; ``starts`` are counts that this list begins anew, by level."""

    family: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """Counts while the paragraphs of a part are asked for in order."""

    lists: Mapping[str, _List] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def label(self, number: str, level: int) -> str:
        """Label of the next paragraph of this list; a bullet where the list says nothing."""
        one = self.lists.get(number)
        if one is None or level not in one.levels:
            return BULLET
        counts = self._count(number, one, level)
        at = one.levels[level]
        if at.form == "none":
            return ""
        if at.form == "bullet":
            return at.pattern if _is_sign(at.pattern) else BULLET

        def place(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            other = one.levels.get(index, at)
            form = "decimal" if at.plain else other.form
            return _FORMS.get(form, str)(counts.get(index, other.start))

        return _PLACE.sub(place, at.pattern)

    def _count(self, number: str, one: _List, level: int) -> Mapping[int, int]:
        counts = self._counts.setdefault(one.family, {})
        if number not in self._begun:
            self._begun.add(number)
            for index, start in one.starts.items():
                counts[index] = start - 1
        counts[level] = counts.get(level, one.levels[level].start - 1) + 1
        for deeper in [index for index in counts if index > level]:
            del counts[deeper]
        return counts


def _is_sign(pattern: str) -> bool:
    """False for what is a bullet in its own font only, as a letter or in private use."""
    private = any("\ue000" <= mark <= "\uf8ff" for mark in pattern)
    return is_bullet(f"{pattern} A") and not private and not any(map(str.isalnum, pattern))


def read_numbering(root: etree._Element) -> Numbering:
    """Lists of word/numbering.xml; those beyond the first 5,000 are not read."""
    families = {
        attribute(family, "abstractNumId") or "": family
        for _, family in zip(range(_MAX_LISTS), children_of(root, "abstractNum"), strict=False)
    }
    levels = {identity: _levels(family) for identity, family in families.items()}
    lists: dict[str, _List] = {}
    for _, one in zip(range(_MAX_LISTS), children_of(root, "num"), strict=False):
        family = value_of(child_of(one, "abstractNumId")) or ""
        starts, changed = _overrides(one)
        own = levels.get(family, {}) | changed
        lists[attribute(one, "numId") or ""] = _List(family, own, starts)
    return Numbering(lists)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for level in children_of(parent, "lvl"):
        index = whole_number(attribute(level, "ilvl"))
        if index is not None and 0 <= index < _MAX_LEVELS:
            start = whole_number(value_of(child_of(level, "start")))
            levels[index] = _Level(
                form=value_of(child_of(level, "numFmt")) or "decimal",
                pattern=(value_of(child_of(level, "lvlText")) or "")[:_MAX_PATTERN],
                start=0 if start is None else start,
                plain=switched_on(child_of(level, "isLgl")) is True,
            )
    return levels


def _overrides(one: etree._Element) -> tuple[dict[int, int], dict[int, _Level]]:
    starts: dict[int, int] = {}
    levels: dict[int, _Level] = {}
    for override in children_of(one, "lvlOverride"):
        index = whole_number(attribute(override, "ilvl"))
        start = whole_number(value_of(child_of(override, "startOverride")))
        levels |= _levels(override)
        if index is not None and start is not None:
            starts[index] = start
    return starts, levels


def _lower_letters(count: int) -> str:
    """a to z, then aa, bb; a number beyond that which anybody reads."""
    if not 0 < count <= _MOST_LETTERS:
        return str(count)
    repeats, letter = divmod(count - 1, 26)
    return chr(ord("a") + letter) * (repeats + 1)


def _lower_roman(count: int) -> str:
    if not 0 < count <= _MOST_ROMAN:
        return str(count)
    signs: list[str] = []
    for value, sign in _ROMAN:
        times, count = divmod(count, value)
        signs.append(sign * times)
    return "".join(signs)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _lower_letters,
    "upperLetter": lambda count: _lower_letters(count).upper(),
    "lowerRoman": _lower_roman,
    "upperRoman": lambda count: _lower_roman(count).upper(),
    "decimalZero": lambda count: f"{count:02d}",
}
