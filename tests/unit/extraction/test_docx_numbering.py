from __future__ import annotations

from collections.abc import Sequence

import pytest

from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import W, docx

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="numbering.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/numbering"/></Relationships>'
)


def level(index: int, form: str, pattern: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def item(text: str, depth: int = 0, number: str = "1") -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
        f"</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def texts(items: Sequence[str], *levels: str, override: str = "") -> list[str]:
    """List 1 and list 2 count in common; ``override`` belongs to list 2."""
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="0"/>{override}</w:num></w:numbering>'
    )
    parts = {"word/_rels/document.xml.rels": RELATIONS, "word/numbering.xml": numbering}
    return [line.text for line in read_docx(docx("".join(items), parts), max_pages=5).lines]


def test_numbers_count_up_and_deeper_levels_begin_anew() -> None:
    levels = (level(0, "decimal", "%1."), level(1, "lowerLetter", "%1.%2)"))
    items = [item("A"), item("B", 1), item("C", 1), item("D"), item("E", 1)]
    assert texts(items, *levels) == ["1. A", "1.a) B", "1.b) C", "2. D", "2.a) E"]


@pytest.mark.parametrize(
    ("form", "start", "label"),
    [
        ("decimal", 4, "4."),
        ("decimalZero", 4, "04."),
        ("upperRoman", 1994, "MCMXCIV."),
        ("lowerRoman", 0, "0."),
        ("lowerLetter", 28, "bb."),
        ("upperLetter", 2, "B."),
        ("lowerLetter", 99_999_999, "99999999."),
        ("cardinalText", 7, "7."),
    ],
)
def test_number_is_written_in_its_form(form: str, start: int, label: str) -> None:
    assert texts([item("A")], level(0, form, "%1.", start=start)) == [f"{label} A"]


@pytest.mark.parametrize(
    ("sign", "label"), [("•", "• "), ("–", "– "), ("o", "• "), ("\uf0b7", "• "), ("\uf0a7", "• ")]
)
def test_letters_of_symbol_fonts_become_a_bullet(sign: str, label: str) -> None:
    assert texts([item("Led")], level(0, "bullet", sign)) == [f"{label}Led"]


def test_list_without_labels_shows_none() -> None:
    assert texts([item("Led")], level(0, "none", "")) == ["Led"]


def test_second_list_of_a_family_goes_on_unless_it_begins_anew() -> None:
    items = [item("A"), item("B"), item("C", number="2"), item("D", number="2")]
    simple = level(0, "decimal", "%1.")
    assert texts(items, simple) == ["1. A", "2. B", "3. C", "4. D"]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    assert texts(items, simple, override=anew) == ["1. A", "2. B", "5. C", "6. D"]


def test_legal_numbering_writes_every_level_in_digits() -> None:
    levels = (
        level(0, "upperRoman", "%1."),
        level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
    )
    assert texts([item("A"), item("B", 1)], *levels) == ["I. A", "1.1 B"]


def test_unknown_list_and_unknown_level_show_a_bullet() -> None:
    simple = level(0, "decimal", "%1.")
    assert texts([item("A", number="9"), item("B", 5)], simple) == ["• A", "• B"]
