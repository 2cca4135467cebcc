import re

import pytest

from ml_service.analysis.phrases.alternatives import any_of

PATTERNS = ("may", r"mar\.?", "march", "juni", "Jun", "12th", "10th")


@pytest.mark.parametrize("text", ["May 2020", "in march", "mar. 3", "JUNI", "the 12th", "x", ""])
def test_the_first_that_matches_is_found_as_if_they_stood_side_by_side(text: str) -> None:
    plain = re.search("|".join(PATTERNS), text, re.IGNORECASE)
    grouped = re.search(any_of(PATTERNS), text, re.IGNORECASE)
    assert (grouped and grouped[0]) == (plain and plain[0])


def test_those_with_one_first_letter_stand_together_in_their_order() -> None:
    assert any_of(("abbey", "bank", "Abbot")) == "a(?:bbey|bbot)|b(?:ank)"
