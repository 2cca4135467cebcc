"""Answers whose right labels are known, as tables: by class, by confidence, by threshold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ml_service.career.evaluation import (
    Bools,
    Floats,
    accuracy_at_coverage,
    calibration_error,
    macro_f1,
    top_k_accuracy,
)
from ml_service.domain.shares import N_BINS

SET_LEVELS = (0.5, 0.7, 0.8, 0.9)
THRESHOLDS = tuple(step / 20 for step in range(20))
_Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """``n`` rows have this label, ``n_answered`` got it as first answer; ``precision`` is None
    where it never was the answer.
    """

    label: str
    n: int
    n_answered: int
    precision: float | None
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """``n`` rows with the label ``right`` got ``answered``, which is empty where nothing was."""

    right: str
    answered: str
    n: int


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Rows whose confidence is in [low, high); ``interval`` is that of the accuracy."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What abstaining below ``threshold`` leaves: the share answered, and how much is right."""

    threshold: float
    n_answered: int
    coverage: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class PredictionSets:
    """The smallest first answers whose confidences add up to ``level``.

    ``reached`` is the share of rows whose answers get that far; of these, ``mean_size`` answers
    are needed and ``covered`` is the share with a right one among them.
    """

    level: float
    reached: float
    mean_size: float | None
    covered: float | None


def told_labels(
    predicted: Sequence[str], right: Sequence[Collection[str]]
) -> tuple[tuple[str, str], ...]:
    """(right, answered) of each row: of several right labels the answered, else the first."""
    pairs = zip(predicted, right, strict=True)
    return tuple((guess if guess in labels else min(labels), guess) for guess, labels in pairs)


def by_class(told: Sequence[tuple[str, str]]) -> tuple[ClassFigures, ...]:
    """Labels that are right somewhere, in alphabetical order; ``told`` as of ``told_labels``."""
    wanted = Counter(label for label, _ in told)
    answered = Counter(guess for _, guess in told)
    hits = Counter(label for label, guess in told if label == guess)
    return tuple(
        ClassFigures(
            label=label,
            n=wanted[label],
            n_answered=answered[label],
            precision=hits[label] / answered[label] if answered[label] else None,
            recall=hits[label] / wanted[label],
            f1=2 * hits[label] / (wanted[label] + answered[label]),
        )
        for label in sorted(wanted)
    )


def figure_table(
    ranked: Sequence[Sequence[str]], right: Sequence[Collection[str]], confidences: Floats
) -> dict[str, float]:
    """The contract's figures, as a model's card has them, of answers ranked best first."""
    hits = np.array([row[0] in labels for row, labels in zip(ranked, right, strict=True)])
    error = calibration_error(confidences, hits)
    coverage = accuracy_at_coverage(confidences, hits)
    return {
        **{f"top_{k}": top_k_accuracy(ranked, right, k=k) for k in (1, 3, 5)},
        "macro_f1": macro_f1([row[0] for row in ranked], right),
        "ece": error.ece,
        "ece_low": error.low,
        "ece_high": error.high,
        "ece_floor": error.floor,
        **{f"accuracy_at_{round(share * 100)}": value for share, value in coverage.items()},
    }


def class_table(
    predicted: Sequence[str], right: Sequence[Collection[str]], *, at_least: int = 1
) -> dict[str, dict[str, int | float | None]]:
    """``by_class`` as a model's card has it, of labels with ``at_least`` so many rows."""
    return {
        entry.label: {
            "n": entry.n,
            "precision": None if entry.precision is None else round(entry.precision, 4),
            "recall": round(entry.recall, 4),
            "f1": round(entry.f1, 4),
        }
        for entry in by_class(told_labels(predicted, right))
        if entry.n >= at_least
    }


def answer_counts(told: Sequence[tuple[str, str]]) -> tuple[AnswerCount, ...]:
    """The confusion matrix without its zeros, most frequent first, then alphabetically."""
    counts = sorted(Counter(told).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(AnswerCount(label, guess, n) for (label, guess), n in counts)


def by_confidence(confidences: Floats, right: Bools) -> tuple[ConfidenceBin, ...]:
    """The bins of the ECE that have rows in them, lowest first; the last includes 1."""
    bins = np.minimum((confidences * N_BINS).astype(np.int64), N_BINS - 1)
    return tuple(
        ConfidenceBin(
            low=at / N_BINS,
            high=(at + 1) / N_BINS,
            n=int((bins == at).sum()),
            confidence=float(confidences[bins == at].mean()),
            accuracy=float(right[bins == at].mean()),
            interval=share_interval(int(right[bins == at].sum()), int((bins == at).sum())),
        )
        for at in sorted({int(found) for found in bins})
    )


def by_threshold(
    confidences: Floats, right: Bools, held_back: Bools, *, own: float
) -> tuple[AtThreshold, ...]:
    """In steps of 0.05 from 0, and at the model's ``own``. A row that is ``held_back`` (refused,
    or abstained for another reason than its confidence) is answered at none.

    Raises ValueError for no rows.
    """
    if len(confidences) == 0:
        raise ValueError("There are no rows to measure.")
    rows = []
    for threshold in sorted({*THRESHOLDS, own}):
        answered = (confidences >= threshold) & ~held_back
        n_answered = int(answered.sum())
        accuracy = float(right[answered].mean()) if n_answered else None
        rows.append(AtThreshold(threshold, n_answered, n_answered / len(answered), accuracy))
    return tuple(rows)


def prediction_sets(
    ranked: Sequence[Sequence[str]],
    confidences: Sequence[Sequence[float]],
    right: Sequence[Collection[str]],
) -> tuple[PredictionSets, ...]:
    """One for each of 0.5, 0.7, 0.8 and 0.9. ``confidences`` stand beside ``ranked``, best first.

    Raises ValueError for no rows.
    """
    if not ranked:
        raise ValueError("There are no rows to measure.")
    return tuple(_sets_at(level, ranked, confidences, right) for level in SET_LEVELS)


def _sets_at(
    level: float,
    ranked: Sequence[Sequence[str]],
    confidences: Sequence[Sequence[float]],
    right: Sequence[Collection[str]],
) -> PredictionSets:
    sizes, covered = [], []
    for row, shares, labels in zip(ranked, confidences, right, strict=True):
        reaching = np.flatnonzero(np.cumsum(shares) >= level - 1e-9)
        if len(reaching):
            sizes.append(int(reaching[0]) + 1)
            covered.append(any(label in labels for label in row[: sizes[-1]]))
    return PredictionSets(
        level=level,
        reached=len(sizes) / len(ranked),
        mean_size=float(np.mean(sizes)) if sizes else None,
        covered=float(np.mean(covered)) if covered else None,
    )


def share_interval(n_hits: int, n: int) -> Interval:
    """95 %, of a share out of ``n`` above 0. Source: Wilson, Probable Inference, 1927."""
    share, spread = n_hits / n, _Z_95**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return Interval(low=max(0.0, middle - half), high=min(1.0, middle + half))
