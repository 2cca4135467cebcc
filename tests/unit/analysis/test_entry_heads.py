from __future__ import annotations

import pytest

from ml_service.analysis.work.entry_heads import said_on
from tests.unit.analysis.people import analysed

HEADS = [
    ("Globex Systems LLC | Cook", "Cook", "Globex Systems LLC"),
    ("Cook at Globex", "Cook", "Globex"),
    ("Nexus Labs, Co-Founder & CTO – Oslo, Norway", "Co-Founder & CTO", "Nexus Labs"),
    ("Software Developer XYZ Software Inc.", "Software Developer", "XYZ Software Inc."),
    ("Director, Product Management | Globex", "Director, Product Management", "Globex"),
    ("Test Engineer (20 hours per week)", "Test Engineer (20 hours per week)", None),
    ("Tutoring Program – State University", None, "Tutoring Program – State University"),
]


@pytest.mark.parametrize(("text", "position", "name"), HEADS)
def test_title_and_employer_of_one_line(text: str, position: str | None, name: str | None) -> None:
    said = said_on(text)
    assert (said.position, said.name) == (position, name)


def named(text: str) -> list[tuple[str | None, str | None]]:
    return [(job.position, job.name) for job in analysed(f"Experience\n{text}").work]


def test_several_roles_below_one_employer() -> None:
    text = (
        "Acme Corporation\nStaff Engineer, Platform Aug 2024 - Present\n• Led a migration\n"
        "Senior Engineer, Payments Jul 2022 - Aug 2024\n• Built things"
    )
    assert named(text) == [
        ("Staff Engineer", "Acme Corporation"),
        ("Senior Engineer", "Acme Corporation"),
    ]


def test_employer_with_the_dates_of_all_its_roles_is_no_job_of_its_own() -> None:
    text = (
        "Globex Inc 2015 - 2022\nStaff Engineer 2019 - 2022\n• Led\nEngineer 2015 - 2019\n• Built"
    )
    assert named(text) == [("Staff Engineer", "Globex Inc"), ("Engineer", "Globex Inc")]


def test_team_behind_a_comma_gives_way_to_the_employer_below() -> None:
    text = (
        "Software Engineer, Payments Platform Aug 2024 - Present\nWingtip Financial | Chicago, IL"
    )
    assert named(text) == [("Software Engineer", "Wingtip Financial")]


def test_place_beside_the_date_is_no_employer() -> None:
    text = "FABRIKAM | Software Engineer\nJan 2015 - Present | New York, NY\n• Built things"
    assert named(text) == [("Software Engineer", "FABRIKAM")]


def test_date_broken_over_two_lines() -> None:
    (job,) = analysed("Experience\nNurse | Globex Clinic | December\n2022–Present\n• Cared").work
    assert (job.position, job.start_date, job.current) == ("Nurse", "2022-12", True)
