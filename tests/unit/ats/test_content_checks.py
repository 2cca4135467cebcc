from __future__ import annotations

from dataclasses import replace

import pytest

from ml_service.domain.resume import Section, SectionKind
from tests.unit.ats.resumes import (
    FILLER,
    Draft,
    build,
    check_in,
    check_of,
    report_of,
    scored,
)


def test_three_sections_with_content_pass_and_show_their_headings() -> None:
    check = check_of(Draft(), "sections")
    assert (check.status, check.earned) == ("pass", 15.0)
    assert [evidence.text for evidence in check.evidence] == [
        "Work Experience",
        "Education",
        "Skills",
    ]


@pytest.mark.parametrize(
    ("headings", "earned"),
    [
        (("work", "education"), 11.25),
        (("work", "skills"), 11.25),
        (("education", "skills"), 7.5),
        (("projects", "education", "skills"), 11.25),
    ],
)
def test_a_missing_section_costs_its_share(
    headings: tuple[SectionKind, ...], earned: float
) -> None:
    check = check_of(replace(Draft(), headings=headings), "sections")
    # Without work the checks on bullets and dates are skipped, so shares are compared.
    assert check.earned / check.weight == pytest.approx(earned / 15, abs=0.001)
    assert check.status == "partial"
    assert check.fix is not None


def test_a_heading_with_nothing_below_is_no_section() -> None:
    check = check_of(replace(Draft(), education=False), "sections")
    assert check.status == "partial"
    assert check.fix is not None
    assert "Education" in check.fix


def test_a_heading_with_its_text_on_the_same_line_is_a_section() -> None:
    extracted, profile = build(Draft())
    skills = profile.sections[-1]
    lines = list(extracted.lines)
    lines[skills.heading_line] = replace(lines[skills.heading_line], text="Skills: Python, SQL")
    inline = Section("skills", "Skills", *(skills.heading_line,) * 3)
    profile = replace(profile, sections=(*profile.sections[:-1], inline))
    extracted = replace(extracted, lines=tuple(lines))
    report = scored(extracted, profile)
    assert check_in(report, "sections").status == "pass"


def test_work_without_a_heading_counts_in_part() -> None:
    extracted, profile = build(Draft())
    profile = replace(profile, sections=profile.sections[1:])
    report = scored(extracted, profile)
    assert check_in(report, "sections").earned == 11.25


def test_no_history_at_all_is_capped() -> None:
    report = report_of(replace(Draft(), headings=("skills",)))
    assert report.cap is not None
    assert report.ats_score <= report.cap.limit == 45.0


def test_contact_in_the_text_passes_and_is_shown() -> None:
    check = check_of(Draft(), "contact")
    assert (check.status, check.earned) == ("pass", 10.0)
    assert [evidence.text for evidence in check.evidence] == [
        "ada.sample@example.com",
        "+1 202 555 0143",
        "example.com/ada",
    ]


@pytest.mark.parametrize(
    ("phone", "link", "earned"),
    [(None, "example.com/ada", 7.0), ("+1 202 555 0143", None, 9.0), (None, None, 6.0)],
)
def test_phone_and_link_earn_their_share(
    phone: str | None, link: str | None, earned: float
) -> None:
    check = check_of(replace(Draft(), phone=phone, link=link), "contact")
    assert (check.status, check.earned) == ("partial", earned)


def test_a_missing_email_fails_and_caps_the_score_at_60() -> None:
    report = report_of(replace(Draft(), email=None))
    assert check_in(report, "contact").status == "fail"
    assert report.cap is not None
    assert (report.cap.limit, report.ats_score) == (60.0, 60.0)


def test_an_email_that_does_not_stand_in_the_text_is_missing() -> None:
    extracted, profile = build(replace(Draft(), email=None))
    contact = replace(profile.contact, email="behind.an.icon@example.com")
    report = scored(extracted, replace(profile, contact=contact))
    assert check_in(report, "contact").status == "fail"


def test_an_email_broken_over_two_lines_is_found() -> None:
    extracted, profile = build(Draft())
    lines = list(extracted.lines)
    lines[1] = replace(lines[1], text="Ada.Sample@")
    lines[2] = replace(lines[2], text="example.com 202-555-0143")
    extracted = replace(extracted, lines=tuple(lines))
    check = check_in(scored(extracted, profile), "contact")
    assert check.status == "pass"
    assert check.evidence[0].text == "Ada.Sample@"


@pytest.mark.parametrize(
    ("n_lines", "status"), [(0, "partial"), (12, "pass"), (70, "partial"), (120, "fail")]
)
def test_length_is_judged_by_words(n_lines: int, status: str) -> None:
    check = check_of(replace(Draft(), more=(FILLER,) * n_lines), "length")
    assert check.status == status
    assert len(check.evidence) == 1
    assert (check.fix is None) == (status == "pass")


def test_a_text_of_few_words_earns_nothing_for_its_length() -> None:
    draft = replace(Draft(), jobs=(), more=(), headings=("work", "education", "skills"))
    extracted, profile = build(draft)
    extracted = replace(extracted, lines=(*extracted.lines,))
    report = scored(extracted, profile)
    assert check_in(report, "length").earned == 0.0
