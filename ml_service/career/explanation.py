"""Which passages moved the answer, measured by leaving each one out."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.model import CareerModel
from ml_service.career.signals import PassageSignals
from ml_service.domain.prediction import CareerPrediction, Contribution

MAX_CONTRIBUTIONS = 8
_NEGLIGIBLE = 0.0005


def explain(
    model: CareerModel, evidence: ResumeEvidence, career: CareerPrediction
) -> tuple[Contribution, ...]:
    """At most eight passages, the strongest first, whichever way they pull.

    A contribution is how far the probability of the first career path, among all occupations,
    falls when the passage is left out; below zero it speaks for something else. Contributions
    do not add up: two passages that say the same cover for each other.
    Raises EmbeddingSpaceMismatch.
    """
    measured = contributions(model, evidence, career)
    telling = [entry for entry in measured if abs(entry.contribution) >= _NEGLIGIBLE]
    telling.sort(key=lambda entry: (-abs(entry.contribution), entry.lines))
    return tuple(telling[:MAX_CONTRIBUTIONS])


def contributions(
    model: CareerModel, evidence: ResumeEvidence, career: CareerPrediction
) -> tuple[Contribution, ...]:
    """One for every passage, in reading order. Raises EmbeddingSpaceMismatch."""
    signals = model.signals(evidence)
    best = model.manifest.labels.index(career.career_paths[0].soc_code or "")
    whole = _probability(model, signals, best)
    return tuple(
        Contribution(
            text=entry.passage.text,
            page=entry.passage.page,
            contribution=whole - _probability(model, (*signals[:at], *signals[at + 1 :]), best),
            lines=entry.passage.lines,
        )
        for at, entry in enumerate(signals)
    )


def _probability(model: CareerModel, signals: Sequence[PassageSignals], at: int) -> float:
    return float(model.rank(signals).probabilities[at])
