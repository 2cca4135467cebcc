"""What a swap changed, and how two groups compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

N_DRAWS = 1_000
SEED = 20_250_501
_INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a swap could move; ``refused`` stands for a text that was taken for no resume.

    ``paths`` are codes with their confidence, ``explanation`` passages with their contribution.
    """

    refused: bool
    paths: tuple[tuple[str, float], ...]
    abstained: bool
    explanation: tuple[tuple[str, float], ...]
    ats_score: float

    @property
    def first(self) -> str:
        return self.paths[0][0] if self.paths else ""

    @property
    def confidence(self) -> float:
        return self.paths[0][1] if self.paths else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """Over pairs of outcomes of one resume: shares in [0, 1], differences as absolute values."""

    n_resumes: int
    n_pairs: int
    flip_rate: float
    mean_confidence_change: float
    max_confidence_change: float
    mean_ats_change: float
    max_ats_change: float
    answer_changed: float
    explanation_changed: float

    @property
    def is_none(self) -> bool:
        return not (
            self.flip_rate
            or self.max_confidence_change
            or self.max_ats_change
            or self.answer_changed
            or self.explanation_changed
        )


def change(rows: Sequence[Sequence[Outcome]]) -> Change:
    """Each row holds one resume's outcomes; all are compared with its first.

    ``answer_changed`` counts any other difference in the answer as well: a path further down, its
    confidence, abstaining, refusing.
    """
    pairs = [(row[0], other) for row in rows for other in row[1:]]
    confidence = np.array([abs(a.confidence - b.confidence) for a, b in pairs])
    ats = np.array([abs(a.ats_score - b.ats_score) for a, b in pairs])
    return Change(
        n_resumes=len(rows),
        n_pairs=len(pairs),
        flip_rate=_share([a.first != b.first for a, b in pairs]),
        mean_confidence_change=float(confidence.mean()),
        max_confidence_change=float(confidence.max()),
        mean_ats_change=float(ats.mean()),
        max_ats_change=float(ats.max()),
        answer_changed=_share(
            [
                (a.paths, a.abstained, a.refused) != (b.paths, b.abstained, b.refused)
                for a, b in pairs
            ]
        ),
        explanation_changed=_share([a.explanation != b.explanation for a, b in pairs]),
    )


@dataclass(frozen=True, slots=True)
class ImpactRatio:
    """``rate`` of the group over that of the group with the highest, with a 95 % interval."""

    group: str
    rate: float
    ratio: float
    low: float
    high: float


def impact_ratios(
    groups: Mapping[str, npt.NDArray[np.float64]], *, at_least: float
) -> tuple[ImpactRatio, ...]:
    """How often each group reaches ``at_least``, over the highest of these rates.

    Each array has the shape (n_resumes, n_people of the group); the resumes are the same. The
    interval comes from 1,000 draws of resumes, with everybody who handed one in.
    Source: 29 CFR 1607.4 D; New York City rules, title 6, section 5-300 (scoring rate: above the
    median; here a tie counts as reached, because many confidences are equal).
    """
    per_resume = {name: (values >= at_least).mean(axis=1) for name, values in groups.items()}
    n_resumes = len(next(iter(per_resume.values())))
    draws = np.random.default_rng(SEED).integers(n_resumes, size=(N_DRAWS, n_resumes))
    rates = {name: float(shares.mean()) for name, shares in per_resume.items()}
    drawn = {name: shares[draws].mean(axis=1) for name, shares in per_resume.items()}
    best = np.max(np.stack(list(drawn.values())), axis=0)
    return tuple(
        _impact_ratio(name, rates, np.where(best, drawn[name], 1.0) / np.where(best, best, 1.0))
        for name in groups
    )


def _impact_ratio(
    name: str, rates: Mapping[str, float], drawn: npt.NDArray[np.float64]
) -> ImpactRatio:
    low, high = np.percentile(drawn, _INTERVAL)
    best = max(rates.values())
    ratio = rates[name] / best if best else 1.0
    return ImpactRatio(name, rates[name], ratio, float(low), float(high))


def _share(flags: Sequence[bool]) -> float:
    return float(np.mean(flags)) if flags else 0.0
