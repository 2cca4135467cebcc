from __future__ import annotations

from pathlib import Path

import pytest

from ml_service.analysis.skills.vocabulary import SkillVocabulary
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.domain.resume import Skill
from tests.unit.analysis.people import VOCABULARY, analysed, analysed_page, read


def names(text: str, *, listed: bool = False) -> list[str]:
    lines = read(text).lines
    return [skill.name for skill in VOCABULARY.find(lines, listed=lines if listed else ())]


def test_whole_words_only() -> None:
    assert names("Scripts in Python and PostgreSQL, not in Pythonic ways") == [
        "Python",
        "PostgreSQL",
    ]


def test_letters_and_ordinary_words_are_believed_in_lists_only() -> None:
    assert names("Go to plan C when R is a word") == []
    assert names("Go, C, R, Word", listed=True) == ["Go", "C", "R", "Microsoft Word"]
    assert names("spread the word, ready to go", listed=True) == ["spread the word", "ready to go"]


def test_shorter_spellings_of_the_catalogue() -> None:
    assert names("Ran AWS and SAP, queried SQL Server, drew in Photoshop, styled CSS") == [
        "Amazon Web Services AWS software",
        "SAP software",
        "Microsoft SQL Server",
        "Adobe Photoshop",
        "Cascading style sheets CSS",
    ]
    assert names("maintenance of aws") == []


def test_marks_belong_to_names() -> None:
    assert names("C++, Node.js", listed=True) == ["C++", "Node.js"]


def test_free_skills_are_taken_from_lists() -> None:
    assert names("Tools: bookkeeping, month-end closing\n• Menu planning", listed=True) == [
        "bookkeeping",
        "month-end closing",
        "Menu planning",
    ]


def test_a_list_goes_on_over_a_full_line() -> None:
    first = "bookkeeping, accounts payable, accounts receivable, reporting, month-end"
    profile = analysed_page(f"Skills\n{first}\nclosing, payroll")
    assert "month-end closing" in [skill.name for skill in profile.skills]


def test_paragraphs_of_a_list_are_not_run_together() -> None:
    first = "Languages: bookkeeping, accounts payable, accounts receivable, reporting, Python"
    profile = analysed(f"Skills\n{first}\nFrameworks: payroll, Node.js")
    assert [skill.name for skill in profile.skills][-3:] == ["Python", "payroll", "Node.js"]


def test_sentences_are_no_skills() -> None:
    assert names("I have worked with many people and enjoyed it a great deal", listed=True) == []


def test_evidence_is_the_first_line() -> None:
    profile = analysed("Summary\nLikes Python.\nSkills\nPython, Ruby")
    assert profile.skills == (Skill("Python", 1), Skill("Ruby", 3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SQL required", ("Structured query language SQL",)),
        ("Experience with Java and MATLAB", ("Oracle Java", "The MathWorks MATLAB")),
        ("We run Terraform", ("IBM Terraform",)),
        ("HTML, CSS", ("Hypertext markup language HTML", "Cascading style sheets CSS")),
    ],
)
def test_a_technology_is_known_by_the_name_that_people_use(
    text: str, expected: tuple[str, ...]
) -> None:
    published = Catalogue.load(Path(__file__).parents[3] / "data" / "occupations").technologies()

    assert SkillVocabulary(published).names_in([text]) == expected
