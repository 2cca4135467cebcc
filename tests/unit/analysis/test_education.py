from __future__ import annotations

import pytest

from tests.unit.analysis.people import analysed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "B.S. in Computer Science\nRidgemont State University | Aug 2013 - May 2017",
            ("Ridgemont State University", "Computer Science", "B.S.", "2013-08", "2017-05"),
        ),
        (
            "Bachelor of Science in Accounting, State University, 2014",
            ("State University", "Accounting", "Bachelor of Science", None, "2014"),
        ),
        (
            "2008\nTulane University City , State Bachelor of Science : Information Systems",
            ("Tulane University", "Information Systems", "Bachelor of Science", None, "2008"),
        ),
        (
            "Bachelor of Science, State University\n2008 ï¼\u200b 2012",
            ("State University", None, "Bachelor of Science", "2008", "2012"),
        ),
        (
            "Bachelor of Science | State University | 2008 â€“ 2012",
            ("State University", None, "Bachelor of Science", "2008", "2012"),
        ),
        ("High School Diploma\n2004", (None, None, "High School Diploma", None, "2004")),
    ],
)
def test_degree_field_school_and_years(
    text: str, expected: tuple[str | None, str | None, str | None, str | None, str | None]
) -> None:
    (entry,) = analysed(f"Education\n{text}").education
    found = (entry.institution, entry.area, entry.study_type, entry.start_date, entry.end_date)
    assert found == expected


def test_each_degree_is_an_entry() -> None:
    text = (
        "Education\nMaster of Science in Biology, North University, 2012\n"
        "Bachelor of Arts in History, South College, 2009"
    )
    assert [entry.area for entry in analysed(text).education] == ["Biology", "History"]


def entries(text: str) -> list[tuple[str | None, str | None, str | None]]:
    found = analysed(f"Education\n{text}").education
    return [(entry.study_type, entry.area, entry.institution) for entry in found]


def test_school_that_no_word_gives_away_beside_its_date() -> None:
    text = "Caltech Sep 2022 - Present\nPh.D., Applied Mathematics\nUC Berkeley 2019\nB.S. Biology"
    assert entries(text) == [
        ("Ph.D.", "Applied Mathematics", "Caltech"),
        ("B.S.", "Biology", "UC Berkeley"),
    ]


def test_programs_without_a_degree() -> None:
    text = "Web Development Program (2022)\nGeneral Assembly\nData Immersive (2021)\nBrainStation"
    assert entries(text) == [
        ("Web Development Program", None, "General Assembly"),
        ("Data Immersive", None, "BrainStation"),
    ]


def test_courses_and_honours_are_no_entries() -> None:
    text = (
        "B.S. Computer Science, State University, Springfield, 2019\n"
        "Relevant Coursework: Operating Systems\n• Master thesis on ships\nDean's List 2015-2016"
    )
    assert entries(text) == [("B.S.", "Computer Science", "State University, Springfield")]


def test_state_behind_a_city_is_no_degree() -> None:
    assert entries("State University Boston, MA\nBachelor of Arts in History") == [
        ("Bachelor of Arts", "History", "State University")
    ]
