"""A word of somebody's name goes where it means the person, and stays where it means another."""

from __future__ import annotations

import pytest

from ml_service.analysis.person.name_words import NameWords

STAYS = [
    ("Lakisha Williams", "Store Manager, Sherwin Williams, Lawrence"),
    ("Lakisha Williams", "Trained the staff of Sherwin Williams"),
    ("Anne Kelly", "Recruiter at Kelly Services, promoted twice"),
    ("Anne Kelly", "Produced for R. Kelly and OutKast"),
    ("Anne Kelly", "Placed temps at Kelly, grew sales"),
    ("Kenya Washington", "University of Washington, Seattle"),
    ("Kenya Washington", "Opened offices in Washington and Oregon"),
    ("Tyrone Washington", "Yakima, Washington"),
    ("Ebony Jackson", "Jackson, MS"),
    ("Ebony Jackson", "Prepared returns for Jackson Hewitt, then for banks"),
    ("Robert Oppen", "Robert Morris University, 1999"),
    ("Dean Miller", "GPA 3.9, Dean's List, honors"),
    ("Dean Miller", "GPA: Dean's list 2005"),
    ("Ronald McDonald", "McDonald's, crew member"),
    ("Allison Baker", "I.B. Allison, D.A. Ekun and others (2013). Effect of feeding"),
    ("Drew Sales", "selling, Sales, scheduling, Sales Team"),
    ("Drew Sales", "Ten years in Sales and service"),
    ("Drew Sales", "retail, Sales, Sales Reports, scheduling"),
    ("Drew Sales", "Worked closely with Sales, Catering and Production"),
    ("Will Cook", "A TEAM THAT WILL USE MY SKILLS"),
    ("Chase Grant", "Calculated variances and Grant's monthly budget"),
    ("José Walsh", "San Jose area"),
    ("Virginia West", "Hospitals in southern West Virginia"),
    ("Will Price", "The price will be reviewed"),
    ("Jay Todd", "Filmed a jay in flight"),
    ("Kim Sonoma", "Williams-Sonoma, stylist"),
    ("Grant Smith", "Wrote grants and won awards"),
    ("An Do", "An organized, patient analyst"),
    ("An Do", "An analyst and adviser who can do both"),
    ("Jasmine Penny", "Tools: Karma, Mocha, Jasmine, Cypress"),
]
GOES = [
    ("Lakisha Williams", "Lakisha led the merger.", "led the merger."),
    ("Lakisha Williams", "The audit was signed by Williams.", "The audit was signed by ."),
    ("Lakisha Williams", "Thanks to Lakisha we closed early", "Thanks to we closed early"),
    ("Lakisha Williams", "Ask Lakisha about ledgers", "Ask about ledgers"),
    ("Lakisha Williams", "L. Williams, Annals of Audit, 2019", ", Annals of Audit, 2019"),
    ("Lakisha Williams", "lakisha williams, treasurer", ", treasurer"),
    ("Lakisha Williams", "A Lakisha-led team", "A team"),
    ("Lakisha Williams", "Prize for Ms. Williams", "Prize for"),
    ("Lakisha Williams", "LAKISHA KEEPS BOOKS AND IS CALM TODAY", "KEEPS BOOKS AND IS CALM TODAY"),
    ("Will Price", "Mr. Price won the prize", "won the prize"),
    ("Will Price", "Sold with Will for years", "Sold with for years"),
    ("Chase Grant", "Grant is a calm colleague", "is a calm colleague"),
    ("Carter Mason", "MASON, Carter", ""),
    ("Nguyen Thi Khai", "Signed by Khai Nguyen", "Signed by"),
    ("Jean-Luc Le Guen", "Jean-Luc Le is a calm colleague", "is a calm colleague"),
    ("jane doe", "jane keeps the books", "keeps the books"),
    ("An Do", "Reviewed by An Do in March", "Reviewed by in March"),
    ("Mary O'Brien", "O'Brien's report was printed", "report was printed"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), STAYS)
def test_a_word_that_names_something_else_stays(name: str, text: str) -> None:
    assert NameWords.of(name, [text]).remove_from(text, title_line=False) == text


@pytest.mark.parametrize(("name", "text", "rest"), GOES)
def test_the_person_goes(name: str, text: str, rest: str) -> None:
    found = NameWords.of(name, [text]).remove_from(text, title_line=False)
    assert " ".join(found.split()) == rest


def test_a_rare_name_that_the_resume_also_uses_as_a_word_needs_a_sentence() -> None:
    texts = ["Planted heather and broom", "Heather, Broom, Gorse", "Heather led the crew"]
    name = NameWords.of("Heather Lund", texts)
    assert [name.remove_from(text, title_line=False).strip() for text in texts] == [
        "Planted heather and broom",
        "Heather, Broom, Gorse",
        "led the crew",
    ]
