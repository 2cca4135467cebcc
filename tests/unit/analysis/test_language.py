from __future__ import annotations

import re

import pytest

from ml_service.analysis.language import language_of
from tests.unit.analysis.people import PEOPLE, Someone, analysed
from tests.written_texts import read_texts

OTHER_LANGUAGES = read_texts("other_languages") | read_texts("other_languages_held_out")
ENGLISH = read_texts("english_resumes") | read_texts("english_resumes_held_out")
TAKEN_FOR_ITALIAN = "en-italian-chef"  # hardly a word of it is English but the names of two dishes


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
def test_a_resume_in_another_language_is_known_by_it(name: str) -> None:
    code = re.sub(r"^bilingual-|-\d+$", "", name)
    assert analysed(OTHER_LANGUAGES[name]).language == code


@pytest.mark.parametrize("name", [name for name in ENGLISH if name != TAKEN_FOR_ITALIAN])
def test_english_between_foreign_names_stays_english(name: str) -> None:
    assert analysed(ENGLISH[name]).language == "en"


@pytest.mark.parametrize("someone", PEOPLE, ids=lambda someone: someone.name)
def test_no_name_makes_a_text_foreign(someone: Someone) -> None:
    lines = ["Skills", "Python, SQL, Excel", "Work", f"Clerk, {someone.name} Ltd, 2019 - 2021"]
    lines += ["Cashier, Corner Shop, 2016 - 2019", "Education", "High School, Leeds"]
    assert language_of(lines, header=[someone.name, someone.name]) == "en"


def test_many_tools_in_english_do_not_hide_the_language_around_them() -> None:
    tools = "Skills: Java, Spring Boot, Kafka, Docker, Kubernetes, Jenkins, Terraform, Git, Jira"
    german = OTHER_LANGUAGES["de-1"]
    assert analysed(f"{german}{tools}\n{tools}").language == "de"


def test_the_longer_part_decides() -> None:
    english = [
        "Managed the accounts of forty clients and wrote the monthly reports for them.",
        "Trained two assistants, who now prepare the statements without help.",
        "Found and mended errors in the ledgers that nobody had noticed for years.",
    ]
    german = [
        "Ich habe die Konten von vierzig Kunden geführt und jeden Monat darüber berichtet.",
        "Zwei Kolleginnen wurden von mir eingearbeitet und erstellen die Abschlüsse nun allein.",
        "In den Büchern fand ich Fehler, die seit Jahren niemandem aufgefallen waren.",
    ]
    assert language_of(english * 6 + german * 18) == "de"
    assert language_of(german * 6 + english * 18) == "en"


@pytest.mark.parametrize("text", ["", "2019 - 2021", "•", "ok"])
def test_too_few_letters_are_english(text: str) -> None:
    assert language_of([text]) == "en"


def test_the_header_is_asked_where_nothing_else_is_left() -> None:
    header = ["सुनीता वर्मा", "प्राथमिक शिक्षिका", "कक्षा तीन से पाँच तक हिंदी और गणित पढ़ाना"]
    assert language_of([], header=header) == "hi"
    assert language_of([], header=["Giovanni Battista Pergolesi", "Via della Rosa 12"]) == "en"


def test_some_small_english_words_do_not_hide_another_language() -> None:
    german = OTHER_LANGUAGES["de-1"]
    english = "Head of the Team for Quality and Speed, from Order to Delivery with SAP"
    assert analysed(f"{german}{english}\n{english}").language == "de"
