from __future__ import annotations

import pytest

from ml_service.job_sources.stated_facts import stated_employment_types, stated_remote


@pytest.mark.parametrize(
    ("title", "location", "description", "remote"),
    [
        ("Remote Tutor", None, "", True),
        ("Tutor (REMOTE)", "Richmond, VA", "", True),
        ("Tutor", "Remote", "", True),
        ("Tutor", None, "Pay: 20\n- Location: Remote.\n", True),
        ("Tutor", None, "Workplace type: Hybrid", False),
        ("Remote Tutor", None, "Work location: On-site", False),
        ("Tutor", None, "Location: Remote or Onsite", None),
        ("Remote Sensing Analyst", None, "", None),
        ("Tutor - Hybrid (Ohio/Remote)", None, "", None),
        ("Non-remote Tutor", None, "", None),
        ("Sell Remotely", None, "", None),
        ("Tutor", "Leeds", "You work with remote teams.\nTeams: Remote", None),
    ],
)
def test_remote_is_read_where_it_is_stated_plainly(
    title: str, location: str | None, description: str, remote: bool | None
) -> None:
    said = stated_remote(None, title=title, location=location, description=description)

    assert said is remote


@pytest.mark.parametrize(
    ("title", "description", "kinds"),
    [
        ("Part-Time Tutor", "", ("PARTTIME",)),
        ("Tutor (Full time)", "", ("FULLTIME",)),
        ("Coach - Contract (Part-time)", "", ("PARTTIME", "CONTRACTOR")),
        ("Data Science Intern", "", ("INTERN",)),
        ("Summer Internship - Finance", "", ("INTERN",)),
        ("Tutor", "Job type: Contract, Part-Time", ("CONTRACTOR", "PARTTIME")),
        ("Tutor", "* Employment Type: FULL_TIME", ("FULLTIME",)),
        ("Tutor", "Job types: Full-time or Temporary", ("FULLTIME", "TEMPORARY")),
        ("Contract Manager", "", ()),
        ("General Contractor Instructor", "", ()),
        ("Engineer - Contract-to-Hire", "", ()),
        ("Tutor", "Job type: not full-time", ()),
        ("Tutor", "Perks: part-time staff get benefits.\nWe hire part-time staff.", ()),
    ],
)
def test_employment_types_are_read_where_they_are_stated_plainly(
    title: str, description: str, kinds: tuple[str, ...]
) -> None:
    assert stated_employment_types(title=title, description=description) == kinds
