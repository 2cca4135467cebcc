"""How many columns a page is said to have, one rule for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_LEAST_SHARE = 0.1


def count_columns(column_of_lines: Iterable[int]) -> int:
    """Columns that hold a real part of the lines; a short list set in two does not make one.

    Lines are counted, not letters: how long somebody's name and address are changes nothing.
    """
    lines = Counter(column_of_lines)
    floor = _LEAST_SHARE * lines.total()
    return max(1, sum(1 for count in lines.values() if count > floor))
