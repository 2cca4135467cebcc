from __future__ import annotations

from ml_service.extraction.docx.document import read_docx
from tests.unit.extraction.made import docx, paragraph

RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"


def cell(*texts: str, merge: str = "") -> str:
    return f"<w:tc><w:tcPr>{merge}</w:tcPr>{''.join(map(paragraph, texts))}</w:tc>"


def row(*cells: str, change: str = "") -> str:
    return f"<w:tr><w:trPr>{change}</w:trPr>{''.join(cells)}</w:tr>"


def read(*rows: str) -> tuple[list[tuple[str, int]], int]:
    text = read_docx(docx(f"<w:tbl>{''.join(rows)}</w:tbl>"), max_pages=5)
    return [(line.text, line.column) for line in text.lines], text.reading.columns


LEFT, RIGHT = ("Phone", "Mail", "City"), ("Led", "Built", "Sold")


def test_two_blocks_beside_each_other_are_columns() -> None:
    lines, columns = read(row(cell(*LEFT), cell(*RIGHT)))
    assert lines == [(text, 0) for text in LEFT] + [(text, 1) for text in RIGHT]
    assert columns == 2


def test_headings_in_a_row_of_their_own_stay_with_their_blocks() -> None:
    lines, _ = read(row(cell("Contact"), cell("Work")), row(cell(*LEFT), cell(*RIGHT)))
    assert [text for text, _ in lines] == ["Contact", *LEFT, "Work", *RIGHT]


def test_name_across_the_page_comes_before_both_columns() -> None:
    lines, columns = read(row(cell("Ada Sample")), row(cell(*LEFT), cell(*RIGHT)))
    assert [text for text, _ in lines] == ["Ada Sample", *LEFT, *RIGHT]
    assert columns == 2


def test_dates_beside_jobs_are_read_row_by_row() -> None:
    lines, columns = read(row(cell("2019"), cell(*LEFT)), row(cell("2020"), cell(*RIGHT)))
    assert lines == [(text, 0) for text in ("2019", *LEFT, "2020", *RIGHT)]
    assert columns == 1


def test_several_rows_of_blocks_are_pieces_of_their_own() -> None:
    lines, columns = read(
        row(cell("2019", "London", "Full time"), cell(*LEFT)),
        row(cell("2020", "Paris", "Part time"), cell(*RIGHT)),
    )
    assert [text for text, _ in lines][:6] == ["2019", "London", "Full time", *LEFT]
    assert columns == 1


def test_merged_side_bar_is_read_before_what_stands_beside_it() -> None:
    lines, columns = read(
        row(cell("Led", "Built"), cell(*LEFT, merge=RESTART)),
        row(cell("Sold"), cell("", merge=CONTINUE)),
    )
    assert [text for text, _ in lines] == ["Led", "Built", "Sold", *LEFT]
    assert columns == 2


def test_deleted_row_is_not_read() -> None:
    lines, _ = read(row(cell("Old"), change="<w:del/>"), row(cell("New"), change="<w:ins/>"))
    assert [text for text, _ in lines] == ["New"]


def test_cells_and_rows_in_content_controls_are_read() -> None:
    controlled = f"<w:sdt><w:sdtContent>{cell('SQL')}</w:sdtContent></w:sdt>"
    whole = f"<w:sdt><w:sdtContent>{row(cell('Python'))}</w:sdtContent></w:sdt>"
    lines, _ = read(row(cell("Skills"), controlled), whole)
    assert [text for text, _ in lines] == ["Skills", "SQL", "Python"]


def test_columns_of_a_section_begin_at_their_breaks() -> None:
    section = '<w:sectPr><w:cols w:num="2"/></w:sectPr>'
    broken = '<w:p><w:r><w:br w:type="column"/></w:r></w:p>'
    text = read_docx(docx(paragraph("Left") + broken + paragraph("Right") + section), max_pages=5)
    assert [(line.text, line.column) for line in text.lines] == [("Left", 0), ("Right", 1)]
    assert text.reading.columns == 2
