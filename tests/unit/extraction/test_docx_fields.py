from __future__ import annotations

import pytest

from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import W, docx, package, paragraph

TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f'xmlns:r="{TYPES}"'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(code: str, shown: str) -> str:
    return (
        f"{mark('begin')}<w:r><w:instrText> {code} </w:instrText></w:r>{mark('separate')}"
        f"<w:r><w:t>{shown}</w:t></w:r>{mark('end')}"
    )


def text(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def texts(body: str) -> list[str]:
    return [line.text for line in read_docx(docx(body), max_pages=5).lines]


def test_field_shows_its_result_and_not_its_code() -> None:
    link = field('HYPERLINK "https://example.org"', "example.org")
    assert texts(f"<w:p>{text('See ')}{link}</w:p>") == ["See example.org"]


@pytest.mark.parametrize(
    "footer",
    [
        f"{text('Ada Sample – Page ')}{field('PAGE', '2')}{text(' of ')}{field('NUMPAGES', '3')}",
        f'{text("Ada Sample")}<w:fldSimple w:instr=" PAGE ">{text("2")}</w:fldSimple>',
    ],
)
def test_page_numbers_are_dropped_with_the_words_around_them(footer: str) -> None:
    assert texts(f"<w:p>{footer}</w:p>") == ["Ada Sample"]


def test_word_page_stays_where_no_number_was_dropped() -> None:
    assert texts(paragraph("Designed the landing page")) == ["Designed the landing page"]


def test_field_without_an_end_hides_no_later_paragraph() -> None:
    broken = f"<w:p>{mark('begin')}<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    assert texts(broken + paragraph("Ada") + f"<w:p>{mark('end')}</w:p>") == ["Ada"]


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Wingdings", "F0A7", "▪ Led"),
        ("Symbol", "F0B7", "• Led"),
        ("Wingdings", "F028", "☎ Led"),
        ("Webdings", "F0E9", "\uf0e9 Led"),
        ("Arial", "D800", "Led"),
        ("Arial", "none", "Led"),
    ],
)
def test_symbol_is_read_as_the_letter_that_is_seen(font: str, code: str, shown: str) -> None:
    body = f'<w:p><w:r><w:sym w:font="{font}" w:char="{code}"/><w:t> Led</w:t></w:r></w:p>'
    assert texts(body) == [shown]


def test_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    joined = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{text('Led a ')}</w:p>"
    assert texts(joined + paragraph("team") + paragraph("Ada")) == ["Led a team", "Ada"]


def test_moved_text_is_read_where_it_went() -> None:
    body = (
        f"<w:p><w:moveFrom>{text('Led')}</w:moveFrom>{text('One')}</w:p>"
        f"<w:p>{text('Two ')}<w:moveTo>{text('Led')}</w:moveTo></w:p>"
    )
    assert texts(body) == ["One", "Two Led"]


@pytest.mark.parametrize(
    ("foreign", "warning"),
    [
        ("<w:altChunk/>", "inserted_document_not_read"),
        ("<w:p><w:r><w:object><OLEObject/></w:object></w:r></w:p>", "embedded_object_not_read"),
    ],
)
def test_what_is_not_read_is_reported(foreign: str, warning: str) -> None:
    reading = read_docx(docx(paragraph("Ada") + foreign), max_pages=5).reading
    assert reading.warnings == (warning,)


def headed(section: str, settings: str = "") -> list[str]:
    """Text of a document whose section refers to three headers and one footer."""
    names = {"d": "default", "f": "first", "e": "even"}
    relations = "".join(
        f'<Relationship Id="{key}" Target="{name}.xml" Type="{TYPES}/header"/>'
        for key, name in names.items()
    )
    relations += (
        f'<Relationship Id="s" Target="settings.xml" Type="{TYPES}/settings"/>'
        f'<Relationship Id="z" Target="foot.xml" Type="{TYPES}/footer"/>'
    )
    references = "".join(
        f'<w:headerReference r:id="{key}" w:type="{name}"/>' for key, name in names.items()
    )
    references += '<w:footerReference r:id="z" w:type="default"/>'
    body = f"{paragraph('Body')}<w:sectPr>{references}{section}</w:sectPr>"
    parts = {
        f"word/{name}.xml": f"<w:hdr {W}>{paragraph(name)}{paragraph('Ada')}</w:hdr>"
        for name in names.values()
    }
    parts |= {
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/foot.xml": f"<w:ftr {W}>{paragraph('Foot')}</w:ftr>",
        "word/settings.xml": f"<w:settings {W}>{settings}</w:settings>",
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>"
        ),
    }
    return [line.text for line in read_docx(package(parts), max_pages=5).lines]


def test_only_headers_that_a_page_shows_are_read_and_what_they_repeat_once() -> None:
    assert headed("") == ["default", "Ada", "Body", "Foot"]
    assert headed("<w:titlePg/>") == ["first", "Ada", "default", "Body", "Foot"]
    both = headed("<w:titlePg/>", "<w:evenAndOddHeaders/>")
    assert both == ["first", "Ada", "default", "even", "Body", "Foot"]
