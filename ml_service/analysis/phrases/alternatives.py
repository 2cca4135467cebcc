"""Long lists of alternatives in a pattern, written so that they are tried quickly."""

from __future__ import annotations

from collections.abc import Iterable


def any_of(patterns: Iterable[str]) -> str:
    """Any of the patterns, each of which begins with a small letter or a figure; other letters are
    made small, for patterns that ignore case.

    Those with the same first letter are put together, in their order: ``re`` tries alternatives
    one by one, and at most places of a text the first letter rules out nearly all of them.
    """
    by_first: dict[str, list[str]] = {}
    for pattern in patterns:
        by_first.setdefault(pattern[0].casefold(), []).append(pattern[1:])
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items())
