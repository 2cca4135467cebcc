from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document as WordDocument

from ml_service.domain.document import ExtractedText
from ml_service.domain.errors import Corrupt, EmptyDocument, NoTextLayer, ParseMemory, TooManyPages
from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import MC, W, docx, package, paragraph

DEEP = 5_000


def read(content: bytes, *, max_pages: int = 5) -> ExtractedText:
    return read_docx(content, max_pages=max_pages)


def texts(content: bytes) -> list[str]:
    return [line.text for line in read(content).lines]


def word_document() -> bytes:
    document = WordDocument()
    document.sections[0].header.paragraphs[0].text = "Ada Lovelace"
    document.sections[0].footer.paragraphs[0].text = "Page one"
    document.add_heading("Experience", level=1)
    table = document.add_table(rows=2, cols=2)
    for index, text in enumerate(("1842", "Analyst", "1840", "Assistant")):
        table.cell(index // 2, index % 2).text = text
    inner = table.cell(1, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "Tables of the moon"
    document.add_paragraph("After the table").add_run(" in bold").bold = True
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def text_box(text: str) -> str:
    return f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"


def test_headers_come_first_tables_row_by_row_and_footers_last() -> None:
    assert texts(word_document()) == [
        "Ada Lovelace",
        "Experience",
        "1842",
        "Analyst",
        "1840",
        "Assistant",
        "Tables of the moon",
        "After the table in bold",
        "Page one",
    ]


def test_text_box_with_a_fallback_comes_once() -> None:
    both = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{text_box('Contact')}</mc:Choice>"
        f"<mc:Fallback>{text_box('Contact')}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>Summary</w:t></w:r></w:p>"
    )
    assert texts(docx(both)) == ["Summary", "Contact"]


WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


def floating_box(text: str, *, width_in: float, height_in: float) -> str:
    extent = f'<wp:extent cx="{round(width_in * 914_400)}" cy="{round(height_in * 914_400)}"/>'
    anchor = f"<wp:anchor {WP}>{extent}{text_box(text)}</wp:anchor>"
    return f"<w:p><w:r><w:drawing>{anchor}</w:drawing></w:r></w:p>"


def test_a_tall_box_beside_the_text_is_a_column_after_it() -> None:
    rail = floating_box("Contact", width_in=2, height_in=9)
    read_lines = read(docx(f"{rail}{paragraph('Ada Lovelace')}{paragraph('Summary')}")).lines

    assert [(line.text, line.column) for line in read_lines] == [
        ("Ada Lovelace", 0),
        ("Summary", 0),
        ("Contact", 1),
    ]


def test_a_flat_box_is_read_where_it_is_anchored() -> None:
    banner = floating_box("Ada Lovelace", width_in=6, height_in=1)

    assert texts(docx(f"{banner}{paragraph('Summary')}")) == ["Ada Lovelace", "Summary"]


def test_tracked_changes_are_read_as_accepted() -> None:
    changed = (
        "<w:p><w:r><w:t>Led </w:t></w:r><w:del><w:r><w:delText>two</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>four</w:t></w:r></w:ins><w:r><w:t> people</w:t></w:r></w:p>"
    )
    assert texts(docx(changed)) == ["Led four people"]


def test_content_controls_hyperlinks_tabs_and_breaks_are_read() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('Ada')}</w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>ada@example.org</w:t></w:r></w:hyperlink>"
        "<w:r><w:tab/><w:t>London</w:t><w:br/><w:t>England</w:t></w:r></w:p>"
    )
    assert texts(docx(body)) == ["Ada", "ada@example.org London", "England"]


def test_vertically_merged_cells_come_once() -> None:
    def cell(text: str, merge: str) -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(text)}</w:tc>"

    rows = "".join(
        f"<w:tr>{cell('Skills', merge)}{cell(skill, '')}</w:tr>"
        for merge, skill in (('<w:vMerge w:val="restart"/>', "SQL"), ("<w:vMerge/>", "Python"))
    )
    assert texts(docx(f"<w:tbl>{rows}</w:tbl>")) == ["Skills", "SQL", "Python"]


def test_footnotes_come_after_the_body() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    note = f"<w:footnotes {W}><w:footnote>{paragraph('With honours')}</w:footnote></w:footnotes>"
    parts = {"word/_rels/document.xml.rels": relations, "word/footnotes.xml": note}
    assert texts(docx(paragraph("Degree"), parts)) == ["Degree", "With honours"]


def test_page_breaks_count_pages_and_are_limited() -> None:
    body = paragraph("One") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + paragraph("Two")
    text = read(docx(body))
    assert [(line.text, line.page, line.box) for line in text.lines] == [
        ("One", 1, None),
        ("Two", 2, None),
    ]
    assert text.n_pages == 2
    with pytest.raises(TooManyPages):
        read(docx(body), max_pages=1)


def test_bold_paragraph_is_marked() -> None:
    body = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Experience</w:t></w:r></w:p>" + paragraph("Led")
    assert [line.bold for line in read(docx(body)).lines] == [True, False]


def test_entities_are_not_resolved() -> None:
    document = (
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "inside">]>'
        f"<w:document {W} {MC}><w:body><w:p><w:r><w:t>A&x;&y;B</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    assert texts(package({"word/document.xml": document})) == ["A"]


def test_document_without_text_is_empty_and_with_pictures_has_no_text_layer() -> None:
    with pytest.raises(EmptyDocument):
        read(docx("<w:p/>"))
    with pytest.raises(NoTextLayer):
        read(docx("<w:p/>", {"word/media/scan.png": "x"}))


@pytest.mark.parametrize("body", ["<w:p/>" * 200_000, paragraph("x" * 50_000_000)])
def test_bombs_are_refused_before_they_are_parsed(body: str) -> None:
    with pytest.raises(ParseMemory):
        read(docx(body))


def test_too_many_members_are_corrupt() -> None:
    with pytest.raises(Corrupt):
        read(docx(paragraph("Ada"), {f"word/x{i}.xml": "" for i in range(2_100)}))


def test_bottomless_nesting_is_corrupt() -> None:
    with pytest.raises(Corrupt):
        read(docx("<w:tbl>" * DEEP + "</w:tbl>" * DEEP))


def test_member_that_lies_about_its_size_is_not_unpacked_beyond_it() -> None:
    content = bytearray(docx(paragraph("Ada " * 1000)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lied = bytes(content).replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Corrupt):
        read(lied)


def test_broken_xml_is_corrupt_without_the_parsers_words() -> None:
    with pytest.raises(Corrupt) as refused:
        read(package({"word/document.xml": "<w:document><w:body>"}))
    assert refused.value.message == Corrupt.default_message


def test_names_that_point_elsewhere_do_no_harm() -> None:
    assert texts(docx(paragraph("Ada"), {"../../../../tmp/owned.txt": "x"})) == ["Ada"]
