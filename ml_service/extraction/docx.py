"""DOCX -> lines: headers, body, footnotes, footers, in the order in which Word shows them."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable

from lxml import etree

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.errors import Corrupt, EmptyDocument, NoTextLayer, ParseMemory, TooManyPages
from ml_service.extraction.archive import measure_archive, read_member
from ml_service.extraction.docx_styles import Stylesheet, read_stylesheet
from ml_service.extraction.docx_text import PartText, read_part

_ENGINE = "docx"
_MAX_PART_BYTES = 40_000_000
_MAX_PARAGRAPHS = 20_000
_MAX_ELEMENTS = 1_000_000
_MAX_LETTERS = 2_000_000
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_PARAGRAPH_ENDS = (b"<w:p>", b"<w:p ", b"<w:p/>")


def read_docx(content: bytes, *, max_pages: int) -> ExtractedText:
    """Lines of a DOCX; pages are counted by the breaks that are written in it.

    Raises Corrupt, EmptyDocument, NoTextLayer, ParseMemory or TooManyPages.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            measure_archive(archive)
            main = _main_part(archive)
            parts = _related_parts(archive, main)
            styles = _stylesheet(archive, parts["styles"])
            before = [_read(archive, name, styles) for name in parts["header"]]
            body = _read(archive, main, styles)
            names_after = (*parts["footnotes"], *parts["footer"])
            after = [_read(archive, name, styles) for name in names_after]
            has_pictures = any(name.startswith("word/media/") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Corrupt from error
    if body is None:
        raise Corrupt
    return _assemble(before, body, after, max_pages=max_pages, has_pictures=has_pictures)


def _main_part(archive: zipfile.ZipFile) -> str:
    for kind, target in _relationships(archive, ""):
        if kind == "officeDocument":
            return target
    return "word/document.xml"


def _related_parts(archive: zipfile.ZipFile, main: str) -> dict[str, list[str]]:
    """Names of styles, headers, footers, notes; one that repeats in each section comes once."""
    found: dict[str, list[str]] = {"styles": [], "header": [], "footer": [], "footnotes": []}
    for kind, target in _relationships(archive, main):
        names = found.get("footnotes" if kind == "endnotes" else kind)
        if names is not None and target not in names:
            names.append(target)
    return found


def _relationships(archive: zipfile.ZipFile, part: str) -> Iterable[tuple[str, str]]:
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    content = read_member(archive, path, max_bytes=_MAX_PART_BYTES)
    if content is None:
        return
    for element in _parse(content).iter(_RELATIONSHIP):
        kind, target = element.get("Type", ""), element.get("Target", "")
        if element.get("TargetMode") != "External" and kind.startswith((_OFFICE, _STRICT)):
            resolved = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
            yield kind.rpartition("/")[2], posixpath.normpath(resolved).lstrip("/")


def _stylesheet(archive: zipfile.ZipFile, names: list[str]) -> Stylesheet:
    """A document without styles is one in which no style says anything."""
    root = _root(archive, names[0]) if names else None
    return Stylesheet() if root is None else read_stylesheet(root)


def _read(archive: zipfile.ZipFile, name: str, styles: Stylesheet) -> PartText | None:
    root = _root(archive, name)
    return None if root is None else read_part(root, styles)


def _root(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    content = read_member(archive, name, max_bytes=_MAX_PART_BYTES)
    if content is None:
        return None
    if sum(content.count(start) for start in _PARAGRAPH_ENDS) > _MAX_PARAGRAPHS:
        raise ParseMemory
    if content.count(b"<") > 2 * _MAX_ELEMENTS:
        raise ParseMemory
    return _parse(content)


def _parse(content: bytes) -> etree._Element:
    """No entities, no network, no depth or text beyond libxml2's own limits."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Corrupt from error


def _assemble(
    before: list[PartText | None],
    body: PartText,
    after: list[PartText | None],
    *,
    max_pages: int,
    has_pictures: bool,
) -> ExtractedText:
    n_pages = body.n_pages
    if n_pages > max_pages:
        raise TooManyPages(f"The document has {n_pages} pages; at most {max_pages} are read.")
    placed = [(text, 1, bold) for part in before if part for text, _, bold in part.lines]
    placed += body.lines
    placed += [(text, n_pages, bold) for part in after if part for text, _, bold in part.lines]
    if sum(len(text) for text, _, _ in placed) > _MAX_LETTERS:
        raise ParseMemory
    if not placed:
        raise NoTextLayer if has_pictures else EmptyDocument
    lines = tuple(
        Line(text=text, page=page, box=None, column=0, order=order, bold=bold)
        for order, (text, page, bold) in enumerate(placed)
    )
    return ExtractedText(
        lines=lines, n_pages=n_pages, reading=Reading(engine=_ENGINE, agreement=None, columns=1)
    )
