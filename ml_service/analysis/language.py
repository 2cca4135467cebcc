"""The language of a text."""

from __future__ import annotations

from collections.abc import Sequence

_ENOUGH_CHARS = 3000
_DEFAULT = "en"


def language_of(texts: Sequence[str]) -> str:
    """ISO 639-1 code; English where there are too few letters to tell.

    The identifier's model (BSD, about 80 MB once loaded, offline) is read on the first call.
    """
    import py3langid  # noqa: PLC0415  (reads its model lazily; nothing is loaded on import)

    sample = " ".join(texts).casefold()[:_ENOUGH_CHARS]
    if sum(mark.isalpha() for mark in sample) < 20:
        return _DEFAULT
    code: str = py3langid.classify(sample)[0]
    return code
