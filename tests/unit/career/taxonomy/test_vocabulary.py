from __future__ import annotations

import numpy as np
import pytest

from ml_service.career.taxonomy.vocabulary import Vocabulary

TEXTS = [["fish", "rice", "fish"], ["fish", "knife"], ["rice", "oven"], ["fish"]]


def test_words_of_one_text_alone_are_not_learned() -> None:
    assert Vocabulary.of(TEXTS).words == ("fish", "rice")


def test_a_rarer_word_tells_more_and_one_in_every_text_counts_one() -> None:
    known = Vocabulary.of([*TEXTS, ["fish"]])
    everywhere = Vocabulary.of([["fish"], ["fish"]])

    assert known.idf[known.words.index("rice")] > known.idf[known.words.index("fish")] > 1
    assert everywhere.idf.tolist() == [1.0]


def test_weights_have_length_one_and_repetition_counts_by_its_logarithm() -> None:
    known = Vocabulary.of(TEXTS)

    columns, weights = known.weigh(["fish", "fish", "rice", "unheard"])

    assert columns == [0, 1]
    assert float(np.linalg.norm(weights)) == pytest.approx(1)
    expected = (1 + np.log(2)) * known.idf[0] / known.idf[1]
    assert float(weights[0] / weights[1]) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("text", [[], ["unheard"]])
def test_a_text_without_known_words_has_no_weights(text: list[str]) -> None:
    columns, weights = Vocabulary.of(TEXTS).weigh(text)

    assert (columns, weights.shape) == ([], (0,))


def test_a_matrix_has_the_same_rows() -> None:
    known = Vocabulary.of(TEXTS)

    rows = known.matrix([["rice"], [], ["fish", "rice"]]).toarray()

    assert rows.shape == (3, 2)
    for row, text in zip(rows, [["rice"], [], ["fish", "rice"]], strict=True):
        columns, weights = known.weigh(text)
        assert row[columns].tolist() == weights.tolist()
        assert np.count_nonzero(row) == len(columns)


def test_nothing_in_common_is_a_vocabulary_without_words() -> None:
    known = Vocabulary.of([["fish"], ["rice"]])

    assert known.words == ()
    assert known.matrix([["fish"], []]).shape == (2, 0)


def test_the_order_of_the_texts_does_not_matter() -> None:
    forth, back = Vocabulary.of(TEXTS), Vocabulary.of(TEXTS[::-1])

    assert forth.words == back.words
    assert forth.idf.tolist() == back.idf.tolist()
