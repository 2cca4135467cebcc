"""Work entries: a range of dates, the lines around it that name title and employer, the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ml_service.analysis.phrases.dates import (
    DateRange,
    find_date,
    find_range,
    goes_on,
    years_covered,
)
from ml_service.analysis.phrases.folding import is_bullet
from ml_service.analysis.work.entry_heads import (
    Anchor,
    Head,
    read_head,
    said_on,
    stands_out,
)
from ml_service.analysis.work.entry_lines import (
    has_placeholder,
    is_head_line,
    is_position,
    pieces_of,
)
from ml_service.analysis.work.highlights import find_highlights
from ml_service.domain.document import Line
from ml_service.domain.resume import Highlight, Work

_MAX_DATE_LINE_WORDS = 16
_MAX_DATE_LINES = 3


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
    heads: list[Head] = []
    for index, anchor in enumerate(anchors):
        stop = anchors[index + 1].first if index + 1 < len(anchors) else len(lines)
        start = heads[-1].last + 1 if heads else 0
        heads.append(read_head(lines, anchor, start=start, stop=stop))
    heads = _with_shared_employers(heads)
    entries = []
    for index, (anchor, head) in enumerate(zip(anchors, heads, strict=True)):
        end = heads[index + 1].first if index + 1 < len(heads) else len(lines)
        highlights = _body(lines, head, first=head.last + 1, stop=end)
        entries.append(_work(lines, anchor, head, highlights=highlights))
    yield from _without_banners(entries)


def _with_shared_employers(heads: Sequence[Head]) -> list[Head]:
    """Below an employer on a line of its own, entries without one are further roles there."""
    named: list[Head] = []
    banner: str | None = None
    for head in heads:
        if head.name is None and not head.masked and head.position is not None:
            named.append(replace(head, name=banner or head.team))
        else:
            banner = head.name if head.banner else None
            named.append(head)
    return named


def _without_banners(entries: Sequence[Work]) -> Iterator[Work]:
    """An employer with the dates of all its roles, and the roles below it, are the roles."""
    banner: Work | None = None
    for index, entry in enumerate(entries):
        following = entries[index + 1] if index + 1 < len(entries) else None
        if _is_banner(entry, following):
            banner = entry
            continue
        if banner is not None and entry.name is None and _runs_within(entry, banner):
            yield replace(entry, name=banner.name)
        else:
            banner = banner if banner and _runs_within(entry, banner) else None
            yield entry


def _is_banner(entry: Work, following: Work | None) -> bool:
    if entry.position is not None or entry.name is None or entry.highlights:
        return False
    return (
        following is not None
        and following.position is not None
        and following.name is None
        and _runs_within(following, entry)
    )


def _runs_within(entry: Work, banner: Work) -> bool:
    if entry.start_date is None or banner.start_date is None:
        return False
    return entry.start_date[:4] >= banner.start_date[:4]


def _anchors(lines: Sequence[Line]) -> Iterator[Anchor]:
    index = 0
    while index < len(lines):
        anchor = _anchor_at(lines, index)
        if anchor is not None:
            yield anchor
        index = index + 1 if anchor is None else anchor.last + 1


def _anchor_at(lines: Sequence[Line], index: int) -> Anchor | None:
    bulleted = is_bullet(lines[index].text)
    mark = lines[index].text.strip()[:1] if bulleted else ""
    texts = [line.text.strip() for line in lines[index : index + _MAX_DATE_LINES]]
    texts = [text.removeprefix(mark).strip() for text in texts]
    for n_lines in range(1, len(texts) + 1):
        joined = " ".join(texts[:n_lines])
        dates = find_range(joined)
        if dates is not None:
            behind, _, leftover = joined[dates.stop :].partition("•")
            rest = f"{joined[: dates.begin]} | {behind}"
            if not _heads_an_entry(rest, joined[: dates.stop] + behind):
                return None
            return Anchor(index, index + n_lines - 1, dates, rest, leftover.strip())
        few = len(texts[0].split()) <= 3 and find_date(texts[0]) is not None
        if not few and not (n_lines < len(texts) and goes_on(joined, texts[n_lines])):
            break
    single = None if bulleted else find_date(texts[0])
    if single is None or not _is_bare_date(texts[0], single):
        return None
    rest = f"{texts[0][: single.begin]} | {texts[0][single.stop :]}"
    return Anchor(index, index, single, rest)


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


def _work(
    lines: Sequence[Line], anchor: Anchor, head: Head, *, highlights: tuple[Highlight, ...]
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


def _body(lines: Sequence[Line], head: Head, *, first: int, stop: int) -> tuple[Highlight, ...]:
    """Highlights from the line at index ``first`` to before ``stop``."""
    leftover = Highlight(head.leftover, lines[head.last].order) if head.leftover else None
    return find_highlights(
        lines[first:stop], head=lines[head.first], leftover=leftover, lines=lines
    )


def _undated(lines: Sequence[Line]) -> Iterator[Work]:
    """Entries without any date: each begins at a head line that holds a job title."""
    starts = [
        index
        for index, line in enumerate(lines)
        if is_head_line(line.text) and any(is_position(part) for part in pieces_of(line.text))
    ]
    heads: list[Head] = []
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(lines)
        after = heads[-1].last + 1 if heads else 0
        heads.append(_undated_head(lines, start, after=after, stop=stop))
    for number, head in enumerate(heads):
        stop = heads[number + 1].first if number + 1 < len(heads) else len(lines)
        highlights = _body(lines, head, first=head.last + 1, stop=stop)
        yield Work(
            position=head.position,
            name=head.name or head.team,
            start_date=None,
            end_date=None,
            current=False,
            highlights=highlights,
            start_line=lines[head.first].order,
            end_line=lines[stop - 1].order,
            position_line=lines[starts[number]].order,
        )


def _undated_head(lines: Sequence[Line], start: int, *, after: int, stop: int) -> Head:
    said = said_on(lines[start].text)
    head = Head(start, start, said.position, start, said.name, said.leftover, said.team)
    above, below = start - 1, start + 1
    if head.name is None and above >= after and _is_employer_line(lines, above):
        return replace(head, name=said_on(lines[above].text).name, first=above)
    if head.name is None and below < stop and is_head_line(lines[below].text):
        return replace(head, name=said_on(lines[below].text).name, last=below)
    return head


def _is_employer_line(lines: Sequence[Line], index: int) -> bool:
    said = said_on(lines[index].text)
    plain = said.name is not None and said.position is None
    return plain and is_head_line(lines[index].text) and stands_out(lines, index)
