from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.ats.resumes import (
    EARLIER,
    Draft,
    Job,
    build,
    check_in,
    check_of,
    scored,
)


def test_complete_ranges_in_one_way_pass_and_show_their_lines() -> None:
    check = check_of(Draft(), "dates")
    assert (check.status, check.earned) == ("pass", 10.0)
    assert [evidence.text for evidence in check.evidence] == [
        "Mar 2020 - Present",
        "Jan 2016 - Feb 2020",
    ]


@pytest.mark.parametrize(
    ("job", "earned", "word"),
    [
        (replace(EARLIER, end="2015-02", dates="Jan 2016 - Feb 2015"), 8.5, "before they start"),
        (replace(EARLIER, end="2024-07", dates="Jan 2016 - Jul 2024"), 8.5, "future"),
        (replace(EARLIER, start="2025", end="2026", dates="Jan 2025 - Mar 2026"), 8.5, "future"),
        (replace(EARLIER, dates="01/2016 - 02/2020"), 9.0, "one way"),
        (replace(EARLIER, end=None, dates="Jan 2016"), 7.5, "start and an end"),
        (replace(EARLIER, start=None, end=None, dates="some time"), 7.5, "start and an end"),
    ],
)
def test_a_wrong_entry_costs_its_part_and_is_shown(job: Job, earned: float, word: str) -> None:
    check = check_of(replace(Draft(), jobs=(Job(), job)), "dates")
    assert (check.status, check.earned) == ("partial", earned)
    assert check.fix is not None
    assert word in check.fix
    expected = job.dates if "20" in job.dates else f"{job.position}, {job.name}"
    assert [evidence.text for evidence in check.evidence] == [expected]


def test_an_end_in_the_month_of_the_document_is_not_the_future() -> None:
    job = replace(EARLIER, end="2024-06", dates="Jan 2016 - Jun 2024")
    assert check_of(replace(Draft(), jobs=(Job(), job)), "dates").status == "pass"


def test_a_year_is_not_after_its_own_months() -> None:
    job = replace(EARLIER, start="2016-05", end="2016", dates="May 2016 - December 2016")
    assert check_of(replace(Draft(), jobs=(Job(), job)), "dates").status == "pass"


def test_years_inside_bullets_date_nothing() -> None:
    job = replace(EARLIER, bullets=("Moved 40 servers in 2017 and again in 03/2018 to a new hall",))
    assert check_of(replace(Draft(), jobs=(Job(), job)), "dates").status == "pass"


def test_entries_without_any_date_fail() -> None:
    job = replace(EARLIER, start=None, end=None, dates="for a while")
    assert check_of(replace(Draft(), jobs=(job,)), "dates").status == "fail"


def test_a_work_section_in_which_no_entry_is_found_fails_with_its_heading() -> None:
    extracted, profile = build(Draft())
    report = scored(extracted, replace(profile, work=()))
    check = check_in(report, "dates")
    assert check.status == "fail"
    assert [evidence.text for evidence in check.evidence] == ["Work Experience"]


def test_without_any_work_dates_are_not_judged() -> None:
    check = check_of(replace(Draft(), headings=("education", "skills")), "dates")
    assert (check.status, check.weight) == ("skipped", 0.0)
