"""Where the sections of a resume begin and end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ml_service.analysis.carried_sections import with_carried
from ml_service.analysis.headings import heading_kind, loose_heading_kind
from ml_service.analysis.phrases.folding import close_letter_spacing, is_bullet
from ml_service.analysis.phrases.paragraphs import is_open
from ml_service.domain.document import Line
from ml_service.domain.resume import Section, SectionKind

_MAX_HEADING_CHARS = 60
_MAX_HEADING_WORDS = 7
_LEADING = 1.6
_INLINE = re.compile(r"^(?P<heading>[^:]{3,40}?)\s*:\s*(?P<rest>\S.*)$")
_INLINE_KINDS: frozenset[SectionKind] = frozenset(
    {"skills", "languages", "education", "certificates", "summary", "interests", "references"}
)


_RAIL_KINDS: frozenset[SectionKind] = frozenset({"summary", "work", "education", "skills"})
_MIN_RAIL_CHARS = 6


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line that heads a section; ``inline`` when the content begins on the same line.

    ``last`` is the second line of a heading that is broken over two.
    """

    line: Line
    kind: SectionKind
    heading: str
    inline: bool = False
    last: Line | None = None


def find_sections(lines: Sequence[Line]) -> tuple[Section, ...]:
    """Sections in reading order; each ends where the next begins.

    A heading is a line that says nothing but the name of a section. In a document whose
    headings stand out by size, weight or capitals, a plain line of the same words is text.
    """
    body = _body_size(lines)
    marks = _without_plain_ones(list(_marks(lines, body)), body)
    if not marks:
        return ()
    ends = [mark.line.order - 1 for mark in marks[1:]] + [lines[-1].order]
    sections = [
        Section(
            kind=mark.kind,
            heading=mark.heading,
            heading_line=mark.line.order,
            start_line=_first_line(mark, end),
            end_line=max(end, mark.line.order),
        )
        for mark, end in zip(marks, ends, strict=True)
    ]
    return with_carried(sections, lines)


def lines_of(
    lines: Sequence[Line], sections: Sequence[Section], kind: SectionKind
) -> tuple[tuple[Line, ...], ...]:
    """The content of every section of ``kind``, without standalone headings.

    Parts of one section, which goes on below another column, are one.
    """
    content: dict[int, tuple[Line, ...]] = {}
    for section in sections:
        if section.kind == kind:
            own = tuple(
                line
                for line in lines
                if section.start_line <= line.order <= section.end_line
                and not _is_heading(line, section)
            )
            content[section.heading_line] = (*content.get(section.heading_line, ()), *own)
    return tuple(content.values())


def _is_heading(line: Line, section: Section) -> bool:
    if line.order == section.heading_line:
        return line.text.strip() == section.heading
    broken = section.start_line == section.end_line == line.order == section.heading_line + 1
    return broken and section.heading.endswith(f" {line.text.strip()}")


def _marks(lines: Sequence[Line], body_size: float | None) -> Iterator[_Mark]:
    current: SectionKind | None = None
    skipped: Line | None = None
    for index, line in enumerate(lines):
        if line is skipped:
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        mark = _broken(line, following, body_size) or _standalone(line, body_size)
        mark = mark or _inline(line, within=current)
        if mark is not None and index > 0 and _ends_another(lines[index - 1], line):
            continue
        if mark is not None:
            current = mark.kind
            skipped = mark.last
            yield mark


def _ends_another(before: Line, line: Line) -> bool:
    """``Technology`` close below ``Institute of``, both bold, is no heading."""
    if line.box is None or before.box is None or line.page != before.page or not line.bold:
        return False
    alike = line.font_size == before.font_size and line.bold == before.bold
    close = line.box[1] - before.box[1] <= _LEADING * (line.box[3] - line.box[1])
    return alike and close and abs(line.box[0] - before.box[0]) < 3 and is_open(before.text)


def _broken(line: Line, following: Line | None, body_size: float | None) -> _Mark | None:
    """``ACADEMIC`` above ``BACKGROUND``, printed alike: one heading in a narrow column."""
    if following is None or line.box is None or following.box is None:
        return None
    alike = line.font_size == following.font_size and line.bold == following.bold
    below = line.page == following.page and abs(line.box[0] - following.box[0]) < 3
    if not (alike and below and _stands_out(line, body_size) and _stands_out(following, body_size)):
        return None
    height = line.box[3] - line.box[1]
    if not 0 <= following.box[1] - line.box[1] < _LEADING * height or is_bullet(following.text):
        return None
    heading = f"{line.text.strip()} {following.text.strip()}"
    kind = heading_kind(heading) if len(heading) <= _MAX_HEADING_CHARS else None
    return None if kind is None else _Mark(line, kind, heading, last=following)


def _standalone(line: Line, body_size: float | None) -> _Mark | None:
    text = close_letter_spacing(line.text)
    if len(text) > _MAX_HEADING_CHARS or len(text.split()) > _MAX_HEADING_WORDS:
        return None
    first = next((mark for mark in text if mark.isalnum()), "")
    if is_bullet(text) or not first or first.islower() or text.endswith((".", ",", ";")):
        return None
    kind = heading_kind(text)
    if kind is None and _stands_out(line, body_size) and not any(map(str.isdigit, text)):
        kind = loose_heading_kind(text)
    return None if kind is None else _Mark(line, kind, line.text.strip())


def _inline(line: Line, *, within: SectionKind | None) -> _Mark | None:
    """``Skills: Python, SQL``, unless it is a label inside a job or a list of skills."""
    match = _INLINE.match(line.text.strip())
    if match is None or is_bullet(line.text):
        return _rail(line)
    heading = match["heading"]
    kind = heading_kind(heading)
    if kind is None or kind not in _INLINE_KINDS or heading[0].islower():
        return None
    if within in ("work", "skills", "projects", "education") and not heading.isupper():
        return None
    return _Mark(line, kind, heading, inline=True)


def _rail(line: Line) -> _Mark | None:
    """``EDUCATION State University``: a heading in capitals at the left of its content."""
    words = line.text.split()
    capitals = list(takewhile(str.isupper, words))
    heading = " ".join(capitals)
    if not capitals or len(capitals) == len(words) or len(heading) < _MIN_RAIL_CHARS:
        return None
    kind = heading_kind(heading)
    if kind is None or kind not in _RAIL_KINDS:
        return None
    return _Mark(line, kind, heading, inline=True)


def _without_plain_ones(marks: list[_Mark], body_size: float | None) -> list[_Mark]:
    distinct = {mark.line.order for mark in marks if _stands_out(mark.line, body_size)}
    if len(distinct) < 3:
        return marks
    return [
        mark
        for mark in marks
        if mark.inline or mark.line.order in distinct or mark.line.text.rstrip().endswith(":")
    ]


def _stands_out(line: Line, body_size: float | None) -> bool:
    larger = bool(body_size and line.font_size and line.font_size > body_size * 1.05)
    return larger or line.bold or line.text.isupper()


def _body_size(lines: Sequence[Line]) -> float | None:
    """The font size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.font_size is not None:
            sizes[line.font_size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else None


def _first_line(mark: _Mark, end: int) -> int:
    if mark.last is not None:
        return min(mark.last.order + 1, max(end, mark.last.order))
    return mark.line.order if mark.inline else min(mark.line.order + 1, max(end, mark.line.order))
