"""Lines no longer than a page could hold, whatever a document says.

What reads lines later looks at each from many places, so that time grows faster than length. A
paragraph of a DOCX has no width; one of a real resume has some hundred letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ml_service.domain.document import ExtractedText

MAX_LINE_LETTERS = 2_000


def broken_up(text: ExtractedText) -> ExtractedText:
    """Longer lines as several, broken at a blank where there is one; boxes stay as they were."""
    texts = [*(line.text for line in text.lines), *(part.text for part in text.hidden)]
    if all(len(written) <= MAX_LINE_LETTERS for written in texts):
        return text
    lines = [replace(line, text=piece) for line in text.lines for piece in _pieces(line.text)]
    hidden = [replace(part, text=piece) for part in text.hidden for piece in _pieces(part.text)]
    return replace(
        text,
        lines=tuple(replace(line, order=order) for order, line in enumerate(lines)),
        hidden=tuple(hidden),
    )


def _pieces(text: str) -> Iterator[str]:
    while len(text) > MAX_LINE_LETTERS:
        blank = text.rfind(" ", MAX_LINE_LETTERS // 2, MAX_LINE_LETTERS + 1)
        end = MAX_LINE_LETTERS if blank < 0 else blank
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text
