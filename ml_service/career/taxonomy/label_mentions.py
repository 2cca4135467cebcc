"""The words of a label itself, found in a resume: who calls himself a chef often is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.titles import normalise
from ml_service.career.taxonomy.passage_words import PassageWords, words_of
from ml_service.domain.ports import Float32Array

KINDS = ("whole_anywhere", "stem_anywhere", "stem_in_title", "stem_in_position")
"""Yes or no, each with log odds of its own a label."""
COUNTS = (
    "whole_often",
    "stem_often",
    "whole_in_title",
    "stem_in_title",
    "stem_in_first_position",
    "share_of_positions",
)

_SHORTEST_STEM = 4
_ENDING = 3
_SHORT_WORD = 5


@dataclass(frozen=True, slots=True)
class PassageMentions:
    """Counts of the shape (n_labels,): ``whole`` names and ``stem`` (names without endings) in
    all words, the same in the first line; ``in_positions`` (n_positions, n_labels) by stem.
    """

    whole: Float32Array
    stem: Float32Array
    whole_in_opening: Float32Array
    stem_in_opening: Float32Array
    in_positions: Float32Array

    @property
    def tells(self) -> bool:
        """Whether a label is mentioned or a position held at all."""
        return bool(self.whole.any() or self.stem.any() or len(self.in_positions))


class LabelNames:
    """``INFORMATION-TECHNOLOGY`` is looked for as "information technology"."""

    def __init__(self, labels: Sequence[str]) -> None:
        spaced = [label.replace("_", " ") for label in labels]
        named = [words_of(label) for label in spaced]
        self._whole = [_Name(words, stems=False) for words in named]
        self._stem = [_Name(words, stems=True) for words in named]
        # Positions come normalised: "sales" is "sale" there.
        self._position = [_Name(words_of(normalise(label)), stems=True) for label in spaced]

    def find(self, words: PassageWords) -> PassageMentions:
        return PassageMentions(
            whole=_counts(self._whole, words.body_text),
            stem=_counts(self._stem, words.body_text),
            whole_in_opening=_counts(self._whole, words.opening_text),
            stem_in_opening=_counts(self._stem, words.opening_text),
            in_positions=np.array(
                [_counts(self._position, text) for text in words.position_texts], dtype=np.float32
            ).reshape(-1, len(self._position)),
        )


def gather(mentions: Sequence[PassageMentions]) -> tuple[npt.NDArray[np.bool_], Float32Array]:
    """``KINDS`` (n_labels, 4) and ``COUNTS`` (n_labels, 6) of a resume with passages."""
    first = mentions[0]
    whole = np.sum([entry.whole for entry in mentions], axis=0)
    stem = np.sum([entry.stem for entry in mentions], axis=0)
    positions = np.concatenate([entry.in_positions for entry in mentions]) > 0
    positions = np.concatenate([first.stem_in_opening[None] > 0, positions])
    kinds = [whole > 0, stem > 0, first.stem_in_opening > 0, positions.any(axis=0)]
    counts = [
        np.log1p(whole),
        np.log1p(stem),
        np.minimum(first.whole_in_opening, 1),
        np.minimum(first.stem_in_opening, 1),
        positions[1] if len(positions) > 1 else np.zeros(len(whole)),
        positions.mean(axis=0),
    ]
    return np.stack(kinds, axis=1), np.stack(counts, axis=1).astype(np.float32)


def learn_odds(kinds: npt.NDArray[np.bool_], classes: npt.NDArray[np.intp]) -> Float32Array:
    """Log odds of a label, (2, n_labels, 4): without and with each kind of mention of its name.

    ``kinds`` of shape (n_resumes, n_labels, 4); every share is counted with one resume more of
    either sort, so that none is 0 or 1.
    """
    n_labels = kinds.shape[1]
    own = np.stack([_share(kinds[classes == label, label]) for label in range(n_labels)])
    other = np.stack([_share(kinds[classes != label, label]) for label in range(n_labels)])
    return np.log([(1 - own) / (1 - other), own / other]).astype(np.float32)


def _share(seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    share: npt.NDArray[np.float64] = (seen.sum(axis=0) + 1) / (len(seen) + 2)
    return share


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_STEM, len(word) - _ENDING)] if len(word) > _SHORT_WORD else word


class _Name:
    """Words of a label. One without words is never found."""

    def __init__(self, words: Sequence[str], *, stems: bool) -> None:
        heads = [_stem(word) for word in words] if stems else words
        endings = r"\w*" if stems else ""
        phrase = " ".join(re.escape(head) + endings for head in heads)
        self._first = heads[0] if heads else None
        self._pattern = re.compile(rf"\b{phrase}s?\b")

    def times_in(self, text: str) -> int:
        # Most names are not there at all, and this is far quicker to see.
        if self._first is None or self._first not in text:
            return 0
        return len(self._pattern.findall(text))


def _counts(names: Sequence[_Name], text: str) -> Float32Array:
    return np.array([name.times_in(text) for name in names], dtype=np.float32)
