from __future__ import annotations

from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.extraction.pdf.agreement import better_reading, order_agreement


def reading(*lines: str, engine: str = "pdfium") -> ExtractedText:
    return ExtractedText(
        lines=tuple(Line(text=t, page=1, box=None, column=0, order=i) for i, t in enumerate(lines)),
        n_pages=1,
        reading=Reading(engine=engine, agreement=None, columns=1),
    )


def test_same_order_agrees_fully_and_reversed_order_not_at_all() -> None:
    assert order_agreement(["a", "b", "c"], ["a", "b", "c"]) == 1
    assert order_agreement(["a", "b", "c"], ["c", "b", "a"]) == 0
    assert order_agreement([], []) == 1


def test_reading_that_the_drawing_order_bears_out_is_kept() -> None:
    first, second = reading("a c", "b d"), reading("a b", "c d", engine="pdfminer")
    assert better_reading(first, second, drawn=["a", "b", "c", "d"]).reading.engine == "pdfminer"
    assert better_reading(first, second, drawn=["a", "c", "b", "d"]).reading.engine == "pdfium"


def test_failed_second_reading_leaves_the_first_with_a_warning() -> None:
    kept = better_reading(reading("a"), None, drawn=["a"])
    assert kept.reading.agreement is None
    assert kept.reading.warnings == ("order_doubtful", "second_reading_failed")


def test_disagreement_is_reported() -> None:
    kept = better_reading(reading("a b c"), reading("c b a"), drawn=["a", "b", "c"])
    assert kept.reading.agreement == 0
    assert "readings_disagree" in kept.reading.warnings
