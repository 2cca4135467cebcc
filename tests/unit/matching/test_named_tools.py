from __future__ import annotations

import pytest

from ml_service.matching.named_tools import tools_named_in


@pytest.mark.parametrize(
    ("clause", "names"),
    [
        ("Must know Terraform.", ("Terraform",)),
        ("Experience with Terraform, Node.js and Rust", ("Terraform", "Node.js", "Rust")),
        ("Proficient in Microsoft Excel, SQL, and C++ preferred", ("SQL", "C++")),
        ("Knowledge of Java (or Kotlin)", ("Java",)),
        ("Experience with Python in London and Leeds", ()),
        ("Familiar with PL/SQL or SAS", ("SAS",)),
        ("Experience with R", ()),
        ("Experience with children and Braille", ()),
        ("We run Terraform", ()),
        ("KNOWLEDGE OF CHILD CARE AND LAW", ()),
    ],
)
def test_single_names_behind_a_phrase_that_asks_are_taken(
    clause: str, names: tuple[str, ...]
) -> None:
    assert tools_named_in(clause) == names


def test_a_long_clause_is_read_in_good_time() -> None:
    assert tools_named_in("knowledge of A, " * 5_000) == ()
