import pytest

from ml_service.career.catalogue.titles import normalise, without_rank


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
