from __future__ import annotations

from ml_service.analysis.work.history import find_work
from ml_service.domain.document import Line

HEAD = "Cook, Globex Inc, 2019 - 2021"
LONG = "Catered weddings in a marquee, where there was no water from the mains"


def line(order: int, left: float, text: str, *, right: float | None = None) -> Line:
    box = (left, 100.0 + 12 * order, right or left + 5.0 * len(text), 110.0 + 12 * order)
    return Line(text, 1, box, 0, order, 10.0)


def highlights(lines: list[Line]) -> list[str]:
    (work,) = find_work([lines])
    return [item.text for item in work.highlights]


def test_a_list_whose_marks_are_drawn_as_shapes_is_parted_where_a_line_had_room() -> None:
    items = [LONG, "Menus for two hundred guests", "Halls for weddings"]
    head = line(0, 40, HEAD, right=555)
    assert highlights([head, *(line(at, 54, text) for at, text in enumerate(items, 1))]) == items


def test_without_an_indent_the_words_decide_as_before() -> None:
    items = [LONG, "Menus for two hundred guests"]
    head = line(0, 40, HEAD, right=555)
    found = highlights([head, *(line(at, 40, text) for at, text in enumerate(items, 1))])
    assert found == [" ".join(items)]


def test_items_with_numbers_are_items() -> None:
    lines = [
        Line(text, 1, None, 0, at)
        for at, text in enumerate([HEAD, "1. Led a brigade of ten cooks", "2. Wrote the menu"])
    ]
    assert highlights(lines) == ["Led a brigade of ten cooks", "Wrote the menu"]


def test_a_numbered_head_is_no_item() -> None:
    lines = [
        Line(text, 1, None, 0, at)
        for at, text in enumerate(["1. Cook, Globex Inc", "2019 - 2021", "Led a brigade"])
    ]
    (work,) = find_work([lines])
    assert work.name == "Globex Inc"
