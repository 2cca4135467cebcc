"""How often the next occupation is among the first answers, for each way of answering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ml_service.career.splits import fold
from ml_service.career.transitions.model import may_be_offered
from ml_service.career.transitions.training import Basis, NextJob, TransitionTrainer
from ml_service.domain.ports import Float32Array

DEPTHS = (1, 5, 10)
NEVER = 1_000_000
"""The rank of what a way does not answer at all."""

Scorer = Callable[[NextJob], Float32Array]
Ranks = npt.NDArray[np.int64]

_FIRST_OF_ALL = np.float32(1e6)


def ranks_of(cases: Iterable[NextJob], scorer: Scorer) -> Ranks:
    """For each case the place of its best right occupation, from 0; equal scores by code."""
    return np.array([rank_of(scorer(case), case.target) for case in cases], dtype=np.int64)


def rank_of(scores: Float32Array, target: Sequence[int]) -> int:
    """Minus infinity stands for what is not answered."""
    order = np.argsort(-scores, kind="stable")
    places = np.flatnonzero(np.isin(order, target) & np.isfinite(scores[order]))
    return int(places[0]) if len(places) else NEVER


def recall(ranks: Ranks) -> dict[str, float]:
    return {f"recall_{depth}": round(float((ranks < depth).mean()), 4) for depth in DEPTHS}


def per_target(cases: Sequence[NextJob], ranks: Ranks, *, depth: int = 10) -> float:
    """Mean over the occupations that are right somewhere of their own recall: a way that names the
    most common ones gains nothing here. A case of several right ones counts in parts.
    """
    hits: dict[int, float] = {}
    seen: dict[int, float] = {}
    for case, rank in zip(cases, ranks, strict=True):
        for column in case.target:
            seen[column] = seen.get(column, 0) + 1 / len(case.target)
            hits[column] = hits.get(column, 0) + (rank < depth) / len(case.target)
    return float(np.mean([hits[column] / seen[column] for column in seen]))


class Ways:
    """``unseen``: the cases come from resumes that the trainer never had; else each is answered
    by what was learned without its fold.
    """

    def __init__(self, trainer: TransitionTrainer, *, unseen: bool) -> None:
        self._trainer = trainer
        self._relations = trainer.relations
        self._unseen = unseen

    def of_moves(self) -> Mapping[str, Scorer]:
        """The present occupation is never among the answers."""
        ways: dict[str, Scorer] = {
            "related occupations (baseline)": self.related,
            "most common next occupations": lambda case: self._counts(case).sum(axis=0),
            "titles alike": lambda case: case.history.present @ self._relations.alike,
            "counted moves, then related": self._counted,
            "moves of alike occupations": self._smoothed,
            "text of the jobs alone": lambda case: self._basis(case).text_map.log_p(
                case.history.text
            ),
            "logit, present occupation alone": self.by_occupation,
            "logit, whole history": self.by_history,
            "the same, as it is offered": self.offered,
        }
        return {name: _without_present(way) for name, way in ways.items()}

    def of_all(self) -> Mapping[str, Scorer]:
        """The present occupation may be the next one as well."""
        return {
            "related occupations (baseline)": self.related,
            "the present one, then related": _present_first(self.related),
            "the present one, then whole history": _present_first(self.by_history),
        }

    def related(self, case: NextJob) -> Float32Array:
        return _or_nothing(case.history.present @ self._relations.related)

    def by_history(self, case: NextJob) -> Float32Array:
        return self._trainer.scores(case, held=self._held(case))[0]

    def by_occupation(self, case: NextJob) -> Float32Array:
        return self._trainer.scores(case, held=self._held(case))[1]

    def offered(self, case: NextJob) -> Float32Array:
        """What the service leaves of the ranking: small steps down only, no unknown zone."""
        kept = may_be_offered(case.history.present, self._relations, self._counts(case))
        return _masked(self.by_history(case), kept)

    def _counted(self, case: NextJob) -> Float32Array:
        present = case.history.present
        counted = present @ self._counts(case)
        return _or_nothing(_FIRST_OF_ALL * counted + present @ self._relations.related)

    def _smoothed(self, case: NextJob) -> Float32Array:
        kernel = self._relations.kernel
        alike: Float32Array = case.history.present @ kernel
        from_alike: Float32Array = alike @ self._counts(case)
        to_alike: Float32Array = from_alike @ kernel
        return to_alike

    def _counts(self, case: NextJob) -> Float32Array:
        return self._basis(case).moves.counts

    def _basis(self, case: NextJob) -> Basis:
        held = self._held(case)
        return self._trainer.basis(frozenset() if held is None else frozenset({held}))

    def _held(self, case: NextJob) -> int | None:
        return None if self._unseen else fold(case.filename)


def _without_present(way: Scorer) -> Scorer:
    return lambda case: _masked(way(case), case.history.present == 0)


def _present_first(way: Scorer) -> Scorer:
    return lambda case: np.where(case.history.present > 0, _FIRST_OF_ALL, way(case))


def _or_nothing(scores: Float32Array) -> Float32Array:
    return _masked(scores, scores > 0)


def _masked(scores: Float32Array, kept: npt.NDArray[np.bool_]) -> Float32Array:
    return np.where(kept, scores, -np.inf).astype(np.float32)
