"""What a text is made of, as places in a table: words, pairs of words, parts of words.

Nothing has to be known beforehand and no list of words is kept, so that a misspelt word still
shares its parts with the right one. Source: Weinberger and others, Feature Hashing for Large Scale
Multitask Learning, 2009.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array

N_PLACES = 8192
PART_LENGTHS = (3, 4, 5)
_SIGN_BIT = 31
_WORD = re.compile(r"\w+")
_START, _END = "^", "$"

Marks = tuple[npt.NDArray[np.intp], Float32Array]
"""Places in ascending order, and a weight for each; of length 1 together, or empty."""


def words_of(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def raw_marks(text: str) -> dict[int, float]:
    """How much stands at each place, before it is known how telling the places are."""
    found: dict[int, float] = {}
    for mark, times in Counter(_marks(words_of(text))).items():
        code = zlib.crc32(mark.encode())
        sign = 1.0 if code >> _SIGN_BIT else -1.0
        place = code % N_PLACES
        found[place] = found.get(place, 0.0) + sign * (1 + float(np.log(times)))
    return found


def _marks(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield f"word {word}"
        yield from (f"part {part}" for part in _parts(f" {word} "))
    for one, other in pairwise((_START, *words, _END)) if words else ():
        yield f"pair {one} {other}"


def _parts(word: str) -> Iterator[str]:
    for length in PART_LENGTHS:
        for at in range(max(1, len(word) - length + 1)):
            yield word[at : at + length]


def telling(texts: Sequence[dict[int, float]]) -> Float32Array:
    """How telling each place is: shape (N_PLACES,), 1 for one that every text has.

    Source: Manning, Raghavan, Schuetze, Introduction to Information Retrieval, 2008, 6.2.1, with
    one added to both counts.
    """
    holders = np.zeros(N_PLACES)
    for text in texts:
        holders[list(text)] += 1
    weights: Float32Array = (np.log((1 + len(texts)) / (1 + holders)) + 1).astype(np.float32)
    return weights


def weighed(raw: dict[int, float], weights: Float32Array) -> Marks:
    places = np.array(sorted(raw), dtype=np.intp)
    values = np.array([raw[place] for place in places], dtype=np.float32) * weights[places]
    length = np.linalg.norm(values)
    return places, values / length if length > 0 else values
