"""How the next steps are learned: moves counted, texts mapped, features weighed by folds.

Weights are fitted to features whose counts and text map never saw the resume's fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import MOST_CODES_OF_A_TITLE, Catalogue
from ml_service.career.evidence import ResumeEvidence
from ml_service.career.fitting import (
    LabelledVectors,
    fit_choice_weights,
    fit_projection,
)
from ml_service.career.splits import fold
from ml_service.career.transitions.features import (
    OccupationRelations,
    SeenMoves,
    TextMap,
    features_of,
    smooth,
)
from ml_service.career.transitions.history import (
    Columns,
    History,
    HistoryReader,
    PastJob,
    belief_in,
    history_of,
)
from ml_service.career.transitions.model import TransitionWeights, occupation_alone, score
from ml_service.domain.ports import Float32Array

_OVER_ONE_JOB = 0.5
_START_SCALE = np.float32(10)
_EPOCHS, _RATE, _DECAY, _BATCH = 8, 0.02, 1e-4, 256
_RELATED_ROWS, _RELATED_WEIGHT = 8, 0.15
_ALTERNATE_TITLES = 12

Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WorkHistory:
    """One resume's jobs, latest first."""

    filename: str
    jobs: tuple[PastJob, ...]
    evidence: ResumeEvidence


@dataclass(frozen=True, slots=True)
class NextJob:
    """A job of known occupation hidden with all later ones, and what stood before it.

    ``title`` is the hidden one, normalised. ``target``: any of these is right. ``present``: the
    occupations of the latest visible job of known occupation. ``latest``: the hidden job is the
    resume's last of known occupation.
    """

    filename: str
    title: str
    visible: tuple[PastJob, ...]
    evidence: ResumeEvidence
    present: Columns
    target: Columns
    latest: bool
    history: History

    @property
    def is_move(self) -> bool:
        """Whether no occupation of the hidden job is one of the present job's."""
        return not set(self.present) & set(self.target)


@dataclass(frozen=True, slots=True)
class Basis:
    """What features are read with: learned from some of the resumes only."""

    moves: SeenMoves
    text_map: TextMap


def read_histories(
    resumes: Iterable[tuple[str, ResumeEvidence]], catalogue: Catalogue
) -> list[WorkHistory]:
    """``resumes`` are file names with the evidence, title lines hidden."""
    reader = HistoryReader(catalogue)
    return [
        WorkHistory(filename, reader.jobs(evidence.profile), evidence)
        for filename, evidence in resumes
    ]


def next_jobs(work: WorkHistory, *, n_codes: int) -> Iterator[NextJob]:
    """Every job of known occupation that another one came before, the latest first.

    A job with no text under all that came before it is left out: nothing can be read there.
    """
    known = [at for at, job in enumerate(work.jobs) if job.known]
    for rank, (at, before) in enumerate(pairwise(known)):
        visible, present = work.jobs[at + 1 :], work.jobs[before].known
        belief = belief_in(present, n_codes=n_codes)
        history = history_of(visible, work.evidence, present=belief)
        if history is not None:
            yield NextJob(
                filename=work.filename,
                title=work.jobs[at].title,
                visible=visible,
                evidence=work.evidence,
                present=present,
                target=work.jobs[at].known,
                latest=rank == 0,
                history=history,
            )


class TransitionTrainer:
    """Learns from ``histories``; ``vectors`` (n_codes, n_dims) stand for the occupations."""

    def __init__(
        self,
        histories: Sequence[WorkHistory],
        vectors: Float32Array,
        catalogue: Catalogue,
        *,
        seed: int,
    ) -> None:
        self._histories = histories
        self._n_codes = len(catalogue)
        self._seed = seed
        self.relations = OccupationRelations(catalogue, vectors)
        everything = (case for work in histories for case in next_jobs(work, n_codes=self._n_codes))
        self.moves = [case for case in everything if case.is_move]
        self.basis = cache(self._basis)
        self.weights_without = cache(self._weights_without)

    def fit(self) -> TransitionWeights:
        basis = self.basis(frozenset())
        of_history, of_occupation = self.weights_without(None)
        return TransitionWeights(
            vectors=self.relations.vectors,
            counts=basis.moves.counts,
            text_map=basis.text_map,
            of_history=of_history,
            of_occupation=of_occupation,
        )

    def scores(self, case: NextJob, *, held: int | None) -> tuple[Float32Array, Float32Array]:
        """Logits by history and by the present occupation alone, learned from all folds but
        ``held``.
        """
        of_history, of_occupation = self.weights_without(held)
        basis = self.basis(_folds(held))
        return (
            score(self._by_history(case, basis), of_history),
            score(self._by_occupation(case, basis), of_occupation),
        )

    def _weights_without(self, held: int | None) -> tuple[Float32Array, Float32Array]:
        """Of the folds but ``held``; each case's features are made without its own fold as well."""
        cases = [case for case in self.moves if fold(case.filename) != held]
        right = np.stack([_right(case, self._n_codes) for case in cases])
        bases = [self.basis(_folds(held) | {fold(case.filename)}) for case in cases]
        both = list(zip(cases, bases, strict=True))
        return (
            fit_choice_weights(np.stack([self._by_history(*pair) for pair in both]), right),
            fit_choice_weights(np.stack([self._by_occupation(*pair) for pair in both]), right),
        )

    def _by_history(self, case: NextJob, basis: Basis) -> Float32Array:
        return features_of(case.history, self.relations, basis.moves, basis.text_map)

    def _by_occupation(self, case: NextJob, basis: Basis) -> Float32Array:
        alone = occupation_alone(case.history.present, self.relations)
        return features_of(alone, self.relations, basis.moves, basis.text_map)

    def _basis(self, without: frozenset[int]) -> Basis:
        seen = [work for work in self._histories if fold(work.filename) not in without]
        cases = [case for case in self.moves if fold(case.filename) not in without]
        counts = count_moves(seen, n_codes=self._n_codes)
        return Basis(smooth(counts, self.relations), self._text_map(cases))

    def _text_map(self, cases: Sequence[NextJob]) -> TextMap:
        """From texts to the occupations that came next; a title alone leads to related ones."""
        related = self.relations.related
        linked = np.flatnonzero(related.any(axis=1))
        nearest = [np.argsort(-related[row], kind="stable")[:_RELATED_ROWS] for row in linked]
        texts = [case.history.text for case in cases]
        classes = [*(case.target for case in cases), *_positive(related, linked, nearest)]
        weights = np.ones(len(classes), dtype=np.float32)
        weights[len(cases) :] = _RELATED_WEIGHT
        start = np.ascontiguousarray(self.relations.vectors.T * _START_SCALE)
        fitted = fit_projection(
            LabelledVectors(
                np.concatenate([_rows(texts, start.shape[0]), self.relations.vectors[linked]]),
                _padded(classes),
                weights,
            ),
            start=(start, np.zeros(self._n_codes, dtype=np.float32)),
            epochs=_EPOCHS,
            learning_rate=_RATE,
            decay=_DECAY,
            seed=self._seed,
            batch=_BATCH,
        )
        return TextMap(*fitted)


def count_moves(histories: Iterable[WorkHistory], *, n_codes: int) -> Float32Array:
    """From row to column: a move to the next job of known occupation counts 1, to the one after
    it 0.5; a title of several occupations shares it out. Staying is no move.
    """
    counts = np.zeros((n_codes, n_codes), dtype=np.float32)
    for work in histories:
        known = [job.known for job in work.jobs if job.known]
        for step, weight in ((1, 1.0), (2, _OVER_ONE_JOB)):
            for new, old in zip(known, known[step:], strict=False):
                if not set(new) & set(old):
                    counts[np.ix_(old, new)] += weight / len(old) / len(new)
    return counts


def texts_of_titles(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """For each occupation the titles that its vector is made of, its own first."""
    return [(entry.title, *entry.alternate_titles[:_ALTERNATE_TITLES]) for entry in catalogue]


def occupation_vector(titles: Float32Array) -> Float32Array:
    """Half the own title, which is the first row, half the mean of all. Shape (n_dims,)."""
    mean = titles.mean(axis=0)
    mixed = titles[0] + mean / max(float(np.linalg.norm(mean)), 1e-9)
    vector: Float32Array = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return vector


def _folds(held: int | None) -> frozenset[int]:
    return frozenset() if held is None else frozenset({held})


def _right(case: NextJob, n_codes: int) -> Rows:
    right = np.zeros(n_codes, dtype=np.bool_)
    right[list(case.target)] = True
    return right


def _positive(
    related: Float32Array, linked: npt.NDArray[np.intp], nearest: Iterable[npt.NDArray[np.intp]]
) -> Iterator[Columns]:
    for row, best in zip(linked, nearest, strict=True):
        yield tuple(int(at) for at in best if related[row, at] > 0)


def _rows(texts: Sequence[Float32Array], n_dims: int) -> Float32Array:
    return np.stack(texts) if texts else np.zeros((0, n_dims), dtype=np.float32)


def _padded(classes: Sequence[Columns]) -> npt.NDArray[np.int32]:
    padded = np.full((len(classes), MOST_CODES_OF_A_TITLE), -1, dtype=np.int32)
    for row, columns in enumerate(classes):
        padded[row, : len(columns)] = columns
    return padded
