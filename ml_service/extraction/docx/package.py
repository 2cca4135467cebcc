"""Parts of a DOCX package: which there are, which a page shows, and their XML.

Source: ISO/IEC 29500-2 (packages), 29500-1, 17.10 (headers and footers).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ml_service.domain.errors import Corrupt, ParseMemory
from ml_service.extraction.archive import read_member
from ml_service.extraction.docx.xml import attribute, child_of, name_of, switched_on

_MAX_PART_BYTES = 40_000_000
_MAX_PARAGRAPHS = 20_000
_MAX_ELEMENTS = 1_000_000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PARAGRAPH_ENDS = (b"<w:p>", b"<w:p ", b"<w:p/>")


@dataclass(frozen=True, slots=True)
class Parts:
    """Names of the parts beside the main one, by kind of relationship and by its id."""

    by_kind: dict[str, list[str]] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)

    def first(self, kind: str) -> str | None:
        return next(iter(self.by_kind.get(kind, ())), None)


def main_part(archive: zipfile.ZipFile) -> str:
    for _, kind, target in _relationships(archive, ""):
        if kind == "officeDocument":
            return target
    return "word/document.xml"


def related_parts(archive: zipfile.ZipFile, main: str) -> Parts:
    parts = Parts()
    for identity, kind, target in _relationships(archive, main):
        parts.by_id[identity] = target
        names = parts.by_kind.setdefault(kind, [])
        if target not in names:
            names.append(target)
    return parts


def shown_parts(
    body: etree._Element, settings: etree._Element | None, parts: Parts, *, kind: str
) -> list[str]:
    """Headers or footers in the order of their sections, without those that no page shows.

    A first page has its own only where its section says so, even pages where the document does.
    """
    even = switched_on(child_of(settings, "evenAndOddHeaders")) is True
    names: list[str] = []
    for section in body.iter("{*}sectPr"):
        first = switched_on(child_of(section, "titlePg")) is True
        references = [child for child in section if name_of(child) == f"{kind}Reference"]
        for on in ("first", "default", "even"):
            if (on == "first" and not first) or (on == "even" and not even):
                continue
            for reference in references:
                name = parts.by_id.get(attribute(reference, "id") or "")
                if attribute(reference, "type") == on and name and name not in names:
                    names.append(name)
    return names


def root_of(archive: zipfile.ZipFile, name: str | None) -> etree._Element | None:
    """None where there is no such part. Raises Corrupt or ParseMemory."""
    content = None if name is None else read_member(archive, name, max_bytes=_MAX_PART_BYTES)
    if content is None:
        return None
    if sum(content.count(start) for start in _PARAGRAPH_ENDS) > _MAX_PARAGRAPHS:
        raise ParseMemory
    if content.count(b"<") > 2 * _MAX_ELEMENTS:
        raise ParseMemory
    return _parse(content)


def _relationships(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str, str]]:
    """Id, kind and target; what lies outside the package is never looked at."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    content = read_member(archive, path, max_bytes=_MAX_PART_BYTES)
    if content is None:
        return
    for element in _parse(content).iter(_RELATIONSHIP):
        kind, target = element.get("Type", ""), element.get("Target", "")
        if element.get("TargetMode") != "External" and kind.startswith((_OFFICE, _STRICT)):
            resolved = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            resolved = posixpath.normpath(resolved).lstrip("/")
            yield element.get("Id", ""), kind.rpartition("/")[2], resolved


def _parse(content: bytes) -> etree._Element:
    """No entities, no network, no depth or text beyond libxml2's own limits."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Corrupt from error
