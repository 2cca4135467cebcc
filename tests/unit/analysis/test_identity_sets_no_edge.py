from __future__ import annotations

import pytest

from ml_service.analysis.profile import analyse_profile
from ml_service.domain.document import ExtractedText, Line, Reading
from ml_service.domain.resume import ResumeProfile
from tests.unit.analysis.people import TODAY, VOCABULARY

WIDTH = 5.0
RAIL = ["Skills", "Python, SQL, R", "Excel, Word", "Languages", "French, English", "German"]
MAIN = [
    "Work Experience",
    "Senior Warehouse Supervisor of a Large Depot",
    "Division",
    "Larkspur Freight, March 2015 - May 2019",
    "Assist the site lead with safety before builds",
    "Safety orientation and training for new staff",
    "Run the daily count of pallets and cages there",
    "Keep records of all deliveries for the office",
]


def two_columns(email: str) -> ExtractedText:
    """A rail, and beside it who it is, with the work below."""
    texts = [(40.0, 0, text) for text in RAIL]
    main = [f"{email} | +1 202 555 0143", *MAIN]
    texts += [(200.0, 1, text) for text in main]
    lines, tops = [], {0: 100.0, 1: 100.0}
    for order, (left, column, text) in enumerate(texts):
        top = tops[column] = tops[column] + 12
        box = (left, top, left + WIDTH * len(text), top + 10)
        lines.append(Line(text, 1, box, column, order, 10.0))
    return ExtractedText(tuple(lines), 1, Reading("test", None, 2))


def analysed(email: str) -> ResumeProfile:
    return analyse_profile(two_columns(email), document_date=TODAY, vocabulary=VOCABULARY)


@pytest.mark.parametrize("email", ["jo@example.com", f"{'margarethe.' * 4}olsen@example.com"])
def test_the_length_of_an_address_moves_no_line_of_the_work(email: str) -> None:
    assert analysed(email).work == analysed("kim.baker@example.com").work
