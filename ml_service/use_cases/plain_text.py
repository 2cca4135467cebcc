"""The text of a resume that comes without its document, as if it had been read from one."""

from __future__ import annotations

import hashlib
import re
import textwrap

from ml_service.domain.document import Document, ExtractedText, Line, Reading
from ml_service.domain.errors import EmptyDocument

_GAP = re.compile(r"\s{3,}|\t")
"""Where a table was made of web pages, what is left of a line's end is often a run of spaces."""

_WIDTH = 120
"""As on a page: of a text that is all one line, an encoder would only see the beginning."""


def document_of_text(text: str, *, name: str) -> Document:
    content = text.encode("utf-8", "replace")
    return Document(content, name, "text", hashlib.sha256(content).hexdigest())


def read_plain_text(text: str) -> ExtractedText:
    """Lines with text in them, of 120 characters at most, on one page.

    Raises EmptyDocument.
    """
    pieces = (piece for line in text.splitlines() for piece in _GAP.split(line.strip()))
    wrapped = [part for piece in pieces for part in _wrapped(piece)]
    if not wrapped:
        raise EmptyDocument
    lines = tuple(Line(part, 1, None, 0, order) for order, part in enumerate(wrapped))
    return ExtractedText(lines=lines, n_pages=1, reading=Reading("text", None, 1))


def _wrapped(piece: str) -> list[str]:
    return textwrap.wrap(piece, _WIDTH, break_on_hyphens=False)
