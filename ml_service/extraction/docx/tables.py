"""Tables of a DOCX: rows of cells, and those that only set text beside text.

A table in which two neighbouring cells each hold a block of paragraphs is a page in columns: it is
read column by column. Any other is read row by row, as dates beside jobs want it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from lxml import etree

from ml_service.extraction.docx.xml import child_of, name_of, value_of

_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
_MAX_WRAPPERS = 20
_BLOCK_PARAGRAPHS = 3
_HEADING_LETTERS = 40
_MAX_ELEMENTS_LOOKED_AT = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """``column`` counts from 0 in a table in columns, and is 0 elsewhere."""

    element: etree._Element
    column: int


def cells_in_order(table: etree._Element) -> Iterator[Cell]:
    """Cells as they are read; those that only continue a merged one above are left out."""
    rows = [list(_parts(row, "tc")) for row in _parts(table, "tr") if not _is_deleted(row)]
    for width, group in groupby(rows, key=len):
        block = list(group)
        if width > 1 and _is_in_columns(block):
            cells = [Cell(row[column], column) for column in range(width) for row in block]
        else:
            cells = [Cell(cell, 0) for row in block for cell in row]
        yield from (cell for cell in cells if not _continues(cell.element))


def _parts(parent: etree._Element, name: str, depth: int = 0) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those in content controls."""
    for child in parent:
        child_name = name_of(child)
        if child_name == name:
            yield child
        elif child_name in _WRAPPERS and depth < _MAX_WRAPPERS:
            yield from _parts(child, name, depth + 1)


def _is_in_columns(rows: Sequence[Sequence[etree._Element]]) -> bool:
    """One row of blocks, which may have its headings in a row of its own, or a merged side bar.

    Where several rows hold blocks, each row is a piece of its own: dates and place beside a job.
    """
    n_block_rows = 0
    for row in rows:
        filled = [] if len(rows) == 1 else [cell for cell in row if not _continues(cell)]
        filled = [texts for texts in map(_paragraphs, filled or row) if texts]
        is_block = [len(texts) >= _BLOCK_PARAGRAPHS for texts in filled]
        if any(_begins_merge(cell) and len(_paragraphs(cell)) >= _BLOCK_PARAGRAPHS for cell in row):
            return True
        if sum(is_block) > 1:
            n_block_rows += 1
        elif len(filled) > 1 and not all(map(_is_heading, filled)):
            return False
    return n_block_rows == 1


def _is_heading(texts: Sequence[str]) -> bool:
    return len(texts) == 1 and len(texts[0]) <= _HEADING_LETTERS


def _paragraphs(cell: etree._Element) -> list[str]:
    """Beginnings of paragraphs and broken lines with text, in the first elements of the cell."""
    texts: list[str] = []
    for element in islice(cell.iter(), _MAX_ELEMENTS_LOOKED_AT):
        name = name_of(element)
        if name in ("p", "br"):
            texts.append("")
        elif name == "t" and texts and len(texts[-1]) <= _HEADING_LETTERS:
            texts[-1] += element.text or ""
    return [text for text in texts if text.strip()]


def _continues(cell: etree._Element) -> bool:
    merge = child_of(child_of(cell, "tcPr"), "vMerge")
    return merge is not None and value_of(merge) in (None, "continue")


def _begins_merge(cell: etree._Element) -> bool:
    return value_of(child_of(child_of(cell, "tcPr"), "vMerge")) == "restart"


def _is_deleted(row: etree._Element) -> bool:
    """By a tracked change."""
    return child_of(child_of(row, "trPr"), "del") is not None
