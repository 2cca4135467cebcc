"""The confusion matrix, cut down to the labels that are worth a look where there are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.evaluation_tables import AnswerCount

MAX_LABELS = 30
NOTHING = ""
OTHERS = "(all others)"


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """``counts`` (n_rows, n_columns): rows are the right labels, columns the answers.

    Rows and columns begin with the same labels. Then may come all other labels as one, and among
    the answers those that were none; ``n_labels`` is how many labels there are in all.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    n_labels: int

    @property
    def is_cut(self) -> bool:
        return OTHERS in self.columns

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """Of its row; a row without anything in it is 0."""
        totals = self.counts.sum(axis=1, keepdims=True)
        shares: npt.NDArray[np.float64] = self.counts / np.maximum(totals, 1)
        return shares


def confusion_matrix(answers: Sequence[AnswerCount]) -> ConfusionMatrix:
    """All labels, in alphabetical order; of more than 30 those of the most frequent confusions,
    and if these are fewer, the most frequent ones.
    """
    labels = sorted({name for pair in answers for name in (pair.right, pair.answered)} - {NOTHING})
    shown = labels if len(labels) <= MAX_LABELS else _most_mistaken(answers)
    others = (OTHERS,) if len(shown) < len(labels) else ()
    refused = (NOTHING,) if any(pair.answered == NOTHING for pair in answers) else ()
    rows, columns = (*shown, *others), (*shown, *others, *refused)
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    row_of, column_of = _places(rows), _places(columns)
    for pair in answers:
        row = row_of.get(pair.right, len(shown))
        counts[row, column_of.get(pair.answered, len(shown))] += pair.n
    return ConfusionMatrix(rows, columns, counts, n_labels=len(labels))


def _most_mistaken(answers: Sequence[AnswerCount]) -> list[str]:
    """Pair by pair, so that the cell of a confusion that is shown at all has its row and column."""
    mistakes = [pair for pair in answers if pair.answered not in {pair.right, NOTHING}]
    mistaken: Counter[str] = Counter()
    for pair in mistakes:
        mistaken.update({pair.right: pair.n, pair.answered: pair.n})
    mistakes.sort(key=lambda pair: (-pair.n, -mistaken[pair.right] - mistaken[pair.answered]))
    frequent = sorted(answers, key=lambda pair: -pair.n)
    names = [name for pair in (*mistakes, *frequent) for name in (pair.right, pair.answered)]
    chosen = dict.fromkeys(name for name in names if name != NOTHING)
    return sorted([*chosen][:MAX_LABELS])


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names)}
