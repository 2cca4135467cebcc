"""Pages as DOCX: plain paragraphs, a table for columns, the columns of a section, text boxes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tests.documents import FIXED_TIME, zipped
from tests.resume_factory.pages import Block, BlockKind, Page

Technique = Literal["paragraphs", "table", "section_columns", "text_box"]
Place = WordDocument | _Cell

_LINE_PT, _MARGIN_PT = 516.0, 48.0
_EMU_A_POINT = 12_700
_RAIL_PT = 6.8
_STYLES: dict[BlockKind, str] = {
    "name": "Title",
    "headline": "Subtitle",
    "heading": "Heading 1",
    "head": "Heading 2",
    "subhead": "Normal",
    "text": "Normal",
    "bullet": "List Bullet",
}
_SIZES: dict[str, float] = {
    "Title": 20,
    "Subtitle": 12,
    "Heading 1": 12,
    "Heading 2": 9.5,
    "Normal": 9.5,
    "List Bullet": 9.5,
}


def docx_of(page: Page, *, technique: Technique) -> bytes:
    word = _blank(narrow=page.n_columns > 2)
    _write(word, page.top, width=_LINE_PT)
    _TECHNIQUES[technique](word, page)
    buffer = io.BytesIO()
    word.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def _blank(*, narrow: bool) -> WordDocument:
    word = docx.Document()
    word.core_properties.author = ""
    word.core_properties.created = datetime(*FIXED_TIME)  # noqa: DTZ001 - OPC wants it naive
    word.core_properties.modified = datetime(*FIXED_TIME)  # noqa: DTZ001 - OPC wants it naive
    section = word.sections[0]
    section.page_width, section.page_height = Pt(612), Pt(792)
    section.left_margin = section.right_margin = Pt(_MARGIN_PT)
    section.top_margin = section.bottom_margin = Pt(_MARGIN_PT)
    for name, size in _SIZES.items():
        style = word.styles[name]
        style.font.size = Pt(size * (0.88 if narrow else 1))
        style.font.name = "DejaVu Sans"
        style.paragraph_format.space_after = Pt(2)
    return word


def _paragraphs(word: WordDocument, page: Page) -> None:
    for blocks in page.columns:
        _write(word, blocks, width=_LINE_PT)


def _table(word: WordDocument, page: Page) -> None:
    table = word.add_table(rows=1, cols=len(page.columns))
    table.autofit = False
    for column, share in zip(table.columns, page.widths, strict=True):
        column.width = Pt(_LINE_PT * share)  # LibreOffice goes by the grid, Word by the cells
    for cell, blocks, share in zip(table.rows[0].cells, page.columns, page.widths, strict=True):
        cell.width = Pt(_LINE_PT * share)
        written = _write(cell, blocks, width=_LINE_PT * share - 12)
        if share < 1 / 3:
            _make_small(written)


def _make_small(paragraphs: Iterable[Paragraph]) -> None:
    """So that an e-mail address stays on one line of a rail, as its writer would see to."""
    for paragraph in paragraphs:
        if paragraph.style is not None and paragraph.style.name == "Normal":
            for run in paragraph.runs:
                run.font.size = Pt(_RAIL_PT)


def _section_columns(word: WordDocument, page: Page) -> None:
    """The top keeps its own section; below it the text flows through equal columns."""
    section = word.add_section(WD_SECTION.CONTINUOUS)
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        section._sectPr.append(columns)
    columns.set(qn("w:num"), str(page.flows_in))
    columns.set(qn("w:space"), "360")
    width = (_LINE_PT - 18 * (page.flows_in - 1)) / page.flows_in
    for blocks in page.columns:
        _write(word, blocks, width=width)
    last = word.add_section(WD_SECTION.CONTINUOUS)  # what ends in a break is balanced
    last._sectPr.find(qn("w:cols")).set(qn("w:num"), "1")


def _text_box(word: WordDocument, page: Page) -> None:
    """The narrow column in a text box at the right edge, the wide one indented beside it."""
    main, rail = page.columns
    width = _LINE_PT * page.widths[1]
    word.add_paragraph()._p.append(_anchored(rail, width=width))
    for paragraph in _write(word, main, width=_LINE_PT - width - 12):
        paragraph.paragraph_format.right_indent = Pt(width + 12)


_TECHNIQUES: dict[Technique, Callable[[WordDocument, Page], None]] = {
    "paragraphs": _paragraphs,
    "table": _table,
    "section_columns": _section_columns,
    "text_box": _text_box,
}


def _write(place: Place, blocks: Iterable[Block], *, width: float) -> list[Paragraph]:
    return [_paragraph(place, block, width=width) for block in blocks]


def _paragraph(place: Place, block: Block, *, width: float) -> Paragraph:
    """What stands right goes behind a tab to the edge, or on a line below where it is narrow."""
    paragraph = place.add_paragraph(style=_STYLES[block.kind])
    run = paragraph.add_run(block.text)
    run.italic = True if block.kind == "subhead" else None
    if block.first or block.kind in {"head", "subhead"}:
        paragraph.paragraph_format.space_before = Pt(6 if block.first else 0)
        paragraph.paragraph_format.keep_with_next = True
    if block.right and len(block.text + block.right) * 6.3 > width:
        place.add_paragraph(block.right, style="Normal")
    elif block.right:
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Pt(width), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"\t{block.right}")
    return paragraph


def _anchored(blocks: Iterable[Block], *, width: float) -> object:
    content = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{_STYLES[block.kind].replace(" ", "")}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(block.text)}</w:t></w:r></w:p>'
        for block in blocks
    )
    extent = f'cx="{int(width * _EMU_A_POINT)}" cy="{640 * _EMU_A_POINT}"'
    return parse_xml(
        f"""<w:r {nsdecls("w", "wp", "a")}
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
      <mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
        <wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2"
            behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">
          <wp:simplePos x="0" y="0"/>
          <wp:positionH relativeFrom="margin"><wp:align>right</wp:align></wp:positionH>
          <wp:positionV relativeFrom="margin"><wp:align>top</wp:align></wp:positionV>
          <wp:extent {extent}/><wp:wrapNone/><wp:docPr id="1" name="Text Box 1"/>
          <a:graphic><a:graphicData
              uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
            <wps:wsp><wps:cNvSpPr txBox="1"/>
              <wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>
                <a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>
              <wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>
              <wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"/>
            </wps:wsp></a:graphicData></a:graphic>
        </wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>
    </w:r>"""
    )
