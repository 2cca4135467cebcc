"""How good a model of own labels is: every resume judged by models that never saw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.evaluation_tables import class_table, figure_table
from ml_service.career.model_card import Figures
from ml_service.career.taxonomy.label_fitting import Advance, Fitted, LabelledResume, fit_labels
from ml_service.career.taxonomy.label_head import VIEWS, clues_of, features_of, view_scores
from ml_service.domain.shares import softmax

MIN_FOLDS = 3
"""Fewer leave no part to learn how much each view counts, once one is held out."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """``ranked`` are labels, best first; ``fold`` is the part that was left out."""

    resume: LabelledResume
    ranked: tuple[int, ...]
    confidence: float
    fold: int


def n_fits(n_folds: int) -> int:
    """How often ``advance`` is called by ``cross_validate`` and a fit of all that follows."""
    held = n_folds * n_folds if n_folds >= MIN_FOLDS else 0
    return (held + n_folds + 1) * len(VIEWS)


def cross_validate(
    resumes: Sequence[LabelledResume],
    folds: Sequence[int],
    *,
    n_labels: int,
    advance: Advance = lambda: None,
) -> tuple[HeldOut, ...]:
    """In the order of the folds. Maps, ranking and calibration never saw the fold they judge."""
    held: list[HeldOut] = []
    for fold in sorted(set(folds)):
        others = [at for at, own in enumerate(folds) if own != fold]
        fitted = fit_labels(
            [resumes[at] for at in others],
            [folds[at] for at in others],
            n_labels=n_labels,
            advance=advance,
        )
        held.extend(
            _judge(fitted, resume, fold)
            for resume, own in zip(resumes, folds, strict=True)
            if own == fold
        )
    return tuple(held)


def _judge(fitted: Fitted, resume: LabelledResume, fold: int) -> HeldOut:
    head = fitted.head
    features = features_of(
        view_scores(head, resume.words), resume.mentions, odds=head.odds, prior=head.prior
    )
    probabilities = softmax(features @ head.ranking)
    return HeldOut(
        resume=resume,
        ranked=tuple(np.argsort(-probabilities, kind="stable").tolist()),
        confidence=fitted.calibration.confidence(clues_of(probabilities)),
        fold=fold,
    )


def figures(held: Sequence[HeldOut], labels: Sequence[str]) -> Figures:
    """The contract's figures over all folds, with the spread over them, and a table by label."""
    ranked = [[labels[at] for at in row.ranked] for row in held]
    right = [frozenset({labels[row.resume.label]}) for row in held]
    confidences = np.array([row.confidence for row in held])
    hits = np.array([row.ranked[0] == row.resume.label for row in held])
    shares = dict(_by_fold(held, hits))
    table = figure_table(ranked, right, confidences) | {
        "top_1_lowest_fold": min(shares.values()),
        "top_1_highest_fold": max(shares.values()),
        "top_1_deviation": float(np.std(list(shares.values()))),
    }
    return {
        "n": len(held),
        "n_folds": len(shares),
        **{name: round(value, 4) for name, value in table.items()},
        "classes": class_table([row[0] for row in ranked], right),
    }


def _by_fold(held: Sequence[HeldOut], hits: npt.NDArray[np.bool_]) -> Iterator[tuple[int, float]]:
    folds = np.array([row.fold for row in held])
    for fold in np.unique(folds):
        yield int(fold), float(hits[folds == fold].mean())
