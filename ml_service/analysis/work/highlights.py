"""What a work entry says below its head: bullets or sentences, each in one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ml_service.analysis.phrases.folding import is_bullet, is_numbered, without_bullet
from ml_service.analysis.phrases.wrapping import had_room
from ml_service.analysis.work.entry_lines import begins_with_past
from ml_service.domain.document import Line
from ml_service.domain.resume import Highlight

_HAND_BROKEN = 60
_FULL_LINE = 0.72
_MIN_INDENT, _MAX_INDENT = 4.0, 40.0
_MIN_NUMBERED = 2
_OPEN_WORDS = frozenset(
    {"by", "of", "to", "from", "at", "in", "for", "than", "and", "with", "over"}
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a body is set.

    ``lines`` are those of the whole section and ``width`` is the length of the longest;
    ``numbered``: its items begin "1.", "2."; ``set_in``: without marks, but further in than its
    head, as a list whose marks are drawn as shapes.
    """

    lines: Sequence[Line]
    width: int
    bulleted: bool
    numbered: bool
    set_in: bool


def find_highlights(
    body: Sequence[Line], *, head: Line, leftover: Highlight | None, lines: Sequence[Line]
) -> tuple[Highlight, ...]:
    """The lines of ``body`` put together; a line on a page goes on the one before if that was
    full or it starts small.

    ``lines`` are those of the section; ``leftover`` stood behind a title in the head.
    """
    layout = _layout(body, head, lines)
    texts = [] if leftover is None else [(leftover.text, leftover.line)]
    before: Line | None = None
    for line in body:
        text = _text(line, layout)
        if not any(map(str.isalpha, text)) and not (texts and _asks_for_more(texts[-1][0], text)):
            continue
        if texts and _goes_on(line, before, layout):
            texts[-1] = (f"{texts[-1][0]} {text}", texts[-1][1])
        else:
            texts.append((text, line.order))
        before = line
    return tuple(Highlight(text, order) for text, order in texts)


def _layout(body: Sequence[Line], head: Line, lines: Sequence[Line]) -> _Layout:
    numbered = sum(is_numbered(line.text) for line in body) >= _MIN_NUMBERED
    bulleted = numbered or any(is_bullet(line.text) for line in body)
    return _Layout(
        lines=lines,
        width=max(len(line.text) for line in lines),
        bulleted=bulleted,
        numbered=numbered,
        set_in=not bulleted and _is_set_in(body, head),
    )


def _is_set_in(body: Sequence[Line], head: Line) -> bool:
    if head.box is None or not body:
        return False
    indents = [line.box[0] - head.box[0] for line in body if line.box and line.page == head.page]
    return len(indents) == len(body) and _MIN_INDENT <= min(indents) <= max(indents) <= _MAX_INDENT


def _text(line: Line, layout: _Layout) -> str:
    if layout.numbered and is_numbered(line.text):
        return line.text.split(maxsplit=1)[1].strip()
    return without_bullet(line.text)


def _asks_for_more(before: str, figure: str) -> bool:
    """``Raised sales by`` and below it ``51%``; another figure alone is the number of a page."""
    return any(map(str.isdigit, figure)) and before.rsplit(maxsplit=1)[-1] in _OPEN_WORDS


def _goes_on(line: Line, before: Line | None, layout: _Layout) -> bool:
    """Whether ``line`` is of the same text as what stands before it; None is the head."""
    if is_bullet(line.text) or (layout.numbered and is_numbered(line.text)):
        return False
    previous = "" if before is None else before.text
    if line.box is None:
        # A line of a DOCX is a paragraph of its own, unless somebody broke its lines by hand.
        return _is_broken_by_hand(line.text, previous)
    if not _continues(line.text, previous, bulleted=layout.bulleted, width=layout.width):
        return False
    if not layout.set_in or before is None or line.text.strip()[:1].islower():
        return True
    return not had_room(layout.lines, before, line)


def _is_broken_by_hand(text: str, previous: str) -> bool:
    """A long line without an end, and below it one that begins small, as pasted text has them."""
    unfinished = len(previous) > _HAND_BROKEN and not previous.rstrip().endswith(
        (".", "!", "?", ":", ";")
    )
    return unfinished and text.strip()[:1].islower()


def _continues(text: str, previous: str, *, bulleted: bool, width: int) -> bool:
    if text.strip()[:1].islower():
        return True
    if not bulleted and begins_with_past(text) and not previous.rstrip().endswith(","):
        return False
    if previous.rstrip().endswith((".", "!", "?", ":")):
        return bulleted and len(previous) > width * _FULL_LINE
    return bulleted or len(previous) > width * _FULL_LINE
