"""Lists of words and names as they are written in the modules of this package."""

from __future__ import annotations


def words_listed(text: str) -> frozenset[str]:
    """Between spaces."""
    return frozenset(text.split())


def names_listed(text: str) -> frozenset[str]:
    """Between commas; a name may hold spaces."""
    return frozenset(" ".join(name.split()) for name in text.split(","))
