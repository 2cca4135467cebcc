"""Lines of a narrow column put together to the paragraphs that their writer typed.

In one wide column a line of a head is seldom full, and sentences are told by their words. In a
narrow one a title, an employer or a range of dates is broken wherever the column ends: whether a
line goes on is told by whether the next word would have found room.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ml_service.analysis.phrases.bands import Band, find_bands
from ml_service.analysis.phrases.dates import begins_with_date, find_date, find_range, goes_on
from ml_service.analysis.phrases.folding import is_bullet
from ml_service.domain.document import Box, Line

_SAME_EDGE = 2.0
_MAX_HANGING = 30.0
_LEADING = 1.6
_WIDE_LEADING = 2.2
_SLACK = 1.0
_OPEN_END = re.compile(
    r"(?:[-–—/,&|·]|\s(?:and|of|in|for|to|with|at|by|from|on|the|a|de|di|du|da|der|und|et|y))$"
)
_BROKEN_WORD = re.compile(r"\w[-/]$")
_LABEL = re.compile(r"[^\W\d_][\w &/-]{1,28}:(?:\s|$)")

BeginsAnew = Callable[[str, str], bool]
"""Whether the second text cannot go on from the first, though the first fills its line."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """Orders of lines of narrow columns.

    ``continuing`` go on from the line before; those in ``likely`` do so unless their words say
    otherwise; ``settled`` are all lines of which it is known.
    """

    continuing: frozenset[int]
    likely: frozenset[int]
    settled: frozenset[int]


def find_wrapping(lines: Sequence[Line], *, apart: Collection[int]) -> Wrapping:
    """How the lines of narrow columns belong together; those in ``apart`` (headings) to none."""
    bands = find_bands(lines)
    found: dict[int, bool] = {}
    first = lines[0] if lines else None
    for line, following in pairwise(lines):
        first = first if first is not None and line.order in found else line
        band = bands.get(line.order)
        if band is None or band is not bands.get(following.order):
            continue
        if {line.order, following.order}.isdisjoint(apart):
            sure = _goes_on(first, line, following, band)
            found |= {} if sure is None else {following.order: sure}
    likely = frozenset(order for order, sure in found.items() if not sure)
    settled = frozenset(order for order, band in bands.items() if band.telling)
    return Wrapping(frozenset(found) - likely, likely, settled)


def paragraphs(
    lines: Sequence[Line], wrapping: Wrapping, *, begins_anew: BeginsAnew
) -> tuple[Line, ...]:
    """``lines`` with continued ones joined; the settled ones have no box, as those of a DOCX."""
    return tuple(_paragraphs(lines, wrapping, begins_anew))


def is_open(text: str) -> bool:
    """Whether the text ends in a mark or a word after which something has to come."""
    return _OPEN_END.search(text.rstrip()) is not None


def joined(text: str, following: str) -> str:
    """The two as one; no space comes behind a hyphen or a stroke at which a line was broken."""
    space = "" if _BROKEN_WORD.search(text.rstrip()) else " "
    return f"{text.rstrip()}{space}{following.strip()}"


def _paragraphs(
    lines: Sequence[Line], wrapping: Wrapping, begins_anew: BeginsAnew
) -> Iterator[Line]:
    held: Line | None = None
    last = -1
    for line in lines:
        likely = line.order in wrapping.likely
        box = None if line.order in wrapping.settled else line.box
        if (
            held is not None
            and line.order == last + 1
            and (likely or line.order in wrapping.continuing)
            and not (likely and begins_anew(held.text, line.text))
        ):
            held = replace(held, text=joined(held.text, line.text), box=box)
        else:
            if held is not None:
                yield held
            held = replace(line, box=box)
        last = line.order
    if held is not None:
        yield held


def _goes_on(first: Line, line: Line, following: Line, band: Band) -> bool | None:
    """True for sure, False for likely, None for not at all.

    ``first`` begins the paragraph of ``line``.
    """
    if line.box is None or following.box is None or first.box is None:
        return None
    begun = is_bullet(following.text) or _LABEL.match(following.text.strip()) is not None
    height = following.font_size or following.box[3] - following.box[1]
    pitch = (following.box[3] - line.box[3]) / height
    hangs = _SAME_EDGE < following.box[0] - first.box[0] <= _MAX_HANGING
    if is_bullet(first.text) and hangs and not begun and pitch <= _WIDE_LEADING:
        return True
    alike = line.bold == following.bold and line.font_size == following.font_size
    aligned = abs(following.box[0] - line.box[0]) <= _SAME_EDGE
    if begun or not alike or not aligned or pitch > _LEADING:
        return None
    reach = _reach(line.box, following.box, following)
    return _finds_no_room(line.text.strip(), following.text.strip(), band, reach=reach)


def _finds_no_room(text: str, following: str, band: Band, *, reach: float) -> bool | None:
    if is_open(text) or goes_on(text, following):
        return True
    if following[:1].islower():
        return False
    found_room = reach <= (band.right + _SLACK if band.telling else band.limit)
    return None if found_room or _ends_with_date(text) or begins_with_date(following) else False


def _ends_with_date(text: str) -> bool:
    """A date at the right edge fills the line of any head."""
    dates = find_range(text) or find_date(text)
    return dates is not None and not text[dates.stop :].strip(" )")


def _reach(box: Box, following_box: Box, following: Line) -> float:
    """Where the first word of ``following`` would end behind the line before, in points."""
    width_of_char = (following_box[2] - following_box[0]) / max(1, len(following.text))
    word = following.text.split(maxsplit=1)[0]
    return box[2] + width_of_char * (len(word) + 1)
