from __future__ import annotations

from dataclasses import replace

import pytest

from ml_service.ats.hygiene_check import is_keyword_list
from ml_service.domain.document import Reading
from tests.unit.ats.resumes import FILLER, Draft, build, check_of, submitted


def test_a_clean_resume_passes() -> None:
    check = check_of(Draft(), "hygiene")
    assert (check.status, check.earned, check.fix) == ("pass", 5.0, None)


@pytest.mark.parametrize(
    "line",
    [
        "References available upon request",
        "References:",
        "SSN: 219-09-9999",
        "Social Security No. 219 09 9999",
        "219-09-9999",
        "Passport number: X1234567",
        "Driver's license no. D123-4567",
    ],
)
def test_what_does_not_belong_costs_one_part_and_is_shown(line: str) -> None:
    check = check_of(replace(Draft(), more=(line, *Draft().more)), "hygiene")
    assert (check.status, check.earned) == ("partial", 3.75)
    assert [evidence.text for evidence in check.evidence] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Clean driver's license",
        "Checked references of the 12 new tenants",
        "Wrote the reference manual",
        "Helped with passport and visa applications",
        "Call 202-555-0143",
        "Part number 000-12-3456",
    ],
)
def test_ordinary_lines_cost_nothing(line: str) -> None:
    assert check_of(replace(Draft(), more=(line, *Draft().more)), "hygiene").status == "pass"


def test_a_phone_number_that_looks_like_an_identity_number_is_none() -> None:
    assert check_of(replace(Draft(), phone="219-09-9999"), "hygiene").status == "pass"


def test_an_empty_section_is_shown_by_its_heading() -> None:
    check = check_of(replace(Draft(), education=False), "hygiene")
    assert check.status == "partial"
    assert [evidence.text for evidence in check.evidence] == ["Education"]


def test_a_word_repeated_without_end_is_stuffing() -> None:
    line = "welding trainer welding and welding with welding"
    check = check_of(replace(Draft(), more=(line,) * 12), "hygiene")
    assert check.status == "partial"
    assert {evidence.text for evidence in check.evidence} == {line}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python java sql linux docker kubernetes terraform ansible jenkins spark", True),
        ("point of sale, data entry, cash handling, front desk, budget planning, audits", True),
        ("Led the budget and the audits of the front desk, the stock and the data entry", False),
        (FILLER, False),
    ],
)
def test_lists_of_keywords_are_recognised_and_running_text_is_not(
    text: str, expected: bool
) -> None:
    extracted, profile = build(Draft(jobs=(), more=(text,) * 10, headings=("skills",)))
    submission = submitted(extracted, profile)
    assert is_keyword_list(submission) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ansvarade för budgeten och ledde arbetet med att bygga en ny webbplats till kunden",
            False,
        ),
        ("Prowadzenie projektów dla klientów oraz wsparcie zespołu w pracy z danymi", False),
        ("负责 项目 管理 团队 合作 数据 分析 客户 关系", False),
        ("Docker, Kubernetes, Ansible, Terraform, Jenkins, Hadoop, Spark, Kafka", True),
    ],
)
def test_other_languages_are_not_taken_for_keywords(text: str, expected: bool) -> None:
    extracted, profile = build(Draft(jobs=(), more=(text,) * 20, headings=("skills",)))
    profile = replace(profile, language="sv")
    submission = submitted(extracted, profile)
    assert is_keyword_list(submission) is expected


def test_hidden_text_costs_a_part_where_the_reading_found_some() -> None:
    reading = Reading("test", None, 1, warnings=("hidden_text",))
    check = check_of(replace(Draft(), reading=reading), "hygiene")
    assert (check.status, check.earned) == ("partial", 4.0)
    assert check.fix is not None
    assert "hidden" in check.fix


def test_everything_wrong_fails() -> None:
    reading = Reading("test", None, 1, warnings=("hidden_text",))
    lines = ("References", "SSN 219-09-9999", *("python",) * 200)
    draft = replace(Draft(), more=lines, education=False, reading=reading)
    assert check_of(draft, "hygiene").status == "fail"


@pytest.mark.parametrize("text", ["ssn ", "a'", "1,", "may ", "a@", "passport A A "])
def test_a_very_long_line_is_judged_at_once(text: str) -> None:
    """One of these took a minute when a pattern looked ahead without a limit."""
    check = check_of(replace(Draft(), more=(text * (100_000 // len(text)),)), "hygiene")
    assert check.status in ("pass", "partial")
