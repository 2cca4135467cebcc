from __future__ import annotations

import pytest

from ml_service.matching.mentions import names_skill


@pytest.mark.parametrize(
    ("line", "skill"),
    [
        ("Excel, Word", "Excel"),
        ("Wrote C++ and C#.", "C++"),
        ("Wrote C++ and C#.", "C#"),
        ("Built on .NET", ".NET"),
        ("Node.js services.", "Node.js"),
        ("responsible for budgeting", "Budgeting"),
        ("Senior Project Managers", "project management"),
        ("analysed data; data analyst", "Data analysts"),
        ("SQL/NoSQL", "SQL"),
    ],
)
def test_a_named_skill_is_seen(line: str, skill: str) -> None:
    assert names_skill(line, [skill])


@pytest.mark.parametrize(
    ("line", "skill"),
    [
        ("I excel at sales", "Excel"),
        ("ready to go", "Go"),
        ("JavaScript", "Java"),
        ("Wrote C++", "C"),
        ("PostgreSQL", "SQL"),
        ("managed a project", "Project management"),
        ("after-school programs", "Programming"),
        ("anything", ""),
    ],
)
def test_a_part_of_a_word_or_an_ordinary_word_is_no_skill(line: str, skill: str) -> None:
    assert not names_skill(line, [skill])


def test_another_spelling_is_enough() -> None:
    assert names_skill("Deployed to k8s", ["Kubernetes", "k8s"])
