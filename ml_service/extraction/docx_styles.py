"""Paragraph styles of a DOCX: which are lists, headings or bold.

Source: ISO/IEC 29500-1, 17.7.4 (styles), 17.3.1.19 and 17.9.18 (numPr, numId), 17.3.1.20
(outlineLvl), 17.3.2.1 (b).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

_MAX_STYLES = 5_000
_MAX_ANCESTORS = 30
_BODY_LEVEL = "9"
_HEADING_NAME = re.compile(r"heading [1-9]|title", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """``heading`` stands out by its style, whatever the weight of its runs."""

    listed: bool = False
    bold: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """Looks of the paragraph styles by id; ``default`` is that of a paragraph without one."""

    looks: Mapping[str, ParagraphLook] = field(default_factory=dict)
    default: ParagraphLook = field(default_factory=ParagraphLook)

    def look_of(self, paragraph: etree._Element) -> ParagraphLook:
        """What the paragraph says itself comes before what its style says."""
        own = _Stated.by(paragraph)
        style = self.looks.get(own.style or "", self.default)
        return ParagraphLook(
            listed=style.listed if own.listed is None else own.listed,
            bold=style.bold,
            heading=style.heading if own.heading is None else own.heading,
        )


def read_stylesheet(root: etree._Element) -> Stylesheet:
    """Styles of word/styles.xml; those beyond the first 5,000 are not read."""
    stated: dict[str, _Stated] = {}
    default: str | None = None
    for number, style in enumerate(_paragraph_styles(root)):
        if number == _MAX_STYLES:
            break
        identity = _attribute(style, "styleId") or ""
        stated[identity] = _Stated.by(style)
        if _attribute(style, "default") in ("1", "true", "on"):
            default = identity
    looks = {identity: _inherited(identity, stated) for identity in stated}
    return Stylesheet(looks, looks.get(default or "", ParagraphLook()))


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a style or a paragraph says itself; None where it leaves that to its ``style``."""

    style: str | None
    listed: bool | None
    bold: bool | None
    heading: bool | None

    @classmethod
    def by(cls, element: etree._Element) -> _Stated:
        """A run's weight is its own affair, so only a style states ``bold``."""
        properties = child_of(element, "pPr")
        parent = child_of(element, "basedOn")
        parent = child_of(properties, "pStyle") if parent is None else parent
        return cls(
            style=None if parent is None else value_of(parent),
            listed=_listed(child_of(child_of(properties, "numPr"), "numId")),
            bold=switched_on(child_of(child_of(element, "rPr"), "b")),
            heading=_heading(child_of(element, "name"), child_of(properties, "outlineLvl")),
        )


def switched_on(switch: etree._Element | None) -> bool | None:
    """Of an element such as ``w:b``; None where it is not there."""
    return None if switch is None else value_of(switch) not in ("0", "false", "off")


def child_of(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is None:
        return None
    return next(
        (c for c in element if isinstance(c.tag, str) and etree.QName(c).localname == name), None
    )


def value_of(element: etree._Element) -> str | None:
    return _attribute(element, "val")


def _paragraph_styles(root: etree._Element) -> Iterator[etree._Element]:
    for style in root:
        named = isinstance(style.tag, str) and etree.QName(style).localname == "style"
        if named and _attribute(style, "type") == "paragraph":
            yield style


def _listed(number: etree._Element | None) -> bool | None:
    """``numId`` 0 takes a paragraph out of the list that its style puts it in."""
    return None if number is None else value_of(number) != "0"


def _heading(name: etree._Element | None, level: etree._Element | None) -> bool | None:
    """Built-in names are the same in every language of Word; level 9 is body text."""
    if name is not None and _HEADING_NAME.fullmatch(value_of(name) or ""):
        return True
    return None if level is None else value_of(level) != _BODY_LEVEL


def _inherited(identity: str, stated: Mapping[str, _Stated]) -> ParagraphLook:
    """For each trait the word of the nearest in the line of ``basedOn``."""
    chain = list(_ancestry(identity, stated))
    return ParagraphLook(
        listed=next((s.listed for s in chain if s.listed is not None), False),
        bold=next((s.bold for s in chain if s.bold is not None), False),
        heading=next((s.heading for s in chain if s.heading is not None), False),
    )


def _ancestry(identity: str | None, stated: Mapping[str, _Stated]) -> Iterator[_Stated]:
    """The style itself first; a limit, since styles can be based on each other in a circle."""
    for _ in range(_MAX_ANCESTORS):
        style = stated.get(identity or "")
        if style is None:
            return
        yield style
        identity = style.style


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((text for key, text in element.items() if etree.QName(key).localname == name), None)
