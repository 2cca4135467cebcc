from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from ml_service.career.taxonomy.folds import assign_folds, near_duplicates

CHANCE = Random(5)
WORDS = [f"word{at}" for at in range(400)]


def text(n_words: int = 60) -> list[str]:
    return CHANCE.choices(WORDS, k=n_words)


TEXTS = [text() for _ in range(30)]
LABELS = [at % 3 for at in range(30)]


def same_parts(groups: list[int]) -> set[frozenset[int]]:
    return {frozenset(at for at, own in enumerate(groups) if own == g) for g in set(groups)}


def test_labels_are_spread_evenly() -> None:
    folds = assign_folds(TEXTS, LABELS)

    assert set(folds) == set(range(5))
    assert Counter(zip(folds, LABELS, strict=True)) == {
        (fold, label): 2 for fold in range(5) for label in range(3)
    }


def test_near_duplicates_stand_in_one_fold_also_in_a_chain() -> None:
    first = text(90)
    second = first[:45] + text(45)
    third = second[45:] + text(45)

    folds = assign_folds([*TEXTS, first, second, third], [*LABELS, 0, 1, 2])

    assert len(set(folds[-3:])) == 1
    assert near_duplicates([first, third])[0] != near_duplicates([first, third])[1]


@pytest.mark.parametrize(("shared", "together"), [(40, True), (20, False)])
def test_three_in_ten_of_the_shorter_ones_runs_make_a_copy(shared: int, together: bool) -> None:
    body = text(100)

    groups = near_duplicates([body, body[:shared] + text(100 - shared)])

    assert (groups[0] == groups[1]) is together


def test_a_text_that_came_more_than_fifty_times_stands_in_one_fold() -> None:
    body = text(80)
    copies = [[*body, f"number{at}"] for at in range(70)]

    folds = assign_folds([*TEXTS, *copies], [*LABELS, *(at % 3 for at in range(70))])

    assert len(set(folds[30:])) == 1


def test_a_form_that_all_fill_in_makes_no_copies() -> None:
    form = text(12)

    groups = near_duplicates([[*form, *text(60)] for _ in range(80)])

    assert len(set(groups)) == 80


def test_the_order_of_the_texts_does_not_matter() -> None:
    double = TEXTS[0][:50] + text(10)
    rows = list(enumerate([*TEXTS, double]))
    labels = [*LABELS, 1]
    folds = dict(enumerate(assign_folds([body for _, body in rows], labels)))
    CHANCE.shuffle(rows)

    shuffled = assign_folds([body for _, body in rows], [labels[at] for at, _ in rows])

    assert {at: fold for (at, _), fold in zip(rows, shuffled, strict=True)} == folds


def test_there_are_no_more_folds_than_different_texts() -> None:
    assert set(assign_folds([TEXTS[0], TEXTS[0], TEXTS[1]], [0, 1, 0])) == {0, 1}
    assert assign_folds([TEXTS[0]] * 4, [0, 0, 1, 1]) == [0] * 4


def test_texts_shorter_than_a_run_are_copies_only_when_equal() -> None:
    groups = near_duplicates([["ab", "cd"], ["ab", "ef"], ["ab", "cd"], [], []])

    assert same_parts(groups) == {frozenset({0, 2}), frozenset({1}), frozenset({3, 4})}
