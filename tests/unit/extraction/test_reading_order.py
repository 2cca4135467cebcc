from __future__ import annotations

from ml_service.domain.document import ExtractedText
from ml_service.extraction.pdf.document import read_pdf
from tests.unit.extraction import made

SIDEBAR = ["Skills", "Python and SQL", "Statistics", "Languages", "French", "English"]
MAIN = [
    "Experience",
    "Analyst at the Engine Works in London",
    "Wrote the first programs for the engine",
    "Taught four colleagues to use them well",
    "Assistant at the Royal Observatory",
    "Reduced tables of lunar distances by hand",
]


def read(*placed: made.Placed) -> ExtractedText:
    return read_pdf(made.pdf(placed), max_pages=9, second_reading_s=5)


def texts(text: ExtractedText) -> list[str]:
    return [line.text for line in text.lines]


def columns(*, drawn_by_row: bool) -> ExtractedText:
    left = [(50.0, 120 + 20 * i, line) for i, line in enumerate(SIDEBAR)]
    right = [(240.0, 126 + 16 * i, line) for i, line in enumerate(MAIN)]
    body = sorted(left + right, key=lambda p: p[1]) if drawn_by_row else left + right
    return read((50, 60, "Ada Lovelace, analyst of engines, 12 Example Street, Sampletown"), *body)


def test_sidebar_is_read_before_the_main_column() -> None:
    text = columns(drawn_by_row=False)
    assert texts(text)[1:] == SIDEBAR + MAIN
    assert [line.column for line in text.lines] == [0] * 7 + [1] * 6
    assert text.reading.columns == 2
    assert text.reading.agreement is None


def test_order_holds_when_the_file_draws_row_by_row_and_says_that_it_doubts() -> None:
    text = columns(drawn_by_row=True)
    assert texts(text)[1:] == SIDEBAR + MAIN
    assert "order_doubtful" in text.reading.warnings
    assert text.reading.agreement is not None
    assert 0 <= text.reading.agreement <= 1


def test_dates_at_the_right_edge_stay_in_their_row() -> None:
    rows = [("Analyst, Engine Works", "1842 - 1843"), ("Assistant, Observatory", "1840 - 1842")] * 3
    placed = [
        p for i, (a, b) in enumerate(rows) for p in ((50, 60 + 15 * i, a), (480, 60 + 15 * i, b))
    ]
    text = read(*placed)
    assert texts(text) == [f"{a} {b}" for a, b in rows]
    assert text.reading.columns == 1


def test_boxes_count_from_the_upper_left_corner() -> None:
    text = read((50, 100, "Ada Lovelace was here"))
    (line,) = text.lines
    assert line.box is not None
    x0, top, x1, bottom = line.box
    assert 49 < x0 < 51
    assert 85 < top < 100 < bottom < 110
    assert x1 > 100
    assert line.font_size == 10
    assert line.order == 0


def test_pages_count_from_one_and_order_runs_through() -> None:
    content = made.pdf([(50, 50, "First page of the resume")], [(50, 50, "Second page of it")])
    text = read_pdf(content, max_pages=2, second_reading_s=1)
    assert [(line.page, line.order) for line in text.lines] == [(1, 0), (2, 1)]
    assert text.n_pages == 2


def test_bullets_set_apart_from_their_text_stand_before_it() -> None:
    items = ["Wrote the first programs", "Taught four colleagues", "Reduced tables by hand"]
    rows = [(y, item) for y, item in zip(range(100, 160, 20), items, strict=True)]
    text = read(*((50, y, "-") for y, _ in rows), *((72, y, item) for y, item in rows))
    assert texts(text) == [f"- {item}" for item in items]
    assert text.reading.columns == 1


def test_an_address_that_prints_over_the_gutter_stays_in_its_column() -> None:
    address = "https://example.com/people/ada-lovelace"
    rail = [*SIDEBAR[:3], address, *SIDEBAR[3:]]
    left = [(50.0, 120 + 16 * i, line) for i, line in enumerate(rail)]
    right = [(200.0, 120 + 16 * i, line) for i, line in enumerate(MAIN)]
    assert texts(read((50, 60, "Ada Lovelace"), *left, *right)) == ["Ada Lovelace", *rail, *MAIN]


def test_a_column_that_begins_above_its_neighbour_is_read_after_it() -> None:
    left = [(50.0, 130 + 16 * i, line) for i, line in enumerate(SIDEBAR)]
    right = [(240.0, 120 + 16 * i, line) for i, line in enumerate(MAIN)]
    text = read((50, 60, "Ada Lovelace"), *left, *right)
    assert texts(text) == ["Ada Lovelace", *SIDEBAR, *MAIN]
