from pathlib import Path

import pytest

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.catalogue.titles import normalise, normalise_each, without_rank

OCCUPATIONS = Path(__file__).parents[4] / "data" / "occupations"


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Accountants & Auditors", "accountant and auditor"),
        ("CEO (Chief Executive Officer)", "ceo"),
        ("Front-End  Developer", "front end developer"),
        ("Boss", "boss"),
        ("(only brackets)", ""),
    ],
)
def test_titles_become_keys_by_the_rule_of_the_contract(title: str, key: str) -> None:
    assert normalise(title) == key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Senior Accountant II", "accountant"),
        ("Part-time Nurse", "nurse"),
        ("Lead Teacher Intern", "teacher"),
        ("Leader", "leader"),
    ],
)
def test_words_of_rank_can_be_removed(title: str, key: str) -> None:
    assert without_rank(normalise(title)) == key


def test_titles_of_the_whole_catalogue_become_the_same_keys_at_once() -> None:
    catalogue = Catalogue.load(OCCUPATIONS)
    titles = [title for entry in catalogue for title in (entry.title, *entry.alternate_titles)]
    odd = ["", "(", "Nurse (", "Boss)", "İstanbul ΣΑΣ [x", "a & b"]
    assert normalise_each([*titles, *odd]) == [normalise(title) for title in [*titles, *odd]]
    assert len(titles) > 50_000
