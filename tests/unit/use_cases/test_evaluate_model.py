from __future__ import annotations

import pytest

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.errors import EmptyDocument
from ml_service.use_cases.evaluate_model import without_first_line


def extracted(*texts: str) -> ExtractedText:
    lines = tuple(Line(text, 1, None, 0, order) for order, text in enumerate(texts))
    return ExtractedText(lines=lines, n_pages=1, reading=Reading("test", None, 1))


def test_the_first_line_with_text_is_hidden_and_the_rest_counted_anew() -> None:
    hidden = without_first_line(extracted("  ", "Registered Nurse", "Summary", "Ward nurse"))

    assert [(line.order, line.text) for line in hidden.lines] == [
        (0, "Summary"),
        (1, "Ward nurse"),
    ]


def test_a_text_of_one_line_is_empty_without_it() -> None:
    with pytest.raises(EmptyDocument):
        without_first_line(extracted("Registered Nurse"))
