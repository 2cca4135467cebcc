from __future__ import annotations

import pytest

from ml_service.matching.requirements import Clause, clauses


def _strengths(description: str) -> list[tuple[str, str]]:
    return [(clause.strength, clause.text) for clause in clauses(description)]


def test_headings_decide_about_the_lines_below_them() -> None:
    description = """
    About us
    We gave Excel to the world.
    Requirements:
    - Python
    2. SQL
    Nice to have
    * Docker
    Databases:
    * Redis
    BENEFITS
    Free Tableau courses
    The person:
    Java
    """

    assert _strengths(description) == [
        ("required", "Python"),
        ("required", "SQL"),
        ("preferred", "Docker"),
        ("preferred", "Redis"),
        ("required", "Java"),
    ]


def test_text_without_headings_is_required() -> None:
    assert _strengths("You will write Python.\nAnd SQL") == [
        ("required", "You will write Python."),
        ("required", "And SQL"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Go is a plus",
        "Go preferred",
        "Ideally you know Go",
        "Bonus points for Go",
        "Experience with Go is desirable",
        "Go (nice to have)",
        "Prior Go experience is not required, but a plus",
        "Go is not needed but would be an advantage",
    ],
)
def test_a_sentence_that_prefers_wins_over_the_heading(sentence: str) -> None:
    assert _strengths(f"Requirements:\n{sentence}") == [("preferred", sentence)]


def test_a_sentence_that_requires_wins_over_the_heading() -> None:
    assert _strengths("Nice to have:\nGo is required") == [("required", "Go is required")]


@pytest.mark.parametrize(
    "sentence",
    [
        "No experience with Java needed",
        "No prior experience with Java, Scala or Go required.",
        "Java is not required",
        "Java isn't strictly necessary",
        "You do not need to know Java, Scala or Go.",
        "You don't need Java",
        "We don't use Java",
        "No Java here",
    ],
)
def test_what_is_not_needed_is_not_required(sentence: str) -> None:
    assert _strengths(sentence) == [("unneeded", sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "No less than 3 years of Java required",
        "You must not only know Java",
        "No doubt you know Java",
        "Notable Java experience required",
    ],
)
def test_a_negation_of_something_else_takes_nothing_away(sentence: str) -> None:
    assert _strengths(sentence) == [("required", sentence)]


def test_the_parts_of_a_sentence_are_told_apart() -> None:
    assert _strengths(
        "Python, SQL required, Go preferred; Java is not needed here, C# is required"
    ) == [
        ("required", "Python, SQL required"),
        ("preferred", "Go preferred"),
        ("unneeded", "Java is not needed here"),
        ("required", "C# is required"),
    ]
    assert _strengths("Must have Python, Django, ideally Redis, Celery") == [
        ("required", "Must have Python, Django"),
        ("preferred", "ideally Redis, Celery"),
    ]
    assert _strengths("We do not use PHP, but Python is needed") == [
        ("unneeded", "We do not use PHP,"),
        ("required", "but Python is needed"),
    ]


def test_a_heading_with_words_behind_it_speaks_for_its_line() -> None:
    assert _strengths("Nice to have: Go\nPython\nSalary: Excel-lent\nSQL") == [
        ("preferred", "Go"),
        ("required", "Python"),
        ("required", "SQL"),
    ]


def test_an_endless_line_is_read_in_good_time() -> None:
    parts = list(clauses("no not without need but, " * 20_000))

    assert parts
    assert isinstance(parts[0], Clause)
