"""Sections of a column that go on at the top of the next page.

A page is read column by column, so what a wide column says on the next page comes after the
narrow column beside it, whose last section it is no part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml_service.domain.document import Line
from ml_service.domain.resume import Section

_SAME_EDGE = 3.0
_ENDS_ABOVE = 3.0


def with_carried(sections: Sequence[Section], lines: Sequence[Line]) -> tuple[Section, ...]:
    """``sections`` with one more where a page begins inside the section of an earlier column.

    The added one has kind, heading and heading line of the section that goes on in it.
    """
    found: list[Section] = list(sections)
    for index in range(1, len(lines)):
        if lines[index].page == lines[index - 1].page + 1:
            found = _carried_over(found, lines, index)
    return tuple(found)


def _carried_over(sections: list[Section], lines: Sequence[Line], index: int) -> list[Section]:
    """``lines[index]`` is the first of its page."""
    order = lines[index].order
    here = _section_of(sections, order)
    before = [line for line in lines[:index] if line.page == lines[index].page - 1]
    end = _end_of_column(before, lines[index])
    goes_on = None if end is None else _section_of(sections, end.order)
    if here is None or goes_on is None or goes_on.heading_line == here.heading_line:
        return sections
    at = sections.index(here)
    carried = replace(goes_on, start_line=order, end_line=here.end_line)
    return [*sections[:at], replace(here, end_line=order - 1), carried, *sections[at + 1 :]]


def _section_of(sections: Sequence[Section], order: int) -> Section | None:
    """The section in which the line is content, not its heading."""
    return next(
        (
            section
            for section in sections
            if section.start_line <= order <= section.end_line and section.heading_line < order
        ),
        None,
    )


def _end_of_column(before: Sequence[Line], line: Line) -> Line | None:
    """The lowest line of the column in which ``line`` goes on, if it is not the one read last.

    Where the last column is as full as the one above ``line``, text flows from it.
    """
    column = before[-1].column
    last = [other for other in before if other.column == column]
    above = [other for other in before if other.column != column and _shares_edge(other, line)]
    if not above or any(_shares_edge(other, line) for other in last):
        return None
    end = max(above, key=_bottom)
    height = end.font_size or 0.0
    return end if _bottom(end) - max(map(_bottom, last)) > _ENDS_ABOVE * height else None


def _shares_edge(one: Line, other: Line) -> bool:
    if one.box is None or other.box is None:
        return False
    return abs(one.box[0] - other.box[0]) <= _SAME_EDGE


def _bottom(line: Line) -> float:
    return line.box[3] if line.box is not None else 0.0
