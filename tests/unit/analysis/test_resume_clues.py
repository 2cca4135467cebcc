from __future__ import annotations

import pytest

from ml_service.analysis.recognition.clues import clues_of, share_of_code
from ml_service.analysis.recognition.recognition import WEIGHTS
from tests.unit.analysis.people import analysed

JOBS = """Experience
Accountant, Northwind, 2019 - Present
Closed the books
Clerk, Southwind, 2015 - 2019
Sorted invoices
Education
Bachelor of Science in Accounting, State University, 2014"""


def clues(text: str) -> dict[str, float]:
    return clues_of(text.splitlines(), analysed(text))


def test_every_clue_has_a_weight_and_every_weight_a_clue() -> None:
    assert list(clues(JOBS)) == list(WEIGHTS)


def test_a_career_is_counted() -> None:
    found = clues(JOBS)
    assert (found["dated_jobs"], found["ranges"], found["open_ranges"]) == (2, 2, 1)
    assert (found["titles_by_ranges"], found["sections"]) == (2, 2)
    assert (found["degrees"], found["dated_degrees"], found["studies"]) == (1, 1, 1)
    assert found["verbs_first"] == pytest.approx(2 / (7 + 8))


def test_ranges_far_from_any_occupation_are_no_jobs() -> None:
    years = "\n".join(f"Printed on paper {year} - {year + 1}" for year in range(2001, 2011))
    found = clues(years)
    assert (found["ranges"], found["titles_by_ranges"], found["dated_jobs"]) == (6, 0, 0)


def test_an_advert_is_told_by_whom_it_speaks_to() -> None:
    advert = clues(
        "You will join our team. We offer a salary. The successful candidate must apply."
    )
    assert advert["advert_phrases"] >= 4
    assert advert["address"] > clues(JOBS)["address"] == 0
    assert advert["advert_words"] > clues(JOBS)["advert_words"] == 0


def test_a_very_short_text_gets_no_high_share() -> None:
    assert clues("Tested")["verbs_first"] < 0.2
    assert clues("the")["prose"] < 5


@pytest.mark.parametrize(
    ("text", "share"), [("import os\nx = 1;\nplain words\nmore words", 0.5), ("", 0.0)]
)
def test_lines_of_code_are_a_share(text: str, share: float) -> None:
    assert share_of_code(text.splitlines()) == share
