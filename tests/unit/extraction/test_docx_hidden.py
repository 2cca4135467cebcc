from __future__ import annotations

import pytest

from ml_service.domain.document import ExtractedText, HiddenText
from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import W, docx, paragraph

WHITE = '<w:color w:val="FFFFFF"/>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Target="styles.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/styles"/></Relationships>'
)


def run(text: str, properties: str) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def read(body: str, styles: str = "") -> ExtractedText:
    sheet = f"<w:styles {W}>{styles}</w:styles>"
    parts = {"word/_rels/document.xml.rels": RELATIONS, "word/styles.xml": sheet}
    return read_docx(docx(paragraph("Ada") + body, parts), max_pages=5)


def is_hidden(body: str, styles: str = "") -> bool:
    """Whether the word that was added is left out and reported; it is never only one of them."""
    text = read(body, styles)
    reported = "hidden_text:1" in text.reading.warnings
    assert reported == ("Python" not in " ".join(line.text for line in text.lines))
    assert [hidden.text for hidden in text.hidden] == ["Python"] * reported
    return reported


@pytest.mark.parametrize(
    ("properties", "hidden"),
    [
        ("<w:vanish/>", True),
        ('<w:vanish w:val="0"/>', False),
        (WHITE, True),
        ('<w:color w:val="FAFAFA"/>', True),
        ('<w:color w:val="auto"/>', False),
        ('<w:color w:val="C0C0C0"/>', False),
        (f'{WHITE}<w:shd w:fill="1F3864"/>', False),
        (f'{WHITE}<w:highlight w:val="blue"/>', False),
        ('<w:color w:val="000000"/><w:shd w:fill="000000"/>', True),
        ('<w:sz w:val="2"/>', True),
        ('<w:sz w:val="12"/>', False),
    ],
)
def test_runs_that_nobody_sees_are_left_out_and_reported(properties: str, *, hidden: bool) -> None:
    assert is_hidden(f"<w:p>{run('Python', properties)}</w:p>") is hidden


def test_rest_of_the_paragraph_stays() -> None:
    text = read(f"<w:p>{run('SQL', '')}{run(' Python', '<w:vanish/>')}{run(' Java', '')}</w:p>")
    assert [line.text for line in text.lines] == ["Ada", "SQL Java"]
    assert text.hidden == (HiddenText(1, None, "Python", "invisible"),)


@pytest.mark.parametrize(
    "body",
    [
        f'<w:p><w:pPr><w:shd w:fill="222222"/></w:pPr>{run("Python", WHITE)}</w:p>',
        (
            '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="222222"/></w:tcPr>'
            f"<w:p>{run('Python', WHITE)}</w:p></w:tc></w:tr></w:tbl>"
        ),
        (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr><w:tr><w:tc>'
            f"<w:p>{run('Python', WHITE)}</w:p></w:tc></w:tr></w:tbl>"
        ),
        f"<w:p><w:r><w:txbxContent><w:p>{run('Python', WHITE)}</w:p></w:txbxContent></w:r></w:p>",
        (
            '<w:p><w:r><w:drawing><w:anchor behindDoc="1"/></w:drawing></w:r>'
            f"{run('Python', WHITE)}</w:p>"
        ),
    ],
)
def test_white_text_on_a_ground_that_may_be_dark_is_read(body: str) -> None:
    assert not is_hidden(body)


def test_ground_ends_with_its_cell() -> None:
    dark = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill="222222"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    )
    assert is_hidden(f"{dark}<w:p>{run('Python', WHITE)}</w:p>")


@pytest.mark.parametrize("kind", ["paragraph", "character"])
def test_style_hides_and_a_run_has_the_last_word(kind: str) -> None:
    style = (
        f'<w:style w:type="{kind}" w:styleId="Ghost"><w:rPr><w:vanish/></w:rPr></w:style>'
        f'<w:style w:type="{kind}" w:styleId="Child"><w:basedOn w:val="Ghost"/></w:style>'
    )
    in_run = '<w:rStyle w:val="Child"/>' if kind == "character" else ""
    of_paragraph = '<w:pStyle w:val="Child"/>' if kind == "paragraph" else ""

    def styled(more: str) -> str:
        return f"<w:p><w:pPr>{of_paragraph}</w:pPr>{run('Python', in_run + more)}</w:p>"

    assert is_hidden(styled(""), style)
    assert not is_hidden(styled('<w:vanish w:val="0"/>'), style)


def test_mark_of_a_paragraph_hides_none_of_its_text() -> None:
    body = f"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>{run('Python', '')}</w:p>"
    assert not is_hidden(body)
