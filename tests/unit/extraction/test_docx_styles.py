from __future__ import annotations

import io

import pytest
from docx import Document as WordDocument

from ml_service.domain.document import Line
from ml_service.domain.errors import Corrupt, ParseMemory
from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import W, docx

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="styles.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/styles"/></Relationships>'
)
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
SWITCHED_OFF = '<w:numPr><w:numId w:val="0"/></w:numPr>'


def lines(body: str, *styles: str) -> tuple[Line, ...]:
    sheet = f"<w:styles {W}>{''.join(styles)}</w:styles>"
    parts = {"word/_rels/document.xml.rels": RELATIONS, "word/styles.xml": sheet}
    return read_docx(docx(body, parts), max_pages=5).lines


def texts(body: str, *styles: str) -> list[str]:
    return [line.text for line in lines(body, *styles)]


def style(
    identity: str, *, paragraph: str = "", run: str = "", based_on: str = "", name: str = ""
) -> str:
    default = ' w:default="1"' if identity == "Default" else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"{default}>'
        f'<w:name w:val="{name or identity}"/><w:basedOn w:val="{based_on}"/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def paragraph(text: str, *, styled: str = "", own: str = "", run: str = "") -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{styled}"/>{own}</w:pPr>'
        f"<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )


def test_numbered_paragraph_begins_with_the_bullet_that_a_person_sees() -> None:
    body = paragraph("Led a team", own=NUMBERED) + paragraph("Plain")
    assert texts(body) == ["• Led a team", "Plain"]


def test_list_style_is_inherited_and_can_be_switched_off() -> None:
    styles = (
        style("List", paragraph=NUMBERED),
        style("Sub", based_on="List"),
        style("Off", based_on="Sub", paragraph=SWITCHED_OFF),
    )
    body = (
        paragraph("One", styled="List")
        + paragraph("Two", styled="Sub")
        + paragraph("Three", styled="Off")
        + paragraph("Four", styled="Sub", own=SWITCHED_OFF)
        + paragraph("Five", styled="Off", own=NUMBERED)
    )
    assert texts(body, *styles) == ["• One", "• Two", "Three", "Four", "• Five"]


@pytest.mark.parametrize("typed", ["• Led", "- Led", "● Led", "\uf0b7 Led"])
def test_bullet_that_was_typed_is_not_doubled(typed: str) -> None:
    assert texts(paragraph(typed, own=NUMBERED)) == [typed]


def test_only_the_first_line_of_a_list_paragraph_gets_the_bullet() -> None:
    broken = f"<w:p><w:pPr>{NUMBERED}</w:pPr><w:r><w:t>Led</w:t><w:br/><w:t>Built</w:t></w:r></w:p>"
    assert texts(broken + paragraph("Plain")) == ["• Led", "Built", "Plain"]


def test_text_box_beside_a_list_paragraph_is_no_item_of_the_list() -> None:
    box = f"<w:txbxContent>{paragraph('Contact')}</w:txbxContent>"
    body = f"<w:p><w:pPr>{NUMBERED}</w:pPr><w:r>{box}</w:r></w:p>"
    assert texts(body) == ["Contact"]


def test_empty_item_of_a_list_is_no_line() -> None:
    assert texts(paragraph("", own=NUMBERED) + paragraph("Plain")) == ["Plain"]


def test_former_numbering_of_a_tracked_change_is_not_read() -> None:
    former = f"<w:pPrChange><w:pPr>{NUMBERED}</w:pPr></w:pPrChange>"
    assert texts(paragraph("Plain", own=former)) == ["Plain"]


def test_bold_style_is_inherited_and_a_run_has_the_last_word() -> None:
    styles = (style("Strong", run="<w:b/>"), style("Role", based_on="Strong"))
    body = (
        paragraph("One", styled="Role")
        + paragraph("Two", styled="Role", run='<w:b w:val="0"/>')
        + paragraph("Three", run="<w:b/>")
        + paragraph("Four")
    )
    assert [line.bold for line in lines(body, *styles)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (style("Tested", name="heading 1"), True),
        (style("Tested", name="Title"), True),
        (style("Tested", paragraph='<w:outlineLvl w:val="0"/>'), True),
        (style("Tested", paragraph='<w:outlineLvl w:val="9"/>'), False),
        (style("Tested", name="heading for notes"), False),
        (style("Tested", run='<w:b w:val="false"/>'), False),
    ],
)
def test_heading_styles_stand_out_as_bold(made: str, *, expected: bool) -> None:
    (line,) = lines(paragraph("Experience", styled="Tested"), made)
    assert line.bold is expected


def test_heading_stands_out_even_where_its_run_is_light() -> None:
    body = paragraph("Experience", styled="H", run='<w:b w:val="0"/>')
    assert lines(body, style("H", name="heading 1"))[0].bold


def test_numbered_heading_is_no_item_of_a_list() -> None:
    heading = style("H", name="heading 1", paragraph=NUMBERED)
    assert texts(paragraph("Experience", styled="H"), heading) == ["Experience"]


def test_default_style_counts_where_none_is_named() -> None:
    default = style("Default", paragraph=NUMBERED, run="<w:b/>")
    found = lines("<w:p><w:r><w:t>Led</w:t></w:r></w:p>", default)
    assert [(line.text, line.bold) for line in found] == [("• Led", True)]


def test_styles_based_on_each_other_in_a_circle_come_to_an_end() -> None:
    styles = (style("A", based_on="B", paragraph=NUMBERED), style("B", based_on="A"))
    assert texts(paragraph("Led", styled="B"), *styles) == ["• Led"]


def test_unknown_style_and_missing_styles_say_nothing() -> None:
    body = paragraph("Led", styled="Nowhere")
    assert texts(body) == ["Led"]
    assert [line.text for line in read_docx(docx(body), max_pages=5).lines] == ["Led"]


def test_list_bullet_of_word_itself_is_read() -> None:
    document = WordDocument()
    document.add_heading("Experience", level=1)
    document.add_paragraph("Led a team", style="List Bullet")
    document.add_paragraph("Built a house", style="List Number")
    target = io.BytesIO()
    document.save(target)
    found = read_docx(target.getvalue(), max_pages=5).lines
    assert [(line.text, line.bold) for line in found] == [
        ("Experience", True),
        ("• Led a team", False),
        ("1. Built a house", False),
    ]


def test_broken_styles_are_corrupt() -> None:
    parts = {"word/_rels/document.xml.rels": RELATIONS, "word/styles.xml": "<w:styles>"}
    with pytest.raises(Corrupt):
        read_docx(docx(paragraph("Ada"), parts), max_pages=5)


def test_bomb_of_styles_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ParseMemory):
        lines(paragraph("Ada"), "<w:x/>" * 2_100_000)
