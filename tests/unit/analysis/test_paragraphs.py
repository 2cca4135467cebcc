from __future__ import annotations

import pytest

from ml_service.analysis.phrases.bands import find_bands
from ml_service.analysis.phrases.paragraphs import find_wrapping, joined, paragraphs
from ml_service.domain.document import Line

WIDTH = 5.0
RAIL = ["Skills", "Python, SQL, R", "French, English"]
FULL = "- Moved sixteen customer databases"


def placed(left: float, top: float, text: str, *, column: int = 1, bold: bool = False) -> Line:
    box = (left, top, left + WIDTH * len(text), top + 10)
    return Line(text, 1, box, column, 0, 10.0, bold)


def page(*texts: tuple[str, bool], left: float = 200.0) -> list[Line]:
    """A rail, and beside it the texts line below line; what begins with a space hangs."""
    rail = [placed(40, 100 + 12 * at, text, column=0) for at, text in enumerate(RAIL)]
    main = [
        placed(left + 10 * text.startswith(" "), 100 + 12 * at, text.strip(), column=1, bold=bold)
        for at, (text, bold) in enumerate(texts)
    ]
    return [
        Line(x.text, x.page, x.box, x.column, order, x.font_size, x.bold)
        for order, x in enumerate([*rail, *main])
    ]


def whole(lines: list[Line], *, begins_anew: bool = False) -> list[str]:
    wrapping = find_wrapping(lines, apart=())
    found = paragraphs(lines, wrapping, begins_anew=lambda *_: begins_anew)
    return [line.text for line in found][len(RAIL) :]


PROSE = [(FULL, True), (FULL, True), (FULL, True)]


def test_a_line_that_found_no_room_for_the_next_word_goes_on() -> None:
    lines = page(*PROSE, ("Senior Engineer at Larkspur House", False), ("Community Home", False))
    assert whole(lines)[-1] == "Senior Engineer at Larkspur House Community Home"


def test_a_line_with_room_for_the_next_word_ends_there() -> None:
    lines = page(*PROSE, ("Engineer", False), ("Larkspur Home", False))
    assert whole(lines)[-2:] == ["Engineer", "Larkspur Home"]


def test_what_the_words_say_can_part_two_full_lines() -> None:
    lines = page(*PROSE, ("Senior Engineer at Larkspur House", False), ("Community Home", False))
    assert whole(lines, begins_anew=True)[-1] == "Community Home"


def test_lines_that_look_different_are_not_joined() -> None:
    lines = page(*PROSE, ("Senior Engineer at Larkspur House", True), ("Community Home", False))
    assert whole(lines)[-1] == "Community Home"


def test_what_hangs_below_a_bullet_is_part_of_it() -> None:
    lines = page(*PROSE, (FULL, False), ("  Without downtime", False))
    assert whole(lines)[-1] == f"{FULL} Without downtime"


def test_a_range_of_dates_broken_after_its_dash_is_whole() -> None:
    lines = page(*PROSE, ("March 2019 –", False), ("present", False))
    assert whole(lines)[-1] == "March 2019 – present"


@pytest.mark.parametrize("full", ["Larkspur Community, 2016 to 2019.", "Larkspur Home 2016 – 2019"])
def test_a_heading_set_apart_is_joined_to_nothing(full: str) -> None:
    lines = page(*PROSE, (full, False), ("Education and training here", False))
    apart = {lines[-1].order}
    found = paragraphs(lines, find_wrapping(lines, apart=apart), begins_anew=lambda *_: False)
    assert found[-1].text == "Education and training here"


def test_a_date_at_the_edge_ends_its_line() -> None:
    lines = page(*PROSE, ("Larkspur Community Care 2016–2019", False), ("Engineering Lead", False))
    assert whole(lines)[-1] == "Engineering Lead"


def test_a_page_of_one_column_has_no_bands() -> None:
    lines = [
        Line(text, 1, (40, 100.0 + 12 * at, 40 + WIDTH * len(text), 110.0 + 12 * at), 0, at)
        for at, text in enumerate([FULL, "Engineer", FULL])
    ]
    assert find_bands(lines) == {}


def test_lines_without_geometry_stay_as_they_are() -> None:
    lines = [Line(text, 1, None, 0, at) for at, text in enumerate(["Led a team of", "twelve"])]
    found = paragraphs(lines, find_wrapping(lines, apart=()), begins_anew=lambda *_: False)
    assert list(found) == lines


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2019-", "09 – 2022-03", "2019-09 – 2022-03"),
        ("example.net/in/", "jdoe", "example.net/in/jdoe"),
        ("March 2019 –", "present", "March 2019 – present"),
    ],
)
def test_no_space_is_put_into_a_word(first: str, second: str, expected: str) -> None:
    assert joined(first, second) == expected
