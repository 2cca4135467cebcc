"""How good a model of intents is, on texts that it never saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ml_service.domain.shares import calibration_gap
from ml_service.intents.head import Floats, Judgement, judge
from ml_service.intents.judging import (
    Bools,
    Scores,
    fit_judgement,
    request_weights,
    scope_f1,
)

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Answers:
    """``right`` and ``likeliest`` are places among the intents, ``n_intents`` being out of scope;
    ``confidences`` are of the likeliest, ``chances`` and ``refused`` of being out of scope.
    """

    right: Rows
    likeliest: Rows
    confidences: Floats
    chances: Floats
    refused: Bools
    n_intents: int

    @property
    def out_of_scope(self) -> Bools:
        found: Bools = self.right == self.n_intents
        return found

    @property
    def said(self) -> Rows:
        """What was answered in the end."""
        return np.where(self.refused, self.n_intents, self.likeliest)


def answers_of(scores: Scores, right: Rows, n_intents: int, judgement: Judgement) -> Answers:
    verdicts = judge(scores, n_intents, judgement)
    confidences = verdicts.confidences(judgement)
    return Answers(
        right=right,
        likeliest=confidences.argmax(axis=1),
        confidences=confidences.max(axis=1),
        chances=verdicts.p_out_of_scope,
        refused=verdicts.p_out_of_scope >= judgement.out_of_scope.threshold,
        n_intents=n_intents,
    )


def unseen_answers(scores: Scores, right: Rows, n_intents: int, folds: Rows) -> Answers:
    """``scores`` are of texts whose part the maps had not seen; shares, calibration and threshold
    come from the other parts as well. In the order of the parts.
    """
    parts = []
    for fold in np.unique(folds):
        held, others = folds == fold, folds != fold
        known = scores[0][others], scores[1][others]
        judgement = fit_judgement(known, right[others], n_intents)
        asked = scores[0][held], scores[1][held]
        parts.append(answers_of(asked, right[held], n_intents, judgement))
    return Answers(
        right=np.concatenate([part.right for part in parts]),
        likeliest=np.concatenate([part.likeliest for part in parts]),
        confidences=np.concatenate([part.confidences for part in parts]),
        chances=np.concatenate([part.chances for part in parts]),
        refused=np.concatenate([part.refused for part in parts]),
        n_intents=n_intents,
    )


def figures(answers: Answers, labels: Sequence[str]) -> dict[str, Any]:
    """``labels`` of all that can be right, out of scope the last where there are examples of it.

    Those figures that mix both kinds of text count them as ``request_weights`` does.
    """
    inside = ~answers.out_of_scope
    hits = answers.likeliest == answers.right
    classes = class_figures(answers, labels)
    table: dict[str, Any] = {
        "n_in_scope": int(inside.sum()),
        "accuracy_in_scope": float(hits[inside].mean()),
        "accuracy_in_scope_refused_is_wrong": float((hits & ~answers.refused)[inside].mean()),
        "macro_f1": float(np.mean([row["f1"] for row in classes.values()])),
        "ece": calibration_gap(answers.confidences, hits, _weights(answers)),
    }
    if not inside.all():
        table |= _scope_figures(answers)
    rounded = {k: round(v, 4) if isinstance(v, float) else v for k, v in table.items()}
    return {**rounded, "classes": classes}


def _scope_figures(answers: Answers) -> dict[str, Any]:
    precision, recall, f1 = scope_f1(answers.refused, answers.out_of_scope, _weights(answers))
    return {
        "n_out_of_scope": int(answers.out_of_scope.sum()),
        "out_of_scope_precision": precision,
        "out_of_scope_recall": recall,
        "out_of_scope_f1": f1,
    }


def _weights(answers: Answers) -> Floats:
    if not answers.out_of_scope.any():
        return np.ones(len(answers.right))
    return request_weights(answers.out_of_scope)


def class_figures(answers: Answers, labels: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By label; ``precision`` is None where it never was the answer."""
    table = {}
    said = answers.said
    for at, label in enumerate(labels):
        n, n_said = int((answers.right == at).sum()), int((said == at).sum())
        n_hits = int(((answers.right == at) & (said == at)).sum())
        table[label] = {
            "n": n,
            "n_answered": n_said,
            "precision": round(n_hits / n_said, 4) if n_said else None,
            "recall": round(n_hits / n, 4) if n else None,
            "f1": round(2 * n_hits / (n + n_said), 4) if n + n_said else 0.0,
        }
    return table


def confusions(answers: Answers) -> Mapping[tuple[int, int], int]:
    """How often what is right, first, got which answer; ``n_intents`` is out of scope."""
    return Counter(zip(answers.right.tolist(), answers.said.tolist(), strict=True))
