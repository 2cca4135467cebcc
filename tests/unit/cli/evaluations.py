"""Evaluations with figures that are made up, whole enough to be printed and drawn."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from ml_service.career.evaluation import accuracy_at_coverage, calibration_error, macro_f1
from ml_service.career.evaluation_tables import (
    answer_counts,
    by_class,
    by_confidence,
    by_threshold,
    prediction_sets,
    share_interval,
    told_labels,
)
from ml_service.cli.evaluated import Evaluated
from ml_service.domain.prediction import ModelRef
from ml_service.use_cases.evaluate_model import Accuracy, Evaluation, StageTimes

THRESHOLD = 0.42


def accuracy_of(labels: list[str], *, n: int = 60) -> Accuracy:
    """The surer half is right; of the rest the next label is answered, and once nothing."""
    told = [labels[row % len(labels)] for row in range(n)]
    after = dict(zip(labels, (*labels[1:], labels[0]), strict=True))
    confidences = np.linspace(0.98, 0.05, n)
    ranked = [
        (label, after[label]) if row < n // 2 else (after[label], label)
        for row, label in enumerate(told)
    ]
    ranked[-1] = ("", "")
    first = [row[0] for row in ranked]
    right = np.array([answer == label for answer, label in zip(first, told, strict=True)])
    sets = [frozenset({label}) for label in told]
    pairs = told_labels(first, sets)
    return Accuracy(
        n_judged=n,
        top_1=float(right.mean()),
        top_1_interval=share_interval(int(right.sum()), n),
        top_3=1 - 1 / n,
        top_5=1 - 1 / n,
        macro_f1=macro_f1(first, sets),
        calibration=calibration_error(confidences, right),
        coverage=accuracy_at_coverage(confidences, right),
        thresholds=by_threshold(confidences, right, np.array(first) == "", own=THRESHOLD),
        prediction_sets=prediction_sets(
            ranked, [(sure, (1 - sure) / 2) for sure in confidences], sets
        ),
        reliability=by_confidence(confidences, right),
        classes=by_class(pairs),
        answers=answer_counts(pairs),
    )


def evaluated(
    accuracy: Accuracy | None,
    *,
    titles: dict[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Evaluated:
    evaluation = Evaluation(
        model=ModelRef("invented", "0a1b2c"),
        threshold=THRESHOLD,
        n_documents=61,
        n_read=60,
        refused={"corrupt": 1},
        refused_names={"corrupt": ["<torn>.pdf"]},
        stages={"extract": StageTimes(12.5, 40.25)},
        n_abstained=3,
        abstained={"low_confidence": 2, "language": 1},
        accuracy=accuracy,
    )
    return Evaluated(
        evaluation=evaluation,
        source="labels.csv",
        hide_title=True,
        judged_by="category",
        notes=notes,
        titles=titles or {},
        evaluated_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    )
