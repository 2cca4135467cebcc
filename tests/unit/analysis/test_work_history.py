from __future__ import annotations

from ml_service.domain.resume import Work
from tests.unit.analysis.people import analysed, analysed_page


def work(text: str) -> tuple[Work, ...]:
    return analysed(f"Experience\n{text}").work


def named(text: str) -> list[tuple[str | None, str | None, str | None, str | None, bool]]:
    return [(w.position, w.name, w.start_date, w.end_date, w.current) for w in work(text)]


def test_title_employer_and_dates_on_one_line() -> None:
    assert named("Senior Accountant | Northwind Traders | Jan 2019 - Present") == [
        ("Senior Accountant", "Northwind Traders", "2019-01", None, True)
    ]


def test_title_above_employer_above_dates() -> None:
    text = (
        "Staff Engineer\nGlobex Systems LLC | Seattle, WA\nMar 2021 - Present\n• Led a migration\n"
        "Senior Engineer\nInitech Analytics | Portland, OR\nJun 2017 - Feb 2021\n• Built things"
    )
    assert named(text) == [
        ("Staff Engineer", "Globex Systems LLC", "2021-03", None, True),
        ("Senior Engineer", "Initech Analytics", "2017-06", "2021-02", False),
    ]


def test_dates_first_then_title_and_placeholder() -> None:
    text = "01/2013 to 03/2014\nAccountant Company Name ï¼\u200b City , State\nClosed the books."
    assert named(text) == [("Accountant", None, "2013-01", "2014-03", False)]


def test_dates_spread_over_three_lines() -> None:
    text = (
        "May 2005\nto\nNovember 2011\n"
        "Company Name City , State Sushi Chef In charge of daily operation in the bar, costs and\n"
        "scheduling for ten employees."
    )
    (job,) = work(text)
    assert (job.position, job.name, job.start_date) == ("Sushi Chef", None, "2005-05")
    assert job.highlights[0].text.startswith("In charge of daily operation")


def test_placeholder_then_dates_then_title() -> None:
    text = "Company Name December 2014 to Current Transaction Processing Analyst\nCity , State"
    assert named(text) == [("Transaction Processing Analyst", None, "2014-12", None, True)]


def test_title_in_the_first_bullet_below_the_dates() -> None:
    text = "Mar 2021 - Present\n• Staff Engineer, Globex Systems LLC\n• Led the migration"
    (job,) = work(text)
    assert (job.position, job.name) == ("Staff Engineer", "Globex Systems LLC")
    assert [item.text for item in job.highlights] == ["Led the migration"]


def test_bullet_is_joined_over_its_lines() -> None:
    text = "Cook 2019 - 2020\n• Prepared meals for\nforty guests\n• Ordered goods"
    (job,) = analysed_page(f"Experience\n{text}").work
    assert [(item.text, item.line) for item in job.highlights] == [
        ("Prepared meals for forty guests", 2),
        ("Ordered goods", 4),
    ]


def test_paragraph_without_a_page_never_continues_the_one_before() -> None:
    text = "Cook 2019 - 2020\n• Prepared meals for forty guests\nOrdered goods\nand kept accounts"
    (job,) = work(text)
    assert [(item.text, item.line) for item in job.highlights] == [
        ("Prepared meals for forty guests", 2),
        ("Ordered goods", 3),
        ("and kept accounts", 4),
    ]


def test_dates_spread_over_three_bullets() -> None:
    text = "• May 2005\n• to\n• November 2011\n• Company Name City , State Sushi Chef\n• Cut fish"
    assert named(text) == [("Sushi Chef", None, "2005-05", "2011-11", False)]


def test_a_date_alone_in_a_bullet_heads_no_entry() -> None:
    assert named("Cook, Globex Inc | 2019 - 2020\n• 2018\n• Ordered goods") == [
        ("Cook", "Globex Inc", "2019", "2020", False)
    ]


def test_employer_in_the_plural_below_a_title_is_no_title() -> None:
    text = (
        "Cook\nGlobex Inc | 2016 - 2018\n• Led a team\n"
        "Staff Accountant\nColby Audit Partners, Worcester, MA | 2013 - 2015\n• Audited clients"
    )
    assert named(text)[1] == ("Staff Accountant", "Colby Audit Partners", "2013", "2015", False)
    (_, second) = analysed_page(f"Experience\n{text}").work
    assert (second.position, second.name) == ("Staff Accountant", "Colby Audit Partners")


def test_title_in_the_plural_stays_one_where_no_other_stands_above() -> None:
    assert named("Contractors, Globex Inc | 2016 - 2018") == [
        ("Contractors", "Globex Inc", "2016", "2018", False)
    ]


def test_range_that_runs_backwards_is_kept_and_adds_no_years() -> None:
    text = "Cook, Globex Inc | 2020 - 2010\n• Led a team\nClerk, Initech Inc | 2006 - 2008"
    profile = analysed(f"Experience\n{text}")
    assert [(job.start_date, job.end_date) for job in profile.work] == [
        ("2020", "2010"),
        ("2006", "2008"),
    ]
    assert profile.years_experience == 2.0


def test_missing_end_date_is_not_taken_as_present() -> None:
    (job,) = work("August 2017\nCompany Name City , State Physical Therapist\nTreated patients.")
    assert (job.start_date, job.end_date, job.current) == ("2017-08", None, False)


def test_jobs_without_dates_are_told_by_their_titles() -> None:
    text = (
        "Production Intern\nExample Opera Company\n• Sewed\n"
        "Retail Sales Associate\nExample Books Ltd"
    )
    assert named(text) == [
        ("Production Intern", "Example Opera Company", None, None, False),
        ("Retail Sales Associate", "Example Books Ltd", None, None, False),
    ]


def test_present_means_the_date_of_the_document() -> None:
    profile = analysed("Experience\nAccountant 01/2020 - Present\nWork")
    assert profile.years_experience == 4.4
    assert profile.work[0].end_date is None


def test_text_without_a_work_section_has_no_jobs() -> None:
    profile = analysed("Summary\nI worked from 2010 to 2014 as an accountant.")
    assert profile.work == ()
    assert profile.years_experience is None


def test_a_paragraph_that_was_broken_by_hand_is_joined_again() -> None:
    (job,) = analysed(
        """Work Experience
        Cook
        Colby Kitchens | March 2018 - May 2020
        Prepared the meals of forty guests on each day of the week and kept
        documentation of what was bought.
        Ordered goods
        """
    ).work

    assert [item.text for item in job.highlights] == [
        (
            "Prepared the meals of forty guests on each day of the week and kept "
            "documentation of what was bought."
        ),
        "Ordered goods",
    ]
