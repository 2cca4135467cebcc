from __future__ import annotations

from ml_service.extraction.pdf.document import read_pdf
from tests.unit.extraction import made

NAME = (50.0, 60.0, "Ada Lovelace, analyst of engines, 12 Example Street, Sampletown")
LEFT = ["Project management", "Exceptional writer", "Organized and efficient"]
RIGHT = ["Deadline-driven person", "Customer service-focused", "Motivated team player"]


def read(*placed: made.Placed) -> list[str]:
    text = read_pdf(made.pdf([NAME, *placed]), max_pages=9, second_reading_s=5)
    return [line.text for line in text.lines][1:]


def block(x: float, y: float, texts: list[str]) -> list[made.Placed]:
    return [(x, y + 14 * row, text) for row, text in enumerate(texts)]


def test_lists_in_two_cells_with_level_rows_are_read_one_after_the_other() -> None:
    assert read(*block(50, 120, LEFT), *block(300, 120, RIGHT)) == LEFT + RIGHT


def test_the_same_rows_drawn_row_by_row_are_a_table() -> None:
    rows = [
        part
        for pair in zip(block(50, 120, LEFT), block(300, 120, RIGHT), strict=True)
        for part in pair
    ]
    assert read(*rows) == [f"{left} {right}" for left, right in zip(LEFT, RIGHT, strict=True)]


def test_cards_in_two_rows_are_read_row_by_row_and_each_to_its_end() -> None:
    cards = [[f"Card {name}", f"What {name} holds", f"More of {name}"] for name in "ABCD"]
    places = [(50, 120), (300, 120), (50, 200), (300, 200)]
    placed = [p for (x, y), card in zip(places, cards, strict=True) for p in block(x, y, card)]
    assert read(*placed) == [line for card in cards for line in card]


def test_three_cells_are_read_from_left_to_right() -> None:
    third = ["Plays the harp at night", "Rides horses at noon", "Writes letters"]
    placed = [*block(50, 120, LEFT), *block(230, 120, RIGHT), *block(410, 120, third)]
    assert read(*placed) == LEFT + RIGHT + third


def test_a_section_name_of_two_rows_in_a_rail_is_read_before_its_text() -> None:
    sections = [
        (["RESEARCH", "EXPERIENCE"], ["Royal Observatory", "Reduced tables", "Taught two"]),
        (["AWARDS AND", "HONOURS"], ["Prize for a lens", "Given in London", "And in Paris"]),
        (["OTHER", "WORK"], ["Engine Works", "Wrote programs", "Drew plans"]),
    ]
    placed: list[made.Placed] = []
    for number, (label, body) in enumerate(sections):
        placed += [*block(50, 120 + 60 * number, label), *block(200, 120 + 60 * number, body)]
    assert read(*placed) == [line for label, body in sections for line in (*label, *body)]


def test_places_and_dates_at_the_right_edge_stay_in_their_rows() -> None:
    placed = [
        *block(50, 120, ["Analyst of engines", "Engine Works"]),
        (500.0, 120.0, "London, UK"),
        (461.7, 134.0, "June 1842 – now"),
    ]
    assert read(*placed) == ["Analyst of engines London, UK", "Engine Works June 1842 – now"]


def test_years_in_a_rail_stay_in_their_rows() -> None:
    placed = [
        *block(50, 120, ["1842 - 1843", "1840 - 1842"]),
        *block(200, 120, ["Analyst, Engine Works", "Assistant, Observatory"]),
    ]
    assert read(*placed) == [
        "1842 - 1843 Analyst, Engine Works",
        "1840 - 1842 Assistant, Observatory",
    ]


def test_a_contact_row_over_two_columns_stays_whole() -> None:
    contact = [(110.0, 90.0, "Sampletown, EX 12345"), (245.0, 90.0, "+44 20 5550 0123")]
    left = block(50, 120, [f"Skill number {n} of hers" for n in range(8)])
    right = block(225, 127, [f"She did the work of {n} engines there" for n in range(8)])
    lines = read(*contact, *left, *right)
    assert lines[0] == "Sampletown, EX 12345 +44 20 5550 0123"
    assert lines[1:] == [text for _, _, text in (*left, *right)]
