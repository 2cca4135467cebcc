"""What a person would look at before believing the first answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml_service.career.occupation_model.features import COLUMNS
from ml_service.domain.ports import Float32Array

CLUES = (
    "log_odds",
    "lead",
    "stated",
    "alike",
    "entropy",
    "said_behind_best",
    "text_behind_best",
    "text",
    "alike_or_headline",
    "headline_known",
    "share_of_title",
)

_EDGE = 1e-6


def clues_of(probabilities: npt.NDArray[np.float64], features: Float32Array) -> tuple[float, ...]:
    """What a person would look at before believing the first answer, in the order of ``CLUES``.

    Its lead, whether the resume states it, how far what was said and written is behind the best.
    """
    first, second = (int(at) for at in np.argsort(-probabilities, kind="stable")[:2])
    row = {name: float(features[first, at]) for name, at in COLUMNS.items()}
    best = {name: float(features[:, COLUMNS[name]].max()) for name in ("said_1", "text_of_work")}
    p_first, p_second = np.clip(probabilities[[first, second]], _EDGE, 1 - _EDGE)
    return (
        float(np.log(p_first / (1 - p_first))),
        float(np.log(p_first / p_second)),
        float(row["exact_1"] > 0 or row["headline_exact"] > 0),
        row["alike_1"],
        float(-(probabilities * np.log(probabilities + 1e-12)).sum()),
        row["said_1"] - best["said_1"],
        row["text_of_work"] - best["text_of_work"],
        row["text_of_work"],
        max(row["alike_1"], row["headline_alike"]),
        float(features[:, COLUMNS["headline_exact"]].any()),
        row["exact_1"],
    )
