"""Text of one WordprocessingML part, in document order.

Tracked changes are read as accepted: insertions stay, deletions and moved-away text go. Of
``mc:AlternateContent`` only the first choice is read, else each text box would come twice.
A paragraph of a list begins with the bullet or number that a person sees. Text that nobody sees is
kept apart. Source: ISO/IEC 29500-1, 17 (WordprocessingML) and 29500-3 (compatibility).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from ml_service.domain.document import HiddenText
from ml_service.extraction.docx.fields import is_page_number, symbol_of
from ml_service.extraction.docx.lines import LineWriter, PlacedText
from ml_service.extraction.docx.numbering import Numbering
from ml_service.extraction.docx.styles import Stylesheet
from ml_service.extraction.docx.tables import Cell, cells_in_order
from ml_service.extraction.docx.xml import attribute, child_of, name_of, value_of, whole_number

_MAX_DEPTH = 400
_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "tcPr", "sectPr", "tblPr",
     "tblGrid", "trPr", "sdtPr", "sdtEndPr", "Fallback", "fldData", "annotationRef", "rt"}
)  # fmt: skip
_LETTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-", "softHyphen": ""}
_NOT_READ = {
    "altChunk": "inserted_document_not_read",
    "subDoc": "inserted_document_not_read",
    "OLEObject": "embedded_object_not_read",
    "relIds": "diagram_not_read",
}
_PAPER = "FFFFFF"
_EMU_PER_INCH = 914_400
_RAIL_HEIGHT, _TALL = 4 * _EMU_PER_INCH, 1.5
_PLAIN_TABLES = (None, "TableGrid", "TableNormal")


@dataclass(frozen=True, slots=True)
class PartText:
    """``n_pages`` counts breaks, 1 where there are none."""

    lines: list[PlacedText]
    hidden: list[HiddenText]
    warnings: list[str]
    n_pages: int


def read_part(
    root: etree._Element,
    styles: Stylesheet,
    *,
    numbering: Numbering | None = None,
    paper_known: bool = True,
) -> PartText:
    """Lines of a part: one for each paragraph and each break in it.

    ``paper_known`` is False where something may be drawn behind the text.
    """
    writer = LineWriter(
        styles,
        numbering or Numbering(),
        ground=_PAPER if paper_known else None,
        section_columns=[
            whole_number(attribute(child_of(section, "cols"), "num")) or 1
            for section in root.iter("{*}sectPr")
            if name_of(section.getparent()) in ("pPr", "body")
        ],
    )
    _walk(root, writer, depth=0)
    writer.end_line()
    _read_rails(writer)
    return PartText(
        lines=writer.lines, hidden=writer.hidden, warnings=writer.warnings, n_pages=writer.page
    )


def _walk(element: etree._Element, writer: LineWriter, *, depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in element:
        name = name_of(child)
        if not name or name in _SKIPPED or (name == "footnote" and _is_separator(child)):
            continue
        visit = _VISITS.get(name)
        if visit is not None:
            visit(child, writer, depth + 1)
        else:
            _walk(child, writer, depth=depth + 1)


def _visit_paragraph(element: etree._Element, writer: LineWriter, depth: int) -> None:
    properties = child_of(element, "pPr")
    if not writer.joins:
        writer.end_line()
        writer.begin_paragraph(writer.styles.look_of(element))
    _walk(element, writer, depth=depth)
    writer.joins = child_of(child_of(properties, "rPr"), "del") is not None
    if not writer.joins:
        writer.end_paragraph()
    boxes, writer.boxes = writer.boxes, []
    for box in boxes:
        _read_box(box, writer, depth)
    if child_of(properties, "sectPr") is not None:
        writer.section += 1
        writer.column = 0


def _visit_text_box(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    waiting = writer.rails if _is_rail(element) else writer.boxes
    waiting.append(element)


def _is_rail(box: etree._Element) -> bool:
    """A tall box that floats beside the text, wherever in it the box is anchored."""
    anchor = next((above for above in box.iterancestors() if name_of(above) == "anchor"), None)
    extent = child_of(anchor, "extent")
    width, height = (whole_number(attribute(extent, side)) or 0 for side in ("cx", "cy"))
    return height >= _RAIL_HEIGHT and height >= _TALL * width


def _read_rails(writer: LineWriter) -> None:
    """What stands beside the text of a page, as a column after it."""
    rails, writer.rails = writer.rails, []
    before, writer.column = writer.column, writer.column + 1
    for rail in rails:
        _read_box(rail, writer, 0)
    writer.column = before


def _read_box(element: etree._Element, writer: LineWriter, depth: int) -> None:
    """A shape has a colour of its own, which its text may be meant to stand out from."""
    writer.end_line()
    ground, writer.ground = writer.ground, None
    _walk(element, writer, depth=depth)
    writer.end_line()
    writer.ground = ground


def _visit_run(element: etree._Element, writer: LineWriter, depth: int) -> None:
    before = writer.run
    writer.run = writer.styles.run_look(child_of(element, "rPr"), writer.look)
    _walk(element, writer, depth=depth)
    writer.run = before


def _visit_text(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.write(element.text or "")


def _visit_letter(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    if name_of(element.getparent()) == "r":
        writer.write(_LETTERS[name_of(element)])


def _visit_symbol(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.write(symbol_of(element))


def _visit_break(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.end_line()
    kind = attribute(element, "type")
    if kind == "page":
        _read_rails(writer)
        writer.page += 1
        writer.lines_at_break = len(writer.lines)
    elif kind == "column" and writer.column + 1 < writer.columns_here:
        writer.column += 1


def _visit_rendered_break(_element: etree._Element, writer: LineWriter, _depth: int) -> None:
    """Word's last layout; it repeats a break that was typed just before."""
    if len(writer.lines) > writer.lines_at_break:
        writer.page += 1
        writer.lines_at_break = len(writer.lines)


def _visit_table(element: etree._Element, writer: LineWriter, depth: int) -> None:
    before = writer.ground
    if value_of(child_of(child_of(element, "tblPr"), "tblStyle")) not in _PLAIN_TABLES:
        writer.ground = None
    for cell in cells_in_order(element):
        _read_cell(cell, writer, depth + 1)
    writer.ground = before


def _read_cell(cell: Cell, writer: LineWriter, depth: int) -> None:
    properties = child_of(cell.element, "tcPr")
    if child_of(properties, "cellDel") is not None:
        return
    writer.end_line()
    ground, column = writer.ground, writer.column
    fill = attribute(child_of(properties, "shd"), "fill")
    writer.ground = ground if fill in (None, "auto") else fill
    writer.column = column + cell.column
    _walk(cell.element, writer, depth=depth)
    writer.end_paragraph()
    writer.ground, writer.column = ground, column


def _visit_alternatives(element: etree._Element, writer: LineWriter, depth: int) -> None:
    choice = child_of(element, "Choice")
    if choice is None:
        choice = child_of(element, "Fallback")
    if choice is not None:
        _walk(choice, writer, depth=depth)


def _visit_field(element: etree._Element, writer: LineWriter, depth: int) -> None:
    if is_page_number(attribute(element, "instr") or ""):
        writer.fields.dropped = True
    else:
        _walk(element, writer, depth=depth)


def _visit_field_mark(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.fields.mark(attribute(element, "fldCharType"))


def _visit_field_code(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.fields.add_code(element.text or "")


def _visit_unread(element: etree._Element, writer: LineWriter, _depth: int) -> None:
    writer.warn(_NOT_READ[name_of(element)])


def _is_separator(note: etree._Element) -> bool:
    return "eparator" in (attribute(note, "type") or "")


_VISITS: dict[str, Callable[[etree._Element, LineWriter, int], None]] = (
    {
        "p": _visit_paragraph,
        "r": _visit_run,
        "t": _visit_text,
        "sym": _visit_symbol,
        "br": _visit_break,
        "cr": _visit_break,
        "lastRenderedPageBreak": _visit_rendered_break,
        "tbl": _visit_table,
        "txbxContent": _visit_text_box,
        "AlternateContent": _visit_alternatives,
        "fldSimple": _visit_field,
        "fldChar": _visit_field_mark,
        "instrText": _visit_field_code,
    }
    | dict.fromkeys(_LETTERS, _visit_letter)
    | dict.fromkeys(_NOT_READ, _visit_unread)
)
