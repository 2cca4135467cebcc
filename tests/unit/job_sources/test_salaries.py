from __future__ import annotations

import pytest

from ml_service.domain.posting import Salary
from ml_service.job_sources.salaries import salary_from_fields, salary_from_text


@pytest.mark.parametrize(
    ("text", "salary"),
    [
        ("£31,365 - £37,890 per annum", Salary(31_365, 37_890, "GBP", "YEAR")),
        ("£53,168 to £62,001 pa", Salary(53_168, 62_001, "GBP", "YEAR")),
        ("$50-60k a year", Salary(50_000, 60_000, None, "YEAR")),
        ("US$100,000 – US$120,000", Salary(100_000, 120_000, "USD", None)),
        ("100K-150K EUR", Salary(100_000, 150_000, "EUR", None)),
        ("£14.66/hour", Salary(14.66, 14.66, "GBP", "HOUR")),
        ("Up to €45,000 per annum", Salary(None, 45_000, "EUR", "YEAR")),
        ("From £24,907 plus enhancements", Salary(24_907, None, "GBP", None)),
        ("Employer Provided Salary:$150K-$160K", Salary(150_000, 160_000, None, None)),
    ],
)
def test_a_clear_salary_is_read(text: str, salary: Salary) -> None:
    assert salary_from_text(text) == salary


@pytest.mark.parametrize(
    "text",
    [
        "Competitive",
        "",
        "£24,907 - £30,615 per annum pro rata",
        "$53K-$91K (Glassdoor est.)",
        "£32,478 to £51,069 (+ Out of Hours Enhancements)",
        "£31,365/£33,176/£37,890",
        "£30,000 + 10% commission",
        "40.000 Euro",
        "£50,000 - £40,000",
        "Band 5 £24,907",
        None,
        30_000,
    ],
)
def test_what_is_qualified_estimated_or_unclear_is_no_salary(text: object) -> None:
    assert salary_from_text(text) is None


def test_the_text_is_believed_before_the_other_fields() -> None:
    salary = salary_from_text("£9.50 per hour", currency="USD", period="YEAR")

    assert salary == Salary(9.5, 9.5, "GBP", "HOUR")


def test_other_fields_fill_what_the_text_leaves_open() -> None:
    assert salary_from_text("30,000", currency="GBP", period="YEAR") == Salary(
        30_000, 30_000, "GBP", "YEAR"
    )


def test_a_year_for_twelve_pounds_is_a_contradiction() -> None:
    assert salary_from_text("£12.50", period="YEAR") is None


@pytest.mark.parametrize(
    ("low", "high"), [(None, None), (5, 4), (float("nan"), None), (-1, None), (True, None)]
)
def test_fields_without_sensible_amounts_are_no_salary(low: object, high: object) -> None:
    assert salary_from_fields(low, high, "USD", "YEAR") is None


def test_an_unknown_period_and_a_bare_dollar_are_left_out() -> None:
    assert salary_from_fields(10, 20, "$", "FORTNIGHT") == Salary(10, 20, None, None)
