from __future__ import annotations

import pytest

from ml_service.analysis.headings import heading_kind
from ml_service.analysis.sections import find_sections, lines_of
from ml_service.domain.document import Line
from tests.unit.analysis.people import read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Work Experience", "work"),
        ("W O R K   E X P E R I E N C E", "work"),
        ("ProfessionalExperience", "work"),
        ("EDUCATION & TRAINING", "education"),
        ("Technical Skills:", "skills"),
        ("Berufserfahrung", "work"),
        ("Kenntnisse und Fähigkeiten", "skills"),
        ("Expérience professionnelle", "work"),
        ("Compétences", "skills"),
        ("Formación académica", "education"),
        ("Experiência Profissional", "work"),
        ("Istruzione e formazione", "education"),
        ("Lingue", "languages"),
        ("Hobbies and Interests", "interests"),
    ],
)
def test_headings_of_six_languages_are_known(text: str, kind: str) -> None:
    assert heading_kind(text) == kind


@pytest.mark.parametrize("text", ["Education Coordinator", "Skilled worker", "Jane Doe", "2014"])
def test_other_short_lines_head_nothing(text: str) -> None:
    assert heading_kind(text) is None


def test_a_section_ends_where_the_next_begins() -> None:
    sections = find_sections(read("Jane Doe\nSummary\nOne\nTwo\nSkills\nPython").lines)
    assert [(s.kind, s.heading_line, s.start_line, s.end_line) for s in sections] == [
        ("summary", 1, 2, 3),
        ("skills", 4, 5, 5),
    ]


def test_text_without_headings_has_no_sections() -> None:
    assert find_sections(read("one\ntwo").lines) == ()
    assert find_sections(()) == ()


def test_heading_and_content_on_one_line() -> None:
    (section,) = find_sections(read("Jane Doe\nSkills: Python, SQL").lines)
    assert (section.kind, section.start_line) == ("skills", 1)
    (section,) = find_sections(read("Jane Doe\nEDUCATION State University, 2014").lines)
    assert (section.kind, section.start_line) == ("education", 1)


def test_label_inside_a_job_does_not_end_it() -> None:
    text = "Experience\nDeveloper 2019 - 2021\nSkills: Java, SQL\nBuilt things\nEducation\nBSc"
    assert [section.kind for section in find_sections(read(text).lines)] == ["work", "education"]


def test_bullets_and_ends_of_sentences_are_no_headings() -> None:
    assert find_sections(read("• Education\nmany years of\nexperience\nSkills.").lines) == ()


def test_plain_line_is_text_where_headings_are_bold() -> None:
    lines = [
        Line(text, 1, None, 0, order, 10.0, bold)
        for order, (text, bold) in enumerate(
            [("Summary", True), ("Experience", True), ("Training", False), ("Education", True)]
        )
    ]
    assert [section.heading for section in find_sections(lines)] == [
        "Summary",
        "Experience",
        "Education",
    ]


def test_content_comes_without_its_heading() -> None:
    lines = read("Summary\nSkills\nPython").lines
    blocks = lines_of(lines, find_sections(lines), "skills")
    assert [[line.text for line in block] for block in blocks] == [["Python"]]
