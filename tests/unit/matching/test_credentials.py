from __future__ import annotations

import pytest

from ml_service.matching.credentials import credentials_in, states_credential


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bachelor’s degree or above", ("Bachelor's degree",)),
        ("Master's or Bachelor's degree in nursing", ("Bachelor's degree",)),
        ("PhD in physics and fluent Spanish", ("Doctorate", "Spanish")),
        ("NMC registration, full UK driving licence", None),
        ("Polish the Welsh silver", ()),
        ("BLS and ACLS certified", None),
        ("a spanish omelette, chess masters, MS Excel, Boston, MA", ()),
    ],
)
def test_what_an_advert_asks_for_is_named(text: str, names: tuple[str, ...] | None) -> None:
    found = credentials_in(text)

    assert found == names if names is not None else len(found) == 2


@pytest.mark.parametrize(
    ("line", "name", "states"),
    [
        ("MSc Nursing, Example University", "Bachelor's degree", True),
        ("BSc Nursing", "Master's degree", False),
        ("B.A. in History", "Bachelor's degree", True),
        ("NMC registered since 2019", "Nursing and Midwifery Council registration", True),
        ("Spoke with nurses", "Registered nurse", False),
        ("Python", "Python", False),
    ],
)
def test_a_higher_degree_meets_a_lower_demand(line: str, name: str, states: bool) -> None:
    assert states_credential(line, name) is states
