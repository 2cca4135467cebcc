from __future__ import annotations

import pytest

from ml_service.matching.denials import without_denied


@pytest.mark.parametrize(
    "text",
    [
        "No experience with Java",
        "I have not used Java",
        "Never worked with Java",
        "Unfamiliar with Java",
        "Java: none",
        "Java (no experience)",
        "Hoping to learn Java",
        "No knowledge of Scala, Java or Go",
        "Not yet proficient in Java",
    ],
)
def test_what_a_resume_denies_is_gone(text: str) -> None:
    assert "Java" not in without_denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "Not only Java but Python",
        "Ran Java services with no errors",
        "Never missed a deadline in Java",
        "Built a non-profit site in Java",
    ],
)
def test_other_negations_deny_nothing(text: str) -> None:
    assert without_denied(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("No experience with Java, but strong Python", "strong Python"),
        ("No experience with Java; Python daily", "Python daily"),
        ("No knowledge of Scala, Java or Go. Python daily", "Python daily"),
        ("Java: none, Python: five years", "Python: five years"),
    ],
)
def test_a_denial_ends_with_its_clause(text: str, kept: str) -> None:
    rest = without_denied(text)

    assert "Java" not in rest
    assert kept in rest
