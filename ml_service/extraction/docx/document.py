"""DOCX -> lines: headers, body, notes, footers, in the order in which Word shows them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.errors import Corrupt, EmptyDocument, NoTextLayer, ParseMemory, TooManyPages
from ml_service.extraction.archive import measure_archive
from ml_service.extraction.columns import count_columns
from ml_service.extraction.docx.lines import PlacedText
from ml_service.extraction.docx.numbering import Numbering, read_numbering
from ml_service.extraction.docx.package import main_part, related_parts, root_of, shown_parts
from ml_service.extraction.docx.styles import Stylesheet, read_stylesheet
from ml_service.extraction.docx.text import PartText, read_part
from ml_service.extraction.docx.xml import attribute, name_of

_ENGINE = "docx"
_MAX_LETTERS = 400_000
_PAPER = (None, "auto", "FFFFFF", "ffffff")


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts of the parts in the order of a page: above the body, the body, below it."""

    above: list[PartText]
    body: PartText
    below: list[PartText]

    @property
    def all(self) -> list[PartText]:
        return [*self.above, self.body, *self.below]


def read_docx(content: bytes, *, max_pages: int) -> ExtractedText:
    """Lines of a DOCX; pages are counted by the breaks that are written in it.

    Raises Corrupt, EmptyDocument, NoTextLayer, ParseMemory or TooManyPages.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            measure_archive(archive)
            texts = _read_parts(archive)
            has_pictures = any(name.startswith("word/media/") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Corrupt from error
    n_pages = texts.body.n_pages
    if n_pages > max_pages:
        raise TooManyPages(f"The document has {n_pages} pages; at most {max_pages} are read.")
    placed = _placed(texts)
    if not placed:
        raise NoTextLayer if has_pictures else EmptyDocument
    return _assemble(placed, texts)


def _read_parts(archive: zipfile.ZipFile) -> _Texts:
    main = main_part(archive)
    parts = related_parts(archive, main)
    body = root_of(archive, main)
    if body is None:
        raise Corrupt
    settings = root_of(archive, parts.first("settings"))
    styles = _styles(root_of(archive, parts.first("styles")))
    numbering = _numbering(root_of(archive, parts.first("numbering")))
    headers, footers = (
        _roots(archive, shown_parts(body, settings, parts, kind=kind))
        for kind in ("header", "footer")
    )
    notes = [*parts.by_kind.get("footnotes", ()), *parts.by_kind.get("endnotes", ())]
    paper_known = _is_paper_known([*headers, body, *footers])

    def read(root: etree._Element) -> PartText:
        return read_part(root, styles, numbering=numbering, paper_known=paper_known)

    return _Texts(
        above=[read(root) for root in headers],
        body=read(body),
        below=[read(root) for root in [*_roots(archive, notes), *footers]],
    )


def _roots(archive: zipfile.ZipFile, names: Iterable[str]) -> list[etree._Element]:
    roots = (root_of(archive, name) for name in names)
    return [root for root in roots if root is not None]


def _styles(root: etree._Element | None) -> Stylesheet:
    """A document without styles is one in which no style says anything."""
    return Stylesheet() if root is None else read_stylesheet(root)


def _numbering(root: etree._Element | None) -> Numbering:
    return Numbering() if root is None else read_numbering(root)


def _is_paper_known(roots: Iterable[etree._Element]) -> bool:
    """False for coloured paper, and where a picture or a shape lies behind the text."""
    return not any(
        attribute(element, "behindDoc") in ("1", "true")
        or (name_of(element) == "background" and attribute(element, "color") not in _PAPER)
        or "z-index:-" in (attribute(element, "style") or "")
        for root in roots
        for element in root.iter("{*}anchor", "{*}background", "{*}shape", "{*}rect")
    )


def _placed(texts: _Texts) -> list[PlacedText]:
    """A header or footer that repeats another's line says it once."""
    lines = [*_once(texts.above, page=1), *texts.body.lines]
    lines += _once(texts.below, page=texts.body.n_pages)
    if sum(len(line.text) for line in lines) > _MAX_LETTERS:
        raise ParseMemory
    return lines


def _once(parts: Sequence[PartText], *, page: int) -> list[PlacedText]:
    lines = {line.text: line for part in reversed(parts) for line in part.lines}
    return [
        replace(lines.pop(line.text), page=page)
        for part in parts
        for line in part.lines
        if line.text in lines
    ]


def _assemble(placed: Sequence[PlacedText], texts: _Texts) -> ExtractedText:
    lines = tuple(
        Line(
            text=line.text,
            page=line.page,
            box=None,
            column=line.column,
            order=order,
            bold=line.bold,
        )
        for order, line in enumerate(placed)
    )
    reading = Reading(
        engine=_ENGINE,
        agreement=None,
        columns=count_columns(line.column for line in placed),
        warnings=_warnings(texts),
    )
    hidden = tuple(text for part in texts.all for text in part.hidden)
    return ExtractedText(lines=lines, n_pages=texts.body.n_pages, reading=reading, hidden=hidden)


def _warnings(texts: _Texts) -> tuple[str, ...]:
    warnings = [warning for part in texts.all for warning in part.warnings]
    n_hidden = sum(len(text.text.split()) for part in texts.all for text in part.hidden)
    if n_hidden:
        warnings.append(f"hidden_text:{n_hidden}")
    return tuple(dict.fromkeys(warnings))
