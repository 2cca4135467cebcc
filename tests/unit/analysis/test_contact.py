from __future__ import annotations

import pytest

from ml_service.analysis.person.contact import (
    find_email,
    find_links,
    find_location,
    find_phone,
    has_email_or_phone,
)
from ml_service.domain.document import ExtractedText, Line, Reading
from tests.unit.analysis.people import PEOPLE, TODAY, VOCABULARY, analysed


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Call (415) 555-0173", "+14155550173"),
        ("202 555 0143", "+12025550143"),
        ("+49 30 5550 1234", "+493055501234"),
        ("020 7946 0958", "020 7946 0958"),
        ("Tel: 211 221149", "211 221149"),
        ("06 12 34 56 78", "06 12 34 56 78"),
    ],
)
def test_phone_is_given_in_e164_unless_its_country_is_unknown(text: str, phone: str) -> None:
    assert find_phone([text]) == phone


@pytest.mark.parametrize(
    "text",
    [
        "01/2014 - 07/2015",
        "2010-2014",
        "$1,200,000 in 2015",
        "License 12-34",
        "May 2005 to 2011",
        "sold 000.000.00 units",
    ],
)
def test_dates_and_amounts_are_no_phone(text: str) -> None:
    assert find_phone([text]) is None
    assert not has_email_or_phone(text)


def test_email_and_links() -> None:
    text = "jane.doe+cv@mail.example.co.uk | linkedin.com/in/jane | https://example.org/x."
    assert find_email([text]) == "jane.doe+cv@mail.example.co.uk"
    assert find_links([text]) == ("linkedin.com/in/jane", "https://example.org/x")


def test_location_is_only_what_is_written() -> None:
    assert find_location(["jane@example.com | Austin, TX | 202 555 0143"]) == "Austin, TX"
    assert find_location(["Address: 12 Oak Street, Springfield"]) == "12 Oak Street, Springfield"
    assert find_location(["Senior Accountant", "jane@example.com"]) is None


def test_name_is_the_first_line_of_a_header_with_contact_data() -> None:
    for person in PEOPLE:
        contact = analysed(f"{person.name}\n{person.email}\nSummary\nText").contact
        assert contact.name == person.name


def test_job_title_is_no_name() -> None:
    assert analysed("SENIOR ACCOUNTANT\nSummary\nKeeps books.").contact.name is None
    assert analysed("HR Generalist\njane@example.com\nSummary\nText").contact.name is None


def test_no_name_is_invented_without_contact_data() -> None:
    assert analysed("Grand Overlook\nSummary\nKeeps books.").contact.name is None


def test_name_in_the_largest_print_wins_over_the_order() -> None:
    rows = [("Contact", 10.0), ("jane@example.com", 10.0), ("Skills", 10.0), ("Jane Doe", 24.0)]
    lines = tuple(Line(text, 1, None, 0, order, size) for order, (text, size) in enumerate(rows))
    from ml_service.analysis.profile import analyse_profile

    extracted = ExtractedText(lines, 1, Reading("test", None, 2))
    profile = analyse_profile(extracted, document_date=TODAY, vocabulary=VOCABULARY)
    assert profile.contact.name == "Jane Doe"
