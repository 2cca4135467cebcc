"""Which lines around a date are the head of a work entry, and what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ml_service.analysis.phrases.dates import DateRange
from ml_service.analysis.phrases.folding import is_bullet, without_bullet, words_of
from ml_service.analysis.phrases.organisations import is_organisation
from ml_service.analysis.phrases.places import without_place
from ml_service.analysis.phrases.title_words import (
    has_occupation,
    is_title_word,
    names_distinct_occupation,
)
from ml_service.analysis.work.entry_lines import (
    begins_with_past,
    groups_of,
    has_placeholder,
    is_head_line,
    is_in_plural,
    is_position,
    is_sentence,
    leading_title,
    pieces_of,
)
from ml_service.domain.document import Line

_MAX_NAME_WORDS = 10
_MAX_TITLE_WORDS = 12
_FEW_WORDS = 6
_MAX_ABOVE = 2
_FULL_LINE = 0.72
_BROAD_TEXT = "director manager president head vp svp evp avp chief officer supervisor coordinator"
_BROAD = frozenset(_BROAD_TEXT.split())


@dataclass(frozen=True, slots=True)
class Anchor:
    """The lines ``first`` to ``last`` (indices) that hold ``dates``; ``rest`` is their text
    without them, ``leftover`` what stands behind a bullet on the last of them."""

    first: int
    last: int
    dates: DateRange
    rest: str
    leftover: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Indices of the head's lines and what they name; ``leftover`` is text behind a title.

    ``team`` may be the employer where no other is named: it stands behind a comma after the title.
    ``banner`` is true where the employer has a line of its own above the title.
    """

    first: int
    last: int
    position: str | None = None
    position_index: int | None = None
    name: str | None = None
    leftover: str = ""
    team: str | None = None
    masked: bool = False
    banner: bool = False

    @property
    def complete(self) -> bool:
        return self.sure and (self.name is not None or self.masked)

    @property
    def sure(self) -> bool:
        """False for what may be an employer or a team: ``Hill Architects``, ``Web Platform``."""
        return self.position is not None and _is_sure(self.position)


@dataclass(frozen=True, slots=True)
class Said:
    """What one line of a head names."""

    position: str | None = None
    name: str | None = None
    team: str | None = None
    leftover: str = ""
    masked: bool = False


def read_head(lines: Sequence[Line], anchor: Anchor, *, start: int, stop: int) -> Head:
    """The date line first, then the lines above, then those below while something is missing."""
    head = Head(anchor.first, anchor.last, leftover=anchor.leftover)
    head = _with(head, said_on(anchor.rest), anchor.first)
    above = _lines_above(lines, anchor, start=start)
    head = _without_place_as_name(lines, head, above)
    head = _without_plural_position(head, [lines[number].text for number in above])
    if not head.sure:
        head = _with_above(lines, head, above)
    head = _with_below(lines, head, anchor, stop=stop)
    if above and head.first == anchor.first and not head.complete:
        head = _with_above(lines, head, above)
    return _without_unknown_position(lines, head, anchor, above)


def is_another_part(text: str, following: str) -> bool:
    """Below a full line: a title below an employer, an employer below a title, a new sentence."""
    if following[:1].isupper() and begins_with_past(following):
        return True
    pieces, below = pieces_of(text), pieces_of(following)
    if not pieces or not below:
        return False
    if is_bullet(text):
        return is_position(below[0]) and has_occupation(below[0])
    if is_position(pieces[-1]) and has_occupation(pieces[-1]):
        named = is_organisation(below[0]) and len(below[0].split()) > 1
        placed = without_place(following) != following.strip()
        return (named or placed) and not is_position(below[0])
    return is_organisation(pieces[-1]) and is_position(below[0]) and has_occupation(below[0])


def said_on(text: str) -> Said:
    """Title, employer and team of one line: ``Globex - Cook``, ``Cook, Globex``, ``Cook``."""
    groups = groups_of(text)
    said = Said(masked=has_placeholder(text))
    if len(groups) == 2 and is_organisation(groups[1][-1]) and _is_part_of_school(text):
        return replace(said, name=f"{', '.join(groups[0])} – {', '.join(groups[1])}")
    for group in groups:
        at = _positions_of(group, alone=len(groups) == 1)
        if said.position is None and at:
            said = _with_title(said, group, at)
        elif said.position is None and len(groups) == 1 and (parts := _glued(group[0])):
            title, rest = parts
            named = is_organisation(rest)
            said = replace(
                said, position=title, name=rest if named else None, leftover="" if named else rest
            )
        elif said.name is None:
            said = replace(said, name=_employer_of(group))
    if said.masked and said.position is None and said.name and not is_organisation(said.name):
        said = replace(said, position=said.name, name=None)
    return said


def _is_part_of_school(text: str) -> bool:
    """``Tutoring Program – State University``: one employer, though there is a dash."""
    program = re.search(
        r"(?:Program(?:me)?|Department|Faculty|School|Office|Lab\w*)\s+[–—-]\s", text
    )
    return program is not None


def _positions_of(group: Sequence[str], *, alone: bool) -> list[int]:
    """Indices of the neighbouring parts that make the title; one in the plural is an employer."""
    at = [index for index, piece in enumerate(group) if is_position(piece)]
    others = [index for index in at if not is_in_plural(group[index])]
    at = others or at
    run = at[:1]
    for index in at[1:]:
        wider = has_occupation(group[index]) or _asks_for_field(group[run[-1]])
        if index == run[-1] + 1 and wider:
            run.append(index)
    if run and not alone and run[0] > 0 and not any(map(is_organisation, group[: run[0]])):
        return list(range(run[-1] + 1))
    return run


def _asks_for_field(title: str) -> bool:
    """``Director, Product Management``: the title says little before what comes after it."""
    words = words_of(title)
    return words[-1] in _BROAD and len(words) <= 3


def _with_title(said: Said, group: Sequence[str], at: Sequence[int]) -> Said:
    title = ", ".join(group[index] for index in at)
    before, after = list(group[: at[0]]), list(group[at[-1] + 1 :])
    named = [piece for piece in after if is_organisation(piece)]
    name = said.name or next(iter((*before, *named)), None)
    team = next((piece for piece in after if _may_be_name(piece)), None)
    if name is None and (parts := _glued(title)) and is_organisation(parts[1]):
        title, name = parts
    return replace(said, position=title, name=name, team=None if name else team)


def _glued(piece: str) -> tuple[str, str] | None:
    """``Software Developer XYZ Software Inc.``: a title, and behind it something else."""
    words = piece.split()
    for n_words in range(1, min(len(words), _MAX_TITLE_WORDS)):
        following = words[n_words]
        if not names_distinct_occupation(words[n_words - 1]) or is_title_word(following):
            continue
        title, rest = " ".join(words[:n_words]), " ".join(words[n_words:])
        title = title.rstrip(" ,.:;")
        named = is_organisation(rest) or (len(words) > 6 and is_sentence(rest))
        if named and following[0].isupper() and is_position(title):
            return title, rest
        break
    return _before_text(piece) if len(words) > _FEW_WORDS else None


def _before_text(piece: str) -> tuple[str, str] | None:
    """``Sushi Chef In charge of daily operation in the bar``."""
    title = leading_title(piece)
    rest = piece[len(title) :].strip(" ,.:;") if title else ""
    return (title, rest) if title and rest else None


def _employer_of(group: Sequence[str]) -> str | None:
    """The part that says what kind of organisation it is, else the first."""
    known = [piece for piece in group if is_organisation(piece)]
    name = known[0] if known else group[0]
    return name if _may_be_name(name) else None


def _may_be_name(piece: str) -> bool:
    return not is_sentence(piece) and len(piece.split()) <= _MAX_NAME_WORDS


def _with(head: Head, said: Said, index: int) -> Head:
    """``head`` with what the line at ``index`` says, where it is missing."""
    sure = said.position is not None and _is_sure(said.position)
    if said.position is not None and (head.position is None or (sure and not head.sure)):
        head = replace(
            head,
            name=head.name or head.position,
            position=said.position,
            position_index=index,
            leftover=said.leftover or head.leftover,
            team=said.team,
        )
    if head.name is None and said.name is not None:
        head = replace(head, name=said.name)
    return replace(head, masked=head.masked or said.masked)


def _without_place_as_name(lines: Sequence[Line], head: Head, above: Sequence[int]) -> Head:
    """Below a line with title and employer, what stands beside the date is only the place."""
    if not above or head.position is not None or head.name is None or is_organisation(head.name):
        return head
    said = said_on(lines[above[-1]].text)
    return replace(head, name=None) if said.position and said.name else head


def _is_sure(position: str) -> bool:
    return has_occupation(position) and not is_in_plural(position)


def _without_plural_position(head: Head, above: Sequence[str]) -> Head:
    """What looks like a title, in the plural and below another one, is the employer."""
    if head.position is None or not is_in_plural(head.position):
        return head
    if not any(is_position(piece) for text in above for piece in pieces_of(text)):
        return head
    return replace(head, position=None, position_index=None, name=head.position, team=None)


def _lines_above(lines: Sequence[Line], anchor: Anchor, *, start: int) -> list[int]:
    """Indices of the head lines right above the date, two of them that name something at most."""
    above: list[int] = []
    naming = 0
    for index in range(anchor.first - 1, start - 1, -1):
        text = lines[index].text
        if naming == _MAX_ABOVE or not is_head_line(text) or is_sentence(text):
            break
        if begins_with_past(text) and not is_organisation(text) and not stands_out(lines, index):
            break
        if not _begins_paragraph(lines, index) and not _names_something(text):
            break
        naming += bool(groups_of(text))
        above.insert(0, index)
    while above and not _belongs(lines, above[0], start=start):
        above.pop(0)
    return above


def _belongs(lines: Sequence[Line], index: int, *, start: int) -> bool:
    text = lines[index].text
    return bool(groups_of(text)) and (
        _names_something(text) or start == index == 0 or stands_out(lines, index)
    )


def _begins_paragraph(lines: Sequence[Line], index: int) -> bool:
    """False for a line on a page that the line before, a full one, may go on in."""
    if index == 0 or lines[index].box is None or stands_out(lines, index):
        return True
    width = max(len(line.text) for line in lines)
    before = lines[index - 1].text.rstrip()
    return len(before) <= width * _FULL_LINE or before.endswith((".", "!", "?"))


def stands_out(lines: Sequence[Line], index: int) -> bool:
    """Bold or larger than most of the text around it."""
    line = lines[index]
    chars = sum(len(other.text) for other in lines)
    bold = sum(len(other.text) for other in lines if other.bold and not is_bullet(other.text))
    if line.bold and bold * 2 < chars:
        return True
    if line.font_size is None:
        return False
    smaller = sum(len(o.text) for o in lines if o.font_size and o.font_size < line.font_size * 0.97)
    return smaller * 2 > chars


def _names_something(text: str) -> bool:
    return has_placeholder(text) or any(
        is_position(piece) or is_organisation(piece) for piece in pieces_of(text)
    )


def _with_above(lines: Sequence[Line], head: Head, above: Sequence[int]) -> Head:
    titled = [
        index for index in above if stands_out(lines, index) and said_on(lines[index].text).position
    ]
    for index in reversed(above):
        if head.complete:
            break
        said = said_on(lines[index].text)
        if titled and index not in titled and said.position and not head.sure and not said.name:
            said = replace(said, position=None, name=said.position)
        if head.position is not None and head.name is None and said.position is not None:
            if not is_organisation(lines[index].text) and not is_in_plural(said.position):
                break
            said = replace(said, name=said.position)
        own_line = head.name is None and said.position is None and said.name is not None
        below = head.position_index is not None and head.position_index > index
        head = replace(_with(head, said, index), first=index, banner=own_line and below)
    return head


def _with_below(lines: Sequence[Line], head: Head, anchor: Anchor, *, stop: int) -> Head:
    for index in range(anchor.last + 1, min(anchor.last + 3, stop)):
        text = lines[index].text
        if head.position is None and _is_bulleted_title(text):
            text = without_bullet(text)
        if not is_head_line(text) or head.complete:
            break
        if not groups_of(text):
            head = replace(head, last=index, masked=head.masked or has_placeholder(text))
            continue
        if not _adds(text, head):
            break
        said = said_on(text)
        if head.sure and said.position is not None and said.name is None:
            said = replace(said, name=said.position, position=None)
        head = replace(_with(head, said, index), last=index)
    return head


def _adds(text: str, head: Head) -> bool:
    if has_placeholder(text):
        return True
    if head.position is None:
        return any(map(is_position, pieces_of(text))) or leading_title(text) is not None
    if not head.sure and not any(map(_is_sure, filter(is_position, pieces_of(text)))):
        return head.name is None and is_organisation(text)
    if begins_with_past(text) and not is_organisation(text):
        return False
    return len(text.split()) <= _MAX_NAME_WORDS and not is_sentence(text)


def _is_bulleted_title(text: str) -> bool:
    """Some resumes put title and employer into the first bullet below the dates."""
    plain = without_bullet(text)
    return is_bullet(text) and is_head_line(plain) and any(map(is_position, pieces_of(plain)))


def _without_unknown_position(
    lines: Sequence[Line], head: Head, anchor: Anchor, above: Sequence[int]
) -> Head:
    """A line that stands out above the employer is the title, though no word of it is known.

    Where the employer was taken out by the producer, what is named is the title.
    """
    if head.position is not None or head.name is None:
        return head
    if head.masked and not is_organisation(head.name):
        return replace(head, position=head.name, position_index=anchor.first, name=None)
    if not above:
        return head
    nearest = above[-1]
    text = lines[nearest].text.strip()
    on_date_line = said_on(anchor.rest).name
    if on_date_line is None or not stands_out(lines, nearest) or is_organisation(text):
        return head
    first = min(head.first, nearest)
    return replace(head, position=text, position_index=nearest, name=on_date_line, first=first)
