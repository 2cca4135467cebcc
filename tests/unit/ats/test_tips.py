from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.ats.resumes import EARLIER, GOOD_BULLETS, Draft, Job, report_of, with_bullets


def test_a_good_resume_gets_no_tips() -> None:
    assert report_of(Draft()).tips == ()


def test_a_gap_is_a_tip_without_points() -> None:
    gap = replace(EARLIER, end="2018-02", dates="Jan 2016 - Feb 2018")
    report = report_of(replace(Draft(), jobs=(Job(), gap)))
    assert any("24 months before 2020-03" in tip for tip in report.tips)
    assert report.ats_score == report_of(Draft()).ats_score


def test_overlapping_jobs_leave_no_gap() -> None:
    long_job = Job("Clerk", "Harbor Labs", "Jan 2010 - May 2024", "2010-01", "2024-05", False)
    short = Job("Clerk", "Tarn Office", "Jan 2011 - Feb 2011", "2011-01", "2011-02", False)
    assert report_of(replace(Draft(), jobs=(Job(), short, long_job))).tips == ()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("In this job I was in charge of my own team", "'I' or 'my': 1"),
        ("Company Name â€“ City", "broken characters"),
        ("Date of birth: 1 May 1980", "family status"),
    ],
)
def test_matters_of_style_are_tips_without_points(line: str, word: str) -> None:
    report = report_of(replace(Draft(), more=(line, *Draft().more)))
    assert any(word in tip for tip in report.tips)
    assert report.ats_score == report_of(Draft()).ats_score


def test_duties_are_named() -> None:
    report = report_of(with_bullets("Responsible for the files of 9 offices", *GOOD_BULLETS))
    assert any("duty" in tip for tip in report.tips)
