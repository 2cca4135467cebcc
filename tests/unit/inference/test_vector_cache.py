from __future__ import annotations

import numpy as np

from ml_service.inference.vector_cache import ENTRY_OVERHEAD_BYTES, VectorCache

VECTOR = np.ones(8, dtype=np.float32)
ENTRY_BYTES = VECTOR.nbytes + ENTRY_OVERHEAD_BYTES


def test_the_oldest_is_pushed_out_when_the_bound_is_reached() -> None:
    cache = VectorCache(3 * ENTRY_BYTES)
    for text in "abcd":
        cache.keep({text: VECTOR})
    assert sorted(cache.find(["a", "b", "c", "d"])) == [1, 2, 3]
    assert cache.size_bytes == 3 * ENTRY_BYTES


def test_without_room_nothing_is_kept() -> None:
    cache = VectorCache(0)
    cache.keep({"a": VECTOR})
    assert cache.find(["a"]) == {}


def test_after_a_while_nothing_is_left() -> None:
    cache = VectorCache(10 * ENTRY_BYTES, kept_for_s=0.0)
    cache.keep({"a": VECTOR})
    assert cache.find(["a"]) == {}


def test_a_row_does_not_keep_the_array_it_was_cut_from() -> None:
    cache = VectorCache(10 * ENTRY_BYTES)
    many = np.arange(80, dtype=np.float32).reshape(10, 8)
    cache.keep({"a": many[3]})
    found = cache.find(["a"])[0]
    assert found.base is None
    assert found.tolist() == many[3].tolist()


def test_texts_are_told_apart_whatever_they_hold() -> None:
    cache = VectorCache(10 * ENTRY_BYTES)
    cache.keep({"\udce9 torn": VECTOR})
    assert list(cache.find(["\udce9 torn", "torn"])) == [0]
    assert (cache.n_found, cache.n_missed) == (1, 1)
