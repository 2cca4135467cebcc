"""What was uploaded, and the text that was read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DocumentKind = Literal["pdf", "docx", "text"]
"""``text`` is never uploaded: training and evaluation take it from a table."""

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the page's upper left corner."""


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes whose kind was told from the content, never from the file name."""

    content: bytes
    filename: str
    kind: DocumentKind
    sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a person reads it.

    ``page`` counts from 1. ``box`` is None where the format has no geometry (DOCX). ``column``
    counts from 0, left to right. ``order`` is the line's index in reading order, from 0, over
    the whole document. ``font_size`` is in points.
    """

    text: str
    page: int
    box: Box | None
    column: int
    order: int
    font_size: float | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text was read.

    ``agreement`` in [0, 1] compares two independent readings and is None when one was enough.
    ``columns`` is the largest number of columns on a page. ``ocr_pages`` are pictures whose text
    was recognised, ``ocr_confidence`` in [0, 1] is the engine's own, weighted by letters;
    ``unread_pages`` show something that is not among the lines. Both count from 1, ascending.
    """

    engine: str
    agreement: float | None
    columns: int
    warnings: tuple[str, ...] = ()
    ocr_pages: tuple[int, ...] = ()
    ocr_confidence: float | None = None
    unread_pages: tuple[int, ...] = ()


HiddenReason = Literal["invisible", "background", "tiny", "off_page"]
"""``background``: drawn in the colour of what lies behind it."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """A line that the file holds and a person does not see; ``page`` and ``box`` as in Line."""

    page: int
    box: Box | None
    text: str
    reason: HiddenReason


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """``hidden`` is not among the lines."""

    lines: tuple[Line, ...]
    n_pages: int
    reading: Reading
    hidden: tuple[HiddenText, ...] = ()
