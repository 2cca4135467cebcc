from __future__ import annotations

import pytest

from ml_service.analysis.skills.items import items_of
from tests.unit.analysis.people import analysed, analysed_page


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Tools: Git, Docker", ["Git", "Docker"]),
        ("Git: advanced", ["Git"]),
        ("Java (5 years), SQL (Less than 1 year)", ["Java", "SQL"]),
        ("Python (pandas, NumPy)", ["Python", "pandas", "NumPy"]),
        ("Proficient in Excel | Advanced | Payroll", ["Excel", "Payroll"]),
        ("Over 5000 lines:", []),
        ("Python, Go Frameworks: Django, Flask", ["Python", "Go", "Django", "Flask"]),
    ],
)
def test_labels_levels_and_durations_are_no_skills(text: str, items: list[str]) -> None:
    assert list(items_of(text)) == items


def test_names_that_share_a_stroke_are_told_apart() -> None:
    profile = analysed("Skills\nMicrosoft Word/Excel/PowerPoint")
    assert [skill.name for skill in profile.skills] == [
        "Microsoft Word", "Microsoft Excel", "Microsoft PowerPoint",
    ]  # fmt: skip
    assert {skill.written for skill in profile.skills} == {"Microsoft Word/Excel/PowerPoint"}


def test_item_in_a_narrow_column_goes_on_in_small_letters() -> None:
    profile = analysed_page("Skills\nExcel, Wound\ncare, Patient triage,\nPython")
    assert [skill.name for skill in profile.skills] == [
        "Microsoft Excel", "Wound care", "Patient triage", "Python",
    ]  # fmt: skip
