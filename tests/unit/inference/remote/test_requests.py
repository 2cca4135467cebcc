from __future__ import annotations

from ml_service.inference.remote.requests import MOST_CHARACTERS, MOST_TEXTS, in_parts


def test_parts_are_bounded_in_texts_and_keep_their_order() -> None:
    texts = [str(number) for number in range(2 * MOST_TEXTS + 5)]

    parts = [list(part) for part in in_parts(texts)]

    assert [len(part) for part in parts] == [MOST_TEXTS, MOST_TEXTS, 5]
    assert [text for part in parts for text in part] == texts


def test_and_in_characters_but_for_a_text_that_is_alone() -> None:
    long = "x" * (MOST_CHARACTERS + 1)
    half = "y" * (MOST_CHARACTERS // 2)

    parts = [list(part) for part in in_parts(["a", long, half, half, "b"])]

    assert parts == [["a"], [long], [half, half], ["b"]]


def test_one_text_is_one_part() -> None:
    assert [list(part) for part in in_parts(["a"])] == [["a"]]
