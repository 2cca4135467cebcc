"""Small questions to WordprocessingML, whatever the namespace (transitional or strict)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def name_of(element: etree._Element) -> str:
    """Without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children_of(element: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from (child for child in element if name_of(child) == name)


def child_of(element: etree._Element | None, name: str) -> etree._Element | None:
    if element is not None:
        for child in element:
            if name_of(child) == name:
                return child
    return None


def attribute(element: etree._Element | None, name: str) -> str | None:
    if element is not None:
        for key, text in element.items():
            if key.rpartition("}")[2] == name:
                return str(text)
    return None


def value_of(element: etree._Element | None) -> str | None:
    return attribute(element, "val")


def whole_number(text: str | None) -> int | None:
    """None for what is none, and for more digits than any measure of a page has."""
    if text is None or len(text) > 9:
        return None
    try:
        return int(text)
    except ValueError:
        return None


def switched_on(switch: etree._Element | None) -> bool | None:
    """Of an element such as ``w:b``; None where it is not there."""
    return None if switch is None else value_of(switch) not in ("0", "false", "off")
