"""Which passages moved the answer, measured without each one and with nothing else."""

from __future__ import annotations

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.predictor import KnownSignals, Predictor, S, label_of
from ml_service.domain.prediction import CareerPrediction, Contribution

MAX_CONTRIBUTIONS = 8
_NEGLIGIBLE = 0.0005


def explain(
    model: Predictor[S],
    evidence: ResumeEvidence,
    career: CareerPrediction,
    *,
    known: KnownSignals[S] | None = None,
) -> tuple[Contribution, ...]:
    """At most eight passages, the strongest first, whichever way they pull.

    A contribution is half of what the probability of the first career path, among all labels of
    the model, loses without the passage, and half of what it gains when the passage stands alone;
    below zero it speaks for something else. Contributions do not add up. ``known`` is what was
    read for ``career``. Raises EmbeddingSpaceMismatch.
    """
    measured = contributions(model, evidence, career, known=known)
    telling = [entry for entry in measured if abs(entry.contribution) >= _NEGLIGIBLE]
    telling.sort(key=lambda entry: (-abs(entry.contribution), entry.lines))
    return tuple(telling[:MAX_CONTRIBUTIONS])


def contributions(
    model: Predictor[S],
    evidence: ResumeEvidence,
    career: CareerPrediction,
    *,
    known: KnownSignals[S] | None = None,
) -> tuple[Contribution, ...]:
    """One for every passage, in reading order. Raises EmbeddingSpaceMismatch.

    The two ends of a Shapley value: what is lost alone would say nothing where two passages name
    the same job and cover for each other. Source: Shapley, A Value for n-Person Games, 1953.
    """
    signals = model.signals(evidence, known=known)
    best = model.labels.index(label_of(career.career_paths[0]))
    places = range(len(signals))
    without = [(*places[:at], *places[at + 1 :]) for at in places]
    alone = [(at,) for at in places]
    shares = model.probabilities(signals, [places, (), *without, *alone])[:, best].tolist()
    whole, nothing = shares[:2]
    of_rest, of_it = shares[2 : 2 + len(signals)], shares[2 + len(signals) :]
    return tuple(
        Contribution(
            text=entry.passage.text,
            page=entry.passage.page,
            contribution=((whole - left) + (reached - nothing)) / 2,
            lines=entry.passage.lines,
        )
        for entry, left, reached in zip(signals, of_rest, of_it, strict=True)
    )
