"""Whether a line of a page goes on in the next because its column was full."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.domain.document import Line

_SAME_EDGE = 14.0
_SLACK = 2.0
_SURELY = 6


def right_edge(lines: Sequence[Line], line: Line) -> float | None:
    """How far the lines reach that begin near the left edge of ``line``, in points."""
    if line.box is None:
        return None
    left = line.box[0]
    return max(
        other.box[2]
        for other in lines
        if other.box is not None
        and other.page == line.page
        and abs(other.box[0] - left) <= _SAME_EDGE
    )


def had_room(lines: Sequence[Line], line: Line, following: Line) -> bool:
    """True if the first word of ``following`` would surely have found room in ``line``."""
    edge = right_edge(lines, line)
    words = following.text.split(maxsplit=1)
    if line.box is None or edge is None or not words or line.page != following.page:
        return False
    width_of_char = (line.box[2] - line.box[0]) / max(1, len(line.text))
    return line.box[2] + width_of_char * (len(words[0]) + _SURELY) < edge


def may_wrap(lines: Sequence[Line], line: Line, following: Line) -> bool:
    """True if the first word of ``following`` found no room in ``line``, and both look alike."""
    if line.box is None or following.box is None or line.page != following.page:
        return False
    alike = line.bold == following.bold and line.font_size == following.font_size
    if not alike or abs(line.box[0] - following.box[0]) > _SAME_EDGE:
        return False
    edge = right_edge(lines, line)
    words = following.text.split(maxsplit=1)
    if edge is None or not words:
        return False
    width_of_char = (line.box[2] - line.box[0]) / max(1, len(line.text))
    return line.box[2] + width_of_char * (len(words[0]) + 1) > edge + _SLACK
