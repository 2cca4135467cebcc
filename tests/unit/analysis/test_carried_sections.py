from __future__ import annotations

from ml_service.analysis.sections import find_sections, lines_of
from ml_service.domain.document import Line

MAIN = ["Experience", "Cook, Globex, 2019 - 2021", "- Led a brigade", "- Wrote a menu"]
RAIL = ["Skills", "Python"]
NEXT = ["- Cut the cost of food", "- Taught apprentices"]


def pages(rail_bottom: float) -> list[Line]:
    """A wide column that is full, a rail that ends at ``rail_bottom``, and the next page."""
    main = [(1, 0, 40.0, 680.0 + 20 * at, text) for at, text in enumerate(MAIN)]
    top = rail_bottom - 12 * len(RAIL)
    rail = [(1, 1, 400.0, top + 12 * at, text) for at, text in enumerate(RAIL)]
    after = [(2, 0, 40.0, 50.0 + 12 * at, text) for at, text in enumerate(NEXT)]
    return [
        Line(text, page, (left, y, left + 5 * len(text), y + 10), column, order, 10.0)
        for order, (page, column, left, y, text) in enumerate([*main, *rail, *after])
    ]


def content(lines: list[Line], kind: str) -> list[list[str]]:
    sections = find_sections(lines)
    found = lines_of(lines, sections, "work" if kind == "work" else "skills")
    return [[line.text for line in block] for block in found]


def test_a_wide_column_goes_on_on_the_next_page_behind_the_rail() -> None:
    lines = pages(rail_bottom=200)
    assert content(lines, "work") == [[*MAIN[1:], *NEXT]]
    assert content(lines, "skills") == [["Python"]]


def test_the_part_on_the_next_page_names_the_same_heading() -> None:
    sections = find_sections(pages(rail_bottom=200))
    assert [(s.kind, s.heading_line) for s in sections] == [("work", 0), ("skills", 4), ("work", 0)]
    assert [(s.start_line, s.end_line) for s in sections] == [(1, 3), (5, 5), (6, 7)]


def test_text_flows_from_a_last_column_that_is_full() -> None:
    lines = pages(rail_bottom=750)
    assert content(lines, "skills") == [["Python", *NEXT]]
