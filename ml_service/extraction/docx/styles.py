"""Styles of a DOCX: which paragraphs are lists, headings or bold, which runs are hidden.

Source: ISO/IEC 29500-1, 17.7 (styles), 17.3.1.19 and 17.9 (numPr, numbering), 17.3.1.20
(outlineLvl), 17.3.2 (run properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ml_service.extraction.docx.xml import (
    attribute,
    child_of,
    name_of,
    switched_on,
    value_of,
    whole_number,
)

_MAX_STYLES = 5_000
_MAX_ANCESTORS = 30
_BODY_LEVEL = "9"
_NO_LIST = "0"
_HEADING_NAME = re.compile(r"heading [1-9]|title", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RunLook:
    """None where nothing is said. Colours are six hexadecimal digits; ``auto`` contrasts."""

    bold: bool | None = None
    vanished: bool | None = None
    colour: str | None = None
    ground: str | None = None
    half_points: int | None = None

    @classmethod
    def of(cls, properties: etree._Element | None) -> RunLook:
        if properties is None:
            return _NOTHING_SAID
        return cls(
            bold=switched_on(child_of(properties, "b")),
            vanished=switched_on(child_of(properties, "vanish")),
            colour=value_of(child_of(properties, "color")),
            ground=_ground(properties),
            half_points=whole_number(value_of(child_of(properties, "sz"))),
        )

    def over(self, base: RunLook) -> RunLook:
        """What is said here, and of the rest what ``base`` says."""
        return RunLook(
            bold=base.bold if self.bold is None else self.bold,
            vanished=base.vanished if self.vanished is None else self.vanished,
            colour=self.colour or base.colour,
            ground=self.ground or base.ground,
            half_points=self.half_points or base.half_points,
        )


_NOTHING_SAID = RunLook()


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """``heading`` stands out by its style, whatever the weight of its runs.

    ``number`` and ``level`` are the list of numbering.xml and the depth in it, from 0; ``ground``
    is the colour behind the paragraph.
    """

    number: str | None = None
    level: int = 0
    heading: bool = False
    ground: str | None = None
    run: RunLook = _NOTHING_SAID

    @property
    def listed(self) -> bool:
        return self.number is not None

    @property
    def bold(self) -> bool:
        return self.run.bold is True


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """Looks of styles by id; ``default`` is that of a paragraph without one.

    ``every_run`` is what no style has to say again.
    """

    looks: Mapping[str, ParagraphLook] = field(default_factory=dict)
    default: ParagraphLook = field(default_factory=ParagraphLook)
    every_run: RunLook = _NOTHING_SAID

    def look_of(self, paragraph: etree._Element) -> ParagraphLook:
        """What the paragraph says itself comes before what its style says.

        The look of its own mark is no look of its runs.
        """
        own = _Stated.by(paragraph, mark=True)
        style = self.looks.get(own.style or "", self.default)
        number = own.number or style.number
        return ParagraphLook(
            number=None if number == _NO_LIST else number,
            level=style.level if own.level is None else own.level,
            heading=style.heading if own.heading is None else own.heading,
            ground=own.ground or style.ground,
            run=style.run.over(self.every_run),
        )

    def run_look(self, properties: etree._Element | None, within: ParagraphLook) -> RunLook:
        """What the run says comes first, then its character style, then its paragraph."""
        if properties is None:
            return within.run
        named = self.looks.get(value_of(child_of(properties, "rStyle")) or "")
        base = within.run if named is None else named.run.over(within.run)
        return RunLook.of(properties).over(base)


def read_stylesheet(root: etree._Element) -> Stylesheet:
    """Styles of word/styles.xml; those beyond the first 5,000 are not read."""
    stated: dict[str, _Stated] = {}
    default: str | None = None
    for number, style in enumerate(_styles(root)):
        if number == _MAX_STYLES:
            break
        identity = attribute(style, "styleId") or ""
        stated[identity] = _Stated.by(style)
        is_default = attribute(style, "default") in ("1", "true", "on")
        if is_default and attribute(style, "type") == "paragraph":
            default = identity
    looks = {identity: _inherited(identity, stated) for identity in stated}
    return Stylesheet(
        looks,
        default=looks.get(default or "", ParagraphLook()),
        every_run=RunLook.of(_default_run(root)),
    )


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a style or a paragraph says itself; None where it leaves that to its ``style``."""

    style: str | None
    number: str | None
    level: int | None
    heading: bool | None
    ground: str | None
    run: RunLook

    @classmethod
    def by(cls, element: etree._Element, *, mark: bool = False) -> _Stated:
        """A run's look is its own affair, so only a style states ``run``."""
        properties = child_of(element, "pPr")
        numbering = child_of(properties, "numPr")
        parent = child_of(element, "basedOn")
        parent = child_of(properties, "pStyle") if parent is None else parent
        return cls(
            style=value_of(parent),
            number=value_of(child_of(numbering, "numId")),
            level=whole_number(value_of(child_of(numbering, "ilvl"))),
            heading=_heading(child_of(element, "name"), child_of(properties, "outlineLvl")),
            ground=None if properties is None else _ground(properties),
            run=_NOTHING_SAID if mark else RunLook.of(child_of(element, "rPr")),
        )


def _ground(properties: etree._Element) -> str | None:
    """The colour behind; a highlighter is ``auto``, since its colours always show the text."""
    if child_of(properties, "highlight") is not None:
        return "auto"
    fill = attribute(child_of(properties, "shd"), "fill")
    return None if fill == "auto" else fill


def _styles(root: etree._Element) -> Iterator[etree._Element]:
    for style in root:
        if name_of(style) == "style" and attribute(style, "type") in ("paragraph", "character"):
            yield style


def _default_run(root: etree._Element) -> etree._Element | None:
    defaults = child_of(child_of(root, "docDefaults"), "rPrDefault")
    return child_of(defaults, "rPr")


def _heading(name: etree._Element | None, level: etree._Element | None) -> bool | None:
    """Built-in names are the same in every language of Word; level 9 is body text."""
    if name is not None and _HEADING_NAME.fullmatch(value_of(name) or ""):
        return True
    return None if level is None else value_of(level) != _BODY_LEVEL


def _inherited(identity: str, stated: Mapping[str, _Stated]) -> ParagraphLook:
    """For each trait the word of the nearest in the line of ``basedOn``."""
    chain = list(_ancestry(identity, stated))
    run = _NOTHING_SAID
    for style in reversed(chain):
        run = style.run.over(run)
    return ParagraphLook(
        number=next((s.number for s in chain if s.number is not None), None),
        level=next((s.level for s in chain if s.level is not None), 0),
        heading=next((s.heading for s in chain if s.heading is not None), False),
        ground=next((s.ground for s in chain if s.ground is not None), None),
        run=run,
    )


def _ancestry(identity: str | None, stated: Mapping[str, _Stated]) -> Iterator[_Stated]:
    """The style itself first; a limit, since styles can be based on each other in a circle."""
    for _ in range(_MAX_ANCESTORS):
        style = stated.get(identity or "")
        if style is None:
            return
        yield style
        identity = style.style
