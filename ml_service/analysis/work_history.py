"""Work entries: a range of dates, the lines around it that name title and employer, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ml_service.analysis.dates import DateRange, find_date, find_range, years_covered
from ml_service.analysis.entry_lines import (
    has_placeholder,
    is_head_line,
    is_in_plural,
    is_organisation,
    is_place,
    is_position,
    is_sentence,
    leading_title,
    pieces_of,
)
from ml_service.analysis.folding import is_bullet, without_bullet
from ml_service.domain.document import Line
from ml_service.domain.resume import Highlight, Work

_MAX_DATE_LINE_WORDS = 16
_MAX_DATE_LINES = 3
_HAND_BROKEN = 60
_FULL_LINE = 0.72


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The lines ``first`` to ``last`` (indices) that hold ``dates``; ``rest`` is their text
    without them."""

    first: int
    last: int
    dates: DateRange
    rest: str


@dataclass(frozen=True, slots=True)
class _Head:
    """Indices of the head's lines and what they name; ``leftover`` is text behind a title."""

    first: int
    last: int
    position: str | None
    position_index: int | None
    name: str | None
    leftover: str = ""


def find_work(blocks: Sequence[Sequence[Line]]) -> tuple[Work, ...]:
    """Entries of the lines of each work section, in reading order.

    An employer that the producer replaced by "Company Name" is None.
    """
    return tuple(work for block in blocks for work in _entries(block))


def years_of_experience(work: Sequence[Work], *, document_date: date) -> float | None:
    """Years with at least one job, overlaps once; "present" is ``document_date``."""
    ranges = [
        (job.start_date, None if job.current else job.end_date)
        for job in work
        if job.start_date is not None and (job.current or job.end_date is not None)
    ]
    return years_covered(ranges, today=document_date)


def _entries(lines: Sequence[Line]) -> Iterator[Work]:
    anchors = list(_anchors(lines))
    if not anchors:
        yield from _undated(lines)
        return
    heads: list[_Head] = []
    for index, anchor in enumerate(anchors):
        stop = anchors[index + 1].first if index + 1 < len(anchors) else len(lines)
        start = heads[-1].last + 1 if heads else 0
        heads.append(_head(lines, anchor, start=start, stop=stop))
    width = max(len(line.text) for line in lines)
    for index, (anchor, head) in enumerate(zip(anchors, heads, strict=True)):
        end = heads[index + 1].first if index + 1 < len(heads) else len(lines)
        body = lines[head.last + 1 : max(end, head.last + 1)]
        yield _work(lines, anchor, head, highlights=_highlights(body, head, lines, width=width))


def _anchors(lines: Sequence[Line]) -> Iterator[_Anchor]:
    index = 0
    while index < len(lines):
        anchor = _anchor_at(lines, index)
        if anchor is not None:
            yield anchor
        index = index + 1 if anchor is None else anchor.last + 1


def _anchor_at(lines: Sequence[Line], index: int) -> _Anchor | None:
    bulleted = is_bullet(lines[index].text)
    mark = lines[index].text.strip()[:1] if bulleted else ""
    texts = [line.text.strip() for line in lines[index : index + _MAX_DATE_LINES]]
    texts = [text.removeprefix(mark).strip() for text in texts]
    for n_lines in range(1, len(texts) + 1):
        joined = " ".join(texts[:n_lines])
        dates = find_range(joined)
        if dates is not None:
            rest = f"{joined[: dates.begin]} | {joined[dates.stop :]}"
            if not _heads_an_entry(rest, joined):
                return None
            return _Anchor(index, index + n_lines - 1, dates, rest)
        if len(texts[0].split()) > 3 or find_date(texts[0]) is None:
            break
    single = None if bulleted else find_date(texts[0])
    if single is None or not _is_bare_date(texts[0], single):
        return None
    rest = f"{texts[0][: single.begin]} | {texts[0][single.stop :]}"
    return _Anchor(index, index, single, rest)


def _heads_an_entry(rest: str, joined: str) -> bool:
    if has_placeholder(joined):
        return True
    words = [word for word in rest.split() if word != "|"]
    return len(words) <= _MAX_DATE_LINE_WORDS and not joined.rstrip().endswith(".")


def _is_bare_date(text: str, single: DateRange) -> bool:
    """A date alone, or at the edge of a line that names a title or the placeholder."""
    rest = (text[: single.begin] + text[single.stop :]).strip(" ,-–—()|")
    if not rest:
        return True
    edge = not text[: single.begin].strip() or not text[single.stop :].strip(" )")
    return edge and is_head_line(text) and (has_placeholder(text) or is_position(rest))


def _head(lines: Sequence[Line], anchor: _Anchor, *, start: int, stop: int) -> _Head:
    """Take the date line, then the lines below while something is missing, then those above."""
    head = _named(_Head(anchor.first, anchor.last, None, None, None), anchor.rest, anchor.first)
    masked = has_placeholder(anchor.rest)
    above = _lines_above(lines, anchor, start=start)
    head = _without_plural_position(head, [lines[number].text for number in above])
    if above and head.position is None:
        head, masked = _take(lines, head, above, masked=masked)
    for index in range(anchor.last + 1, min(anchor.last + 3, stop)):
        text = lines[index].text
        if head.position is None and _is_bulleted_title(text):
            text = without_bullet(text)
        if not is_head_line(text) or (head.position and (head.name or masked)):
            break
        if _is_place_only(text):
            head = replace(head, last=index)
            continue
        if not _adds(text, head) and not has_placeholder(text):
            break
        masked = masked or has_placeholder(text)
        head = replace(_named(head, text, index), last=index)
    if above and head.first == anchor.first and not (head.position and (head.name or masked)):
        head, masked = _take(lines, head, above, masked=masked)
    return head


def _without_plural_position(head: _Head, above: Sequence[str]) -> _Head:
    """What looks like a title, in the plural and below another one, is the employer."""
    if head.position is None or not is_in_plural(head.position):
        return head
    if not any(is_position(piece) for text in above for piece in pieces_of(text)):
        return head
    return replace(head, position=None, position_index=None, name=head.position)


def _is_bulleted_title(text: str) -> bool:
    """Some resumes put title and employer into the first bullet below the dates."""
    plain = without_bullet(text)
    return is_bullet(text) and is_head_line(plain) and any(map(is_position, pieces_of(plain)))


def _is_place_only(text: str) -> bool:
    pieces = pieces_of(text)
    if any(map(is_position, pieces)):
        return False
    return is_place(text.strip()) or all(map(is_place, pieces))


def _lines_above(lines: Sequence[Line], anchor: _Anchor, *, start: int) -> list[int]:
    """Indices of up to two head lines right above the date, if one of them names something."""
    above: list[int] = []
    for index in range(anchor.first - 1, max(start, anchor.first - 2) - 1, -1):
        if not is_head_line(lines[index].text) or is_sentence(lines[index].text):
            break
        above.insert(0, index)
    while above and not _names_something(lines[above[0]].text):
        if start == 0 and len(above) == anchor.first:
            break
        above.pop(0)
    return above


def _names_something(text: str) -> bool:
    return has_placeholder(text) or any(
        is_position(piece) or is_organisation(piece) for piece in pieces_of(text)
    )


def _take(
    lines: Sequence[Line], head: _Head, above: Sequence[int], *, masked: bool
) -> tuple[_Head, bool]:
    for index in reversed(above):
        if head.position and (head.name or masked):
            break
        head = replace(_named(head, lines[index].text, index), first=index)
        masked = masked or has_placeholder(lines[index].text)
    return head, masked


def _adds(text: str, head: _Head) -> bool:
    pieces = pieces_of(text)
    if head.position is None:
        return any(is_position(piece) for piece in pieces) or leading_title(text) is not None
    return len(text.split()) <= 8 and not is_sentence(text)


def _named(head: _Head, text: str, index: int) -> _Head:
    """``head`` with the title and employer that ``text`` names, where they are missing."""
    pieces = [piece for piece in pieces_of(text) if not is_place(piece)]
    for piece in pieces:
        if head.position is None and is_position(piece):
            head = replace(head, position=piece, position_index=index)
        elif head.position is None and len(piece.split()) > 6 and leading_title(piece):
            title = leading_title(piece) or ""
            leftover = piece[len(title) :].strip(" ,.:;")
            head = replace(head, position=title, position_index=index, leftover=leftover)
        elif head.name is None and not is_sentence(piece) and len(piece.split()) <= 8:
            head = replace(head, name=piece)
    if (
        head.position is None
        and has_placeholder(text)
        and head.name
        and not is_organisation(head.name)
    ):
        head = replace(head, position=head.name, position_index=index, name=None)
    return head


def _work(
    lines: Sequence[Line], anchor: _Anchor, head: _Head, *, highlights: tuple[Highlight, ...]
) -> Work:
    first, last = min(head.first, anchor.first), max(head.last, anchor.last)
    bounds = [lines[first].order, lines[last].order, *(item.line for item in highlights)]
    return Work(
        position=head.position,
        name=head.name,
        start_date=anchor.dates.start,
        end_date=anchor.dates.end,
        current=anchor.dates.current,
        highlights=highlights,
        start_line=min(bounds),
        end_line=max(bounds),
        position_line=None if head.position_index is None else lines[head.position_index].order,
    )


def _highlights(
    body: Sequence[Line], head: _Head, lines: Sequence[Line], *, width: int
) -> tuple[Highlight, ...]:
    """Bullets or sentences; a line on a page goes on the one before if that was full or it
    starts small."""
    texts: list[tuple[str, int]] = []
    if head.leftover:
        texts.append((head.leftover, lines[head.last].order))
    bulleted = any(is_bullet(line.text) for line in body)
    previous = ""
    for line in body:
        text = without_bullet(line.text)
        if not any(mark.isalpha() for mark in text):
            continue
        # A line of a DOCX is a paragraph of its own, unless somebody broke its lines by hand.
        wrapped = line.box is not None or _is_broken_by_hand(line.text, previous)
        if texts and wrapped and _continues(line.text, previous, bulleted=bulleted, width=width):
            texts[-1] = (f"{texts[-1][0]} {text}", texts[-1][1])
        else:
            texts.append((text, line.order))
        previous = line.text
    return tuple(Highlight(text, order) for text, order in texts)


def _is_broken_by_hand(text: str, previous: str) -> bool:
    """A long line without an end, and below it one that begins small, as pasted text has them."""
    unfinished = len(previous) > _HAND_BROKEN and not previous.rstrip().endswith(
        (".", "!", "?", ":", ";")
    )
    return unfinished and text.strip()[:1].islower()


def _continues(text: str, previous: str, *, bulleted: bool, width: int) -> bool:
    if is_bullet(text):
        return False
    if text.strip()[:1].islower():
        return True
    if previous.rstrip().endswith((".", "!", "?", ":")):
        return bulleted and len(previous) > width * _FULL_LINE
    return bulleted or len(previous) > width * _FULL_LINE


def _undated(lines: Sequence[Line]) -> Iterator[Work]:
    """Entries without any date: each begins at a head line that holds a job title."""
    starts = [
        index
        for index, line in enumerate(lines)
        if is_head_line(line.text) and any(is_position(part) for part in pieces_of(line.text))
    ]
    width = max((len(line.text) for line in lines), default=1)
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        head = _named(_Head(start, start, None, None, None), lines[start].text, start)
        below = start + 1
        if head.name is None and below < stop and is_head_line(lines[below].text):
            head = replace(_named(head, lines[below].text, below), last=below)
        highlights = _highlights(lines[head.last + 1 : stop], head, lines, width=width)
        yield Work(
            position=head.position,
            name=head.name,
            start_date=None,
            end_date=None,
            current=False,
            highlights=highlights,
            start_line=lines[start].order,
            end_line=lines[stop - 1].order,
            position_line=lines[start].order,
        )
