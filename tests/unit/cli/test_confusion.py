from __future__ import annotations

from ml_service.career.evaluation_tables import AnswerCount
from ml_service.cli.confusion import NOTHING, OTHERS, confusion_matrix


def test_few_labels_all_have_their_row_and_column() -> None:
    matrix = confusion_matrix(
        [AnswerCount("b", "b", 3), AnswerCount("b", "a", 1), AnswerCount("a", NOTHING, 2)]
    )

    assert (matrix.rows, matrix.columns) == (("a", "b"), ("a", "b", NOTHING))
    assert matrix.counts.tolist() == [[0, 0, 2], [1, 3, 0]]
    assert matrix.shares.tolist() == [[0, 0, 1], [0.25, 0.75, 0]]
    assert not matrix.is_cut


def test_of_many_labels_the_confused_are_shown_and_none_is_lost() -> None:
    right = [AnswerCount(f"l{n:03}", f"l{n:03}", 9) for n in range(200)]
    wrong = [AnswerCount("l150", "l180", 4), AnswerCount("l007", "l190", 2)]
    refused = [AnswerCount("l199", NOTHING, 1)]

    matrix = confusion_matrix([*right, *wrong, *refused])

    assert len(matrix.rows) == 31
    assert {"l007", "l150", "l180", "l190"} <= set(matrix.rows)
    assert matrix.rows[-1] == OTHERS
    assert matrix.columns[-2:] == (OTHERS, NOTHING)
    assert (matrix.n_labels, matrix.is_cut) == (200, True)
    assert matrix.counts.sum() == 200 * 9 + 4 + 2 + 1
    assert matrix.counts[matrix.rows.index("l150"), matrix.columns.index("l180")] == 4


def test_the_most_frequent_confusions_come_before_rare_ones() -> None:
    rare = [AnswerCount(f"r{n:03}", f"s{n:03}", 1) for n in range(40)]
    matrix = confusion_matrix([*rare, AnswerCount("x", "y", 5)])

    assert {"x", "y"} <= set(matrix.rows)


def test_a_label_without_rows_has_no_shares() -> None:
    matrix = confusion_matrix([AnswerCount("a", "b", 1)])

    assert matrix.shares.tolist() == [[0, 1], [0, 0]]
