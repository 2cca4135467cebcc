"""Which passages moved the answer, measured without each one and with nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.predictor import Predictor, S, label_of
from ml_service.domain.prediction import CareerPrediction, Contribution

MAX_CONTRIBUTIONS = 8
_NEGLIGIBLE = 0.0005


def explain(
    model: Predictor[S], evidence: ResumeEvidence, career: CareerPrediction
) -> tuple[Contribution, ...]:
    """At most eight passages, the strongest first, whichever way they pull.

    A contribution is half of what the probability of the first career path, among all labels of
    the model, loses without the passage, and half of what it gains when the passage stands alone;
    below zero it speaks for something else. Contributions do not add up.
    Raises EmbeddingSpaceMismatch.
    """
    measured = contributions(model, evidence, career)
    telling = [entry for entry in measured if abs(entry.contribution) >= _NEGLIGIBLE]
    telling.sort(key=lambda entry: (-abs(entry.contribution), entry.lines))
    return tuple(telling[:MAX_CONTRIBUTIONS])


def contributions(
    model: Predictor[S], evidence: ResumeEvidence, career: CareerPrediction
) -> tuple[Contribution, ...]:
    """One for every passage, in reading order. Raises EmbeddingSpaceMismatch.

    The two ends of a Shapley value: what is lost alone would say nothing where two passages name
    the same job and cover for each other. Source: Shapley, A Value for n-Person Games, 1953.
    """
    signals = model.signals(evidence)
    best = model.labels.index(label_of(career.career_paths[0]))

    def probability(kept: Sequence[S]) -> float:
        return float(model.rank(kept).probabilities[best])

    whole, nothing = probability(signals), probability(())
    return tuple(
        Contribution(
            text=entry.passage.text,
            page=entry.passage.page,
            contribution=(
                (whole - probability((*signals[:at], *signals[at + 1 :])))
                + (probability((entry,)) - nothing)
            )
            / 2,
            lines=entry.passage.lines,
        )
        for at, entry in enumerate(signals)
    )
