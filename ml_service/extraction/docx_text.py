"""Text of one WordprocessingML part, in document order.

Tracked changes are read as accepted: insertions stay, deletions and moved-away text go. Of
``mc:AlternateContent`` only the first choice is read, else each text box would come twice.
A paragraph of a list begins with the bullet that a person sees; numbered ones get a bullet too,
since no stage asks for the number and the bullet alone says where an item begins.
Source: ISO/IEC 29500-1, 17 (WordprocessingML) and 29500-3 (compatibility).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from ml_service.analysis.folding import is_bullet
from ml_service.extraction.docx_styles import (
    ParagraphLook,
    Stylesheet,
    child_of,
    switched_on,
    value_of,
)

_MAX_DEPTH = 400
_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "delInstrText", "instrText", "rPr", "sectPr", "tblPr", "tblGrid",
     "trPr", "sdtPr", "sdtEndPr", "Fallback", "fldData", "annotationRef", "pict_data"}
)  # fmt: skip
_LETTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-", "softHyphen": ""}
_BULLET = "• "


@dataclass(frozen=True, slots=True)
class PartText:
    """``lines`` are (text, page, bold); ``n_pages`` counts breaks, 1 where there are none."""

    lines: list[tuple[str, int, bool]]
    n_pages: int


@dataclass(slots=True)
class _Writer:
    """Collects the pieces of a line; a text box inside a paragraph waits until it has ended.

    ``bullet`` is set until the first line of a list's paragraph has been written.
    """

    styles: Stylesheet
    look: ParagraphLook = field(default_factory=ParagraphLook)
    bullet: bool = False
    lines: list[tuple[str, int, bool]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    bold_letters: int = 0
    letters: int = 0
    page: int = 1
    lines_at_break: int = 0
    boxes: list[etree._Element] = field(default_factory=list)

    def begin_paragraph(self, look: ParagraphLook) -> None:
        self.look = look
        self.bullet = look.listed and not look.heading  # "1. Experience" is no item of a list

    def write(self, text: str, *, bold: bool) -> None:
        self.pieces.append(text)
        self.letters += len(text)
        self.bold_letters += len(text) if bold else 0

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        if text:
            if self.bullet and not is_bullet(text):
                text = f"{_BULLET}{text}"
            self.bullet = False
            self.lines.append((text, self.page, 2 * self.bold_letters > self.letters))
        self.pieces.clear()
        self.letters = self.bold_letters = 0


def read_part(root: etree._Element, styles: Stylesheet) -> PartText:
    """Lines of a part: one for each paragraph and each break in it; cells of a row in turn."""
    writer = _Writer(styles)
    _walk(root, writer, depth=0, bold=False)
    writer.end_line()
    return PartText(lines=writer.lines, n_pages=writer.page)


def _walk(element: etree._Element, writer: _Writer, *, depth: int, bold: bool) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name in _SKIPPED or (name == "footnote" and _is_separator(child)):
            continue
        visit = _VISITS.get(name)
        if visit is not None:
            visit(child, writer, depth + 1, bold)
        else:
            _walk(child, writer, depth=depth + 1, bold=bold)


def _visit_paragraph(element: etree._Element, writer: _Writer, depth: int, _bold: bool) -> None:
    writer.end_line()
    look = writer.styles.look_of(element)
    bold = look.bold or look.heading
    writer.begin_paragraph(look)
    _walk(element, writer, depth=depth, bold=bold)
    writer.end_line()
    writer.begin_paragraph(ParagraphLook())
    boxes, writer.boxes = writer.boxes, []
    for box in boxes:
        _walk(box, writer, depth=depth, bold=bold)
        writer.end_line()


def _visit_text_box(element: etree._Element, writer: _Writer, _depth: int, _bold: bool) -> None:
    writer.boxes.append(element)


def _visit_run(element: etree._Element, writer: _Writer, depth: int, bold: bool) -> None:
    """A run's own weight comes before the paragraph's; a heading stands out by size as well."""
    properties = child_of(element, "rPr")
    if child_of(properties, "vanish") is not None:
        return
    own = None if writer.look.heading else switched_on(child_of(properties, "b"))
    _walk(element, writer, depth=depth, bold=bold if own is None else own)


def _visit_text(element: etree._Element, writer: _Writer, _depth: int, bold: bool) -> None:
    writer.write(element.text or "", bold=bold)


def _visit_letter(element: etree._Element, writer: _Writer, _depth: int, bold: bool) -> None:
    if etree.QName(element.getparent()).localname == "r":
        writer.write(_LETTERS[etree.QName(element).localname], bold=bold)


def _visit_break(element: etree._Element, writer: _Writer, _depth: int, _bold: bool) -> None:
    writer.end_line()
    if any(key.endswith("}type") and value == "page" for key, value in element.items()):
        writer.page += 1
        writer.lines_at_break = len(writer.lines)


def _visit_rendered_break(
    _element: etree._Element, writer: _Writer, _depth: int, _bold: bool
) -> None:
    """Word's last layout; it repeats a break that was typed just before."""
    if len(writer.lines) > writer.lines_at_break:
        writer.page += 1
        writer.lines_at_break = len(writer.lines)


def _visit_cell(element: etree._Element, writer: _Writer, depth: int, bold: bool) -> None:
    properties = child_of(element, "tcPr")
    merge = None if properties is None else child_of(properties, "vMerge")
    if merge is not None and value_of(merge) in (None, "continue"):
        return
    writer.end_line()
    _walk(element, writer, depth=depth, bold=bold)
    writer.end_line()


def _visit_alternatives(element: etree._Element, writer: _Writer, depth: int, bold: bool) -> None:
    choice = child_of(element, "Choice")
    if choice is None:
        choice = child_of(element, "Fallback")
    if choice is not None:
        _walk(choice, writer, depth=depth, bold=bold)


def _is_separator(note: etree._Element) -> bool:
    return any(key.endswith("}type") and "eparator" in value for key, value in note.items())


_VISITS: dict[str, Callable[[etree._Element, _Writer, int, bool], None]] = {
    "p": _visit_paragraph,
    "r": _visit_run,
    "t": _visit_text,
    "br": _visit_break,
    "cr": _visit_break,
    "lastRenderedPageBreak": _visit_rendered_break,
    "tc": _visit_cell,
    "txbxContent": _visit_text_box,
    "AlternateContent": _visit_alternatives,
} | dict.fromkeys(_LETTERS, _visit_letter)
