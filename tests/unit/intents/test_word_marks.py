from __future__ import annotations

import numpy as np

from ml_service.intents.word_marks import N_PLACES, raw_marks, telling, weighed


def test_case_and_punctuation_change_nothing_and_order_does() -> None:
    assert raw_marks("Find jobs, please!") == raw_marks("find  jobs please")
    assert raw_marks("jobs find please") != raw_marks("find jobs please")


def test_a_misspelt_word_shares_parts_with_the_right_one() -> None:
    right, wrong, other = (set(raw_marks(text)) for text in ("interview", "intervew", "bananas"))

    assert len(right & wrong) >= 5
    assert len(right & other) <= 2


def test_weights_have_length_one_and_a_text_without_words_has_none() -> None:
    everywhere = telling([raw_marks("find jobs")])

    places, values = weighed(raw_marks("find jobs"), everywhere)

    assert np.isclose(np.linalg.norm(values), 1)
    assert list(places) == sorted(places)
    assert max(places) < N_PLACES
    assert all(len(part) == 0 for part in weighed(raw_marks("?! 🙂"), everywhere))


def test_what_stands_in_every_text_tells_least() -> None:
    texts = [raw_marks("jobs berlin"), raw_marks("jobs leeds")]
    weights = telling(texts)
    shared, apart = set(texts[0]) & set(texts[1]), set(texts[0]) ^ set(texts[1])

    assert max(weights[list(shared)]) < min(weights[list(apart)])
