"""Resumes of invented people as PDF and DOCX; the same call gives the same bytes.

Documents that a service must refuse are made in ``tests/bad_documents.py``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import _Cell
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from tests.people import PEOPLE, Job, Person, Study

__all__ = [
    "PEOPLE",
    "DocxLayout",
    "Job",
    "Person",
    "Study",
    "resume_docx",
    "resume_pdf",
    "resume_text",
    "zipped",
]

DocxLayout = Literal["plain", "table", "header_footer", "text_box"]
Style = Literal["name", "title", "heading", "entry", "body", "bullet"]
Block = tuple[Style, str]

FIXED_TIME = (2024, 1, 2, 3, 4, 6)
FONTS: dict[Style, tuple[str, float]] = {
    "name": ("Helvetica-Bold", 18),
    "title": ("Helvetica", 13),
    "heading": ("Helvetica-Bold", 12),
    "entry": ("Helvetica-Bold", 10),
    "body": ("Helvetica", 10),
    "bullet": ("Helvetica", 10),
}


def resume_text(person: Person) -> str:
    """The words of the resume in the order of its one-column PDF, a block a line."""
    blocks = (*_top(person), *_contact(person), *_main(person), *_side(person))
    return "\n".join(text for _, text in blocks)


def resume_pdf(person: Person, columns: Literal[1, 2] = 1) -> bytes:
    """A letter page. With two columns, contact and skills stand in a narrow one on the left."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=LETTER, invariant=1)
    canvas.setTitle(f"Resume {person.name}")
    if columns == 1:
        page = _Column(canvas, x=54, width=504)
        page.write((*_top(person), *_contact(person), *_main(person), *_side(person)))
    else:
        _Column(canvas, x=54, width=504).write(_top(person))
        _Column(canvas, x=244, width=326, top=690).write(_main(person))
        side = (("heading", "Contact"), *_contact(person), *_side(person))
        _Column(canvas, x=54, width=166, top=690).write(side)
    canvas.save()
    return buffer.getvalue()


def resume_docx(person: Person, layout: DocxLayout = "plain") -> bytes:
    """``header_footer`` hides name and contact in the header and languages in the footer;
    ``table`` puts contact and skills in a left cell; ``text_box`` puts contact in a text box
    written as Word does, once as DrawingML and once more as its VML fallback.
    """
    word = docx.Document()
    word.core_properties.author = ""
    word.core_properties.created = datetime(*FIXED_TIME)  # noqa: DTZ001 - OPC wants it naive
    word.core_properties.modified = datetime(*FIXED_TIME)  # noqa: DTZ001 - OPC wants it naive
    _FILL[layout](word, person)
    buffer = io.BytesIO()
    word.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def zipped(members: dict[str, bytes]) -> bytes:
    """A deflated zip with a fixed time in each member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, date_time=FIXED_TIME)
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _top(person: Person) -> tuple[Block, ...]:
    return (("name", person.name), ("title", person.title))


def _contact(person: Person) -> tuple[Block, ...]:
    lines = (person.email, person.phone, person.place, person.link)
    return tuple(("body", line) for line in lines)


def _main(person: Person) -> tuple[Block, ...]:
    return (
        ("heading", "Summary"),
        ("body", person.summary),
        ("heading", "Work Experience"),
        *(block for job in person.jobs for block in _job(job)),
        ("heading", "Education"),
        *(block for study in person.studies for block in _study(study)),
    )


def _side(person: Person) -> tuple[Block, ...]:
    return (
        ("heading", "Skills"),
        *_bullets(person.skills),
        ("heading", "Certifications"),
        *_bullets(person.certificates),
        ("heading", "Languages"),
        ("body", ", ".join(person.languages)),
    )


def _job(job: Job) -> Iterator[Block]:
    yield "entry", job.position
    yield "body", f"{job.employer}, {job.place} | {job.start} - {job.end}"
    yield from _bullets(job.highlights)


def _study(study: Study) -> Iterator[Block]:
    yield "entry", study.degree
    yield "body", f"{study.school} | {study.years}"


def _bullets(texts: tuple[str, ...]) -> tuple[Block, ...]:
    return tuple(("bullet", text) for text in texts)


@dataclass
class _Column:
    """Writes downward from ``top``, in points from the page's foot; goes on to a new page."""

    canvas: Canvas
    x: float
    width: float
    top: float = 738

    def write(self, blocks: tuple[Block, ...]) -> None:
        for style, text in blocks:
            font, size = FONTS[style]
            if style in {"heading", "entry"}:
                self.top -= size * 0.5
            shown = f"• {text}" if style == "bullet" else text
            for line in simpleSplit(shown, font, size, self.width):
                self._write_line(line, font, size)

    def _write_line(self, line: str, font: str, size: float) -> None:
        if self.top < 54:
            self.canvas.showPage()
            self.top = 738
        self.canvas.setFont(font, size)
        self.canvas.drawString(self.x, self.top, line)
        self.top -= size * 1.25


def _fill_plain(word: WordDocument, person: Person) -> None:
    _add(word, (*_top(person), *_contact(person), *_main(person), *_side(person)))


def _fill_table(word: WordDocument, person: Person) -> None:
    _add(word, _top(person))
    left, right = word.add_table(rows=1, cols=2).rows[0].cells
    _add(left, (*_contact(person), *_side(person)))
    _add(right, _main(person))


def _fill_header_footer(word: WordDocument, person: Person) -> None:
    section = word.sections[0]
    section.header.paragraphs[0].text = person.name
    for _, text in _contact(person):
        section.header.add_paragraph(text)
    _add(word, (("title", person.title), *_main(person), *_side(person)[:-2]))
    section.footer.paragraphs[0].text = "Languages: " + ", ".join(person.languages)


def _fill_text_box(word: WordDocument, person: Person) -> None:
    _add(word, _top(person))
    word.add_paragraph()._p.append(_text_box([text for _, text in _contact(person)]))
    _add(word, (*_main(person), *_side(person)))


_FILL = {
    "plain": _fill_plain,
    "table": _fill_table,
    "header_footer": _fill_header_footer,
    "text_box": _fill_text_box,
}
_WORD_STYLES: dict[Style, str] = {
    "name": "Title",
    "title": "Subtitle",
    "heading": "Heading 1",
    "entry": "Heading 2",
    "body": "Normal",
    "bullet": "List Bullet",
}


def _add(place: WordDocument | _Cell, blocks: tuple[Block, ...]) -> None:
    for style, text in blocks:
        place.add_paragraph(text, style=_WORD_STYLES[style])


def _text_box(lines: list[str]) -> object:
    content = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    return parse_xml(
        f"""<w:r {nsdecls("w", "wp", "a")}
        xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
        xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
        xmlns:v="urn:schemas-microsoft-com:vml">
      <mc:AlternateContent>
        <mc:Choice Requires="wps"><w:drawing>
          <wp:inline><wp:extent cx="3000000" cy="1000000"/><wp:docPr id="1" name="Text Box 1"/>
            <a:graphic><a:graphicData
                uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
              <wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr/>
                <wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr/>
              </wps:wsp>
            </a:graphicData></a:graphic>
          </wp:inline>
        </w:drawing></mc:Choice>
        <mc:Fallback><w:pict><v:shape style="width:236pt;height:79pt">
          <v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox>
        </v:shape></w:pict></mc:Fallback>
      </mc:AlternateContent>
    </w:r>"""
    )
