from __future__ import annotations

import numpy as np

from ml_service.intents.folds import N_FOLDS, assign_folds, same_meaning
from tests.unit.intents.requests import examples_of


def test_texts_that_say_nearly_the_same_stand_in_one_part() -> None:
    near = np.array([[1, 0], [0.99, 0.14], [0, 1], [0.95, 0.31]], dtype=np.float32)

    assert same_meaning(near) == [0, 0, 2, 0]


def test_every_label_stands_in_every_part_and_order_changes_nothing() -> None:
    examples = examples_of("book_table", "order_pizza")
    folds = assign_folds(examples.texts, examples.vectors, examples.labels)
    turned = assign_folds(examples.texts[::-1], examples.vectors[::-1], examples.labels[::-1])

    assert folds.tolist() == turned[::-1].tolist()
    for label in (0, 1):
        assert len(set(folds[examples.labels == label].tolist())) == N_FOLDS
