from __future__ import annotations

import subprocess
import sys

import pytest

from tests.unit.analysis.people import analysed, analysed_page

RESUME = """Jane Doe
jane@example.com | (202) 555-0143 | Austin, TX
Summary
Accountant who keeps books for small firms
and likes it.
Experience
Accountant | Northwind | Jan 2019 - Present
• Closed books
Education
Bachelor of Science in Accounting, State University, 2014
Certifications
• Certified Bookkeeper, 2016
Languages
English (native), German (B2)
Skills
Microsoft Excel
"""


def test_every_field_of_a_plain_resume() -> None:
    profile = analysed(RESUME)
    assert profile.language == "en"
    assert profile.contact.location == "Austin, TX"
    assert profile.summary == "Accountant who keeps books for small firms and likes it."
    assert profile.certificates == ("Certified Bookkeeper, 2016",)
    assert profile.languages == ("English", "German")
    assert profile.years_experience == 5.4
    assert [section.kind for section in profile.sections] == [
        "summary", "work", "education", "certificates", "languages", "skills",
    ]  # fmt: skip


def test_certificate_goes_on_after_a_comma_on_a_page_but_not_in_a_paragraph() -> None:
    text = "Certifications\n• Educator Certificate,\nMathematics 7-12\n• OSHA 30"
    assert analysed_page(text).certificates == ("Educator Certificate, Mathematics 7-12", "OSHA 30")
    assert analysed(text).certificates == ("Educator Certificate", "Mathematics 7-12", "OSHA 30")


def test_languages_in_a_list_of_skills_are_no_skills() -> None:
    profile = analysed("Skills\nLanguages: Python, Ruby\nLanguage: Fluent in Spanish\nPayroll")
    assert [skill.name for skill in profile.skills] == ["Python", "Ruby", "Payroll"]
    assert [(item.language, item.fluency) for item in profile.spoken_languages] == [
        ("Spanish", "Fluent")
    ]


def test_link_that_goes_on_in_the_next_line() -> None:
    text = "Jane Doe\njane@example.com | example.com/people/jane-\ndoe77\nSkills\nSAP"
    assert analysed(text).contact.links == ("example.com/people/jane-doe77",)


def test_heading_broken_over_two_lines_of_a_narrow_column() -> None:
    profile = analysed_page("JANE DOE\njane@example.com\nACADEMIC\nBACKGROUND\nB.S. Biology")
    assert [(s.kind, s.heading, s.start_line) for s in profile.sections] == [
        ("education", "ACADEMIC BACKGROUND", 4)
    ]


def test_sentences_of_the_header_are_the_summary_where_there_is_no_section() -> None:
    text = (
        "Jane Doe\njane@example.com\nAn accountant who has kept books for many years\nSkills\nSAP"
    )
    assert analysed(text).summary == "An accountant who has kept books for many years"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Buchhalter mit zehn Jahren Erfahrung in der Führung von Konten und Bilanzen", "de"),
        ("Comptable avec dix ans d'expérience dans la gestion des comptes et des bilans", "fr"),
        ("Contable con diez años de experiencia en la gestión de cuentas y balances", "es"),
        ("Accountant with ten years of experience in keeping books and writing reports", "en"),
    ],
)
def test_language_of_the_text(text: str, code: str) -> None:
    assert analysed(f"Summary\n{text}").language == code


def test_empty_and_unreadable_text_give_an_empty_profile() -> None:
    for text in ("", "\x00\x01 ���", "1 2 3", "🙂 " * 20):
        profile = analysed(text)
        assert (profile.work, profile.education, profile.contact.email) == ((), (), None)


def test_the_language_model_is_not_read_on_import() -> None:
    code = "import sys, ml_service.analysis.profile; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
