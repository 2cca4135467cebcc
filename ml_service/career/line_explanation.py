"""Which lines moved the answer, measured by leaving each one out of its passage.

Passages are not cut anew: a line's absence then moves nothing but what it said itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import Passage
from ml_service.career.predictor import KnownSignals, Predictor, RankedLabels, S, label_of
from ml_service.domain.errors import EmbeddingSpaceMismatch, ModelChanged
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.prediction import CareerPrediction

MOST_MEASURED_APART = 200
"""In a resume of more lines, neighbours are left out together: each costs an embedding."""


@dataclass(frozen=True, slots=True)
class Omission:
    """``lines`` (``Line.order``) are left out of the passage at ``at``; ``rest`` is what stays of
    it, None for nothing.
    """

    lines: tuple[int, ...]
    at: int
    rest: Passage | None


@dataclass(frozen=True, slots=True)
class Effect:
    """How far probability and log-odds of the first career path fall without some lines."""

    probability: float
    log_odds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """``effects`` in the order of the omissions; ``probability`` with all lines there."""

    probability: float
    effects: tuple[Effect, ...]


def omissions(
    passages: Sequence[Passage], *, most_apart: int = MOST_MEASURED_APART
) -> tuple[Omission, ...]:
    """Every line of every passage in one omission, in reading order."""
    n_lines = sum(len(passage.lines) for passage in passages)
    n_together = max(1, -(-n_lines // most_apart))
    return tuple(
        _without(passage, at, first, first + n_together)
        for at, passage in enumerate(passages)
        for first in range(0, len(passage.lines), n_together)
    )


def texts_to_embed(left_out: Sequence[Omission]) -> list[str]:
    """Of what stays of each passage, where something does."""
    return [omission.rest.text for omission in left_out if omission.rest is not None]


def measure_lines(
    model: Predictor[S],
    evidence: ResumeEvidence,
    career: CareerPrediction,
    *,
    left_out: Sequence[Omission],
    rests: Embeddings,
) -> Measured:
    """What the first career path loses without each omission's lines.

    ``rests`` has a row for each of ``texts_to_embed``. Effects do not add up, as those of
    ``explain`` do not. Raises EmbeddingSpaceMismatch, or ModelChanged when ``career`` is not what
    the model says of this evidence.
    """
    if rests.encoder != evidence.vectors.encoder:
        raise EmbeddingSpaceMismatch
    known: KnownSignals[S] = {}
    whole = model.rank(model.signals(evidence, known=known))
    best = model.labels.index(label_of(career.career_paths[0]))
    if int(whole.order[0]) != best:
        raise ModelChanged
    changed = (
        model.rank(model.signals(rest, known=known))
        for rest in _evidence_without(evidence, left_out, rests)
    )
    return Measured(
        probability=float(whole.probabilities[best]),
        effects=tuple(_effect(whole, ranking, best) for ranking in changed),
    )


def _effect(whole: RankedLabels, rest: RankedLabels, best: int) -> Effect:
    return Effect(
        probability=float(whole.probabilities[best] - rest.probabilities[best]),
        log_odds=_log_odds(whole, best) - _log_odds(rest, best),
    )


def _log_odds(ranking: RankedLabels, at: int) -> float:
    """From the scores: near 1, the probability itself no longer tells."""
    others = np.delete(ranking.scores, at)
    return float(ranking.scores[at] - np.logaddexp.reduce(others))


def _without(passage: Passage, at: int, first: int, end: int) -> Omission:
    texts = passage.text.split("\n")
    texts[first:end] = []
    lines = passage.lines[:first] + passage.lines[end:]
    rest = replace(passage, text="\n".join(texts), lines=lines) if lines else None
    return Omission(lines=passage.lines[first:end], at=at, rest=rest)


def _evidence_without(
    evidence: ResumeEvidence, left_out: Sequence[Omission], rests: Embeddings
) -> Iterator[ResumeEvidence]:
    rows = iter(rests.vectors)
    for omission in left_out:
        row = None if omission.rest is None else next(rows)
        yield _one_without(evidence, omission, row)


def _one_without(
    evidence: ResumeEvidence, omission: Omission, row: Float32Array | None
) -> ResumeEvidence:
    passages, vectors = list(evidence.passages), evidence.vectors.vectors
    if omission.rest is None or row is None:
        del passages[omission.at]
        vectors = np.delete(vectors, omission.at, axis=0)
    else:
        passages[omission.at] = omission.rest
        vectors = vectors.copy()
        vectors[omission.at] = row
    return replace(
        evidence,
        passages=tuple(passages),
        vectors=Embeddings(vectors=vectors, encoder=evidence.vectors.encoder),
    )
