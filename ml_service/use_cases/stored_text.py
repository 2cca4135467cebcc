"""What was kept of a document, as it was when it had just been read."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.domain.document import ExtractedText, Line
from ml_service.domain.prediction import Analysis


def stored_text(lines: Sequence[Line], analysis: Analysis) -> ExtractedText:
    """Where the number of pages was not kept, the last page with text on it is the last."""
    last_page = max((line.page for line in lines), default=1)
    n_pages = last_page if analysis.n_pages is None else analysis.n_pages
    return ExtractedText(lines=tuple(lines), n_pages=n_pages, reading=analysis.reading)
