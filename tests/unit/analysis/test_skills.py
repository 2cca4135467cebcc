from __future__ import annotations

from ml_service.domain.resume import Skill
from tests.unit.analysis.people import VOCABULARY, analysed, read


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
    assert "month-end closing" in names(f"{first}\nclosing, payroll", listed=True)


def test_sentences_are_no_skills() -> None:
    assert names("I have worked with many people and enjoyed it a great deal", listed=True) == []


def test_evidence_is_the_first_line() -> None:
    profile = analysed("Summary\nLikes Python.\nSkills\nPython, Ruby")
    assert profile.skills == (Skill("Python", 1), Skill("Ruby", 3))
