"""How the shipped head is fitted: projections, experts, re-ranker, calibration, each out of fold.

A resume's features come from projections and a prior that never saw its fold; the confidences
that calibration is fitted to come from experts and a re-ranker that never saw it either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import Calibration
from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.fitting import fit_calibration, fit_choice_weights
from ml_service.career.occupation_model.clues import clues_of
from ml_service.career.occupation_model.experts import EXPERTS, Expert
from ml_service.career.occupation_model.features import choose_expert
from ml_service.career.occupation_model.head import Head
from ml_service.career.occupation_model.reranking import Reranker, best_candidates, candidate_inputs
from ml_service.career.occupation_training.distant import TrainingResume
from ml_service.career.occupation_training.examples import (
    KINDS,
    Basis,
    Example,
    Kind,
    read_examples,
    withhold_titles,
    words_of,
)
from ml_service.career.occupation_training.projection_fitting import (
    CatalogueVectors,
    base_projections,
    tuned,
)
from ml_service.career.occupation_training.reranking_fitting import CandidateLists, fit_reranker
from ml_service.career.occupation_training.title_word_fitting import TitleTexts
from ml_service.career.splits import N_FOLDS, fold
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax, softmax

_PRIOR_COUNT = 0.2
_UNKNOWN_KINDS: frozenset[Kind] = frozenset({"withheld", "withheld_shown", "unnamed", "untold"})
_RANK_SHARES: dict[Kind, float] = {
    "stated": 1.5,
    "shown": 0.7,
    "withheld": 1.0,
    "withheld_shown": 0.7,
    "unnamed": 0.7,
    "untold": 0.6,
}
_UNKNOWN_THOUGH_KNOWN = 0.3
"""A known title that is wrong: more of these cost points where the known title is right."""
CALIBRATION_SHARES: dict[Kind, float] = {
    "stated": 1.0,
    "shown": 0.5,
    "withheld": 0.7,
    "withheld_shown": 0.3,
    "unnamed": 0.25,
    "untold": 0.25,
}
"""Known and unknown titles weigh the same: of the title lines of the training resumes 48 in 100
are a title of the catalogue in some wording, 52 are none.
"""


@dataclass(frozen=True, slots=True)
class HeldOutRow:
    """One reading of a resume by experts, a re-ranker and a calibration of the other folds."""

    filename: str
    kind: Kind
    expert: Expert
    probabilities: npt.NDArray[np.float64]
    clues: tuple[float, ...]
    right: npt.NDArray[np.bool_]

    @property
    def hit(self) -> bool:
        return bool(self.right[self.probabilities.argmax()])


@dataclass(frozen=True, slots=True)
class Ranker:
    """All that turns features into probabilities."""

    weights: Mapping[Expert, Float32Array]
    reranker: Reranker


@dataclass(frozen=True, slots=True)
class Trained:
    """``confidences`` are those of ``held_out``, row by row, from calibrations of other folds."""

    head: Head
    calibration: dict[Expert, Calibration]
    held_out: tuple[HeldOutRow, ...]
    confidences: tuple[float, ...]


def train(
    resumes: Sequence[TrainingResume],
    vectors: CatalogueVectors,
    positions: TitleTexts,
    catalogue: Catalogue,
    *,
    seed: int,
    report: Callable[[str], None],
) -> Trained:
    """``resumes`` are of the training part only, those without codes as well.

    ``positions`` has a row for every position that their headers name.
    """
    start = base_projections(vectors, len(catalogue), seed=seed)
    report("base projections fitted")

    def basis_of(seen: Sequence[TrainingResume]) -> Basis:
        projections = tuned(start, seen, vectors, catalogue, seed=seed)
        words = words_of(seen, vectors, positions, seed=seed)
        return Basis(projections, words, prior_of(seen, catalogue), seen)

    withheld = withhold_titles(resumes, unknown_lines(resumes), catalogue, seed=seed)
    examples: list[Example] = []
    for held in range(N_FOLDS):
        basis = basis_of([resume for resume in resumes if fold(resume.filename) != held])
        kept_out = [resume for resume in resumes if resume.codes and fold(resume.filename) == held]
        examples += read_examples(kept_out, basis, withheld, vectors, catalogue, seed=seed)
        report(f"fold {held}: features of {len(kept_out)} resumes")
    held_out = tuple(_out_of_fold(examples, seed=seed, report=report))
    return Trained(
        head=_head(basis_of(resumes), _fit_ranker(examples, seed=seed)),
        calibration=fit_calibrations(held_out),
        held_out=held_out,
        confidences=_confidences_out_of_fold(held_out),
    )


def unknown_lines(resumes: Iterable[TrainingResume]) -> list[str]:
    """Title lines that the contract's rule finds no codes for."""
    return [resume.title for resume in resumes if not resume.codes]


def prior_of(resumes: Iterable[TrainingResume], catalogue: Catalogue) -> Float32Array:
    """Log shares of the codes, counted as if each occupation had been seen 0.2 times more."""
    column = {code: at for at, code in enumerate(catalogue.codes)}
    counts = np.full(len(column), _PRIOR_COUNT)
    for resume in resumes:
        for code in resume.codes:
            counts[column[code]] += 1 / len(resume.codes)
    prior: Float32Array = np.log(counts / counts.sum()).astype(np.float32)
    return prior


def rows_of(
    examples: Iterable[Example], ranker: Ranker, kinds: Sequence[Kind] = KINDS
) -> Iterator[HeldOutRow]:
    for example in examples:
        for kind in kinds:
            if kind in example.features:
                yield _row(example, kind, ranker)


def fit_calibrations(rows: Sequence[HeldOutRow]) -> dict[Expert, Calibration]:
    """One an expert; an expert that met only right or only wrong answers gets that of all."""
    found: dict[Expert, Calibration] = {}
    for expert in EXPERTS:
        own = [row for row in rows if row.expert == expert]
        found[expert] = _calibrated(own if len({row.hit for row in own}) == 2 else rows)
    return found


def _head(basis: Basis, ranker: Ranker) -> Head:
    return Head(
        projections=basis.projections,
        words=basis.words,
        prior=basis.prior,
        weights=dict(ranker.weights),
        reranker=ranker.reranker,
    )


def _out_of_fold(
    examples: Sequence[Example], *, seed: int, report: Callable[[str], None]
) -> Iterator[HeldOutRow]:
    for held in sorted({fold(example.filename) for example in examples}):
        others = [example for example in examples if fold(example.filename) != held]
        ranker = _fit_ranker(others, seed=seed)
        report(f"fold {held}: ranked")
        own = [example for example in examples if fold(example.filename) == held]
        yield from rows_of(own, ranker)


def _fit_ranker(examples: Sequence[Example], *, seed: int) -> Ranker:
    weights = {expert: _fit_expert(examples, expert) for expert in EXPERTS}
    return Ranker(weights, fit_reranker(_candidate_lists(examples, weights), seed=seed))


def _fit_expert(examples: Sequence[Example], expert: Expert) -> Float32Array:
    """On all resumes where none came to this expert."""
    own = [given for given in _readings(examples) if given[2] == expert]
    features, right, _, shares = zip(*(own or list(_readings(examples))), strict=True)
    return fit_choice_weights(
        np.stack(features), np.stack(right), weights=np.array(shares, dtype=np.float32)
    )


_Reading = tuple[Float32Array, npt.NDArray[np.bool_], Expert, float]


def _readings(examples: Iterable[Example]) -> Iterator[_Reading]:
    for example in examples:
        for kind, features in example.features.items():
            expert = choose_expert(features)
            wrong = kind in _UNKNOWN_KINDS and expert == "latest_known"
            share = _RANK_SHARES[kind] * (_UNKNOWN_THOUGH_KNOWN if wrong else 1.0)
            yield features, example.right, expert, share


def _candidate_lists(
    examples: Sequence[Example], weights: Mapping[Expert, Float32Array]
) -> CandidateLists:
    inputs, rights, shares = [], [], []
    for features, right, expert, share in _readings(examples):
        scores = log_softmax(features @ weights[expert])
        candidates = best_candidates(scores)
        if right[candidates].any():
            inputs.append(candidate_inputs(scores, features, expert, candidates))
            rights.append(right[candidates])
            shares.append(share)
    return CandidateLists(np.stack(inputs), np.stack(rights), np.array(shares, dtype=np.float32))


def _row(example: Example, kind: Kind, ranker: Ranker) -> HeldOutRow:
    features = example.features[kind]
    expert = choose_expert(features)
    scores = ranker.reranker.rerank(features @ ranker.weights[expert], features, expert)
    probabilities = softmax(scores)
    return HeldOutRow(
        filename=example.filename,
        kind=kind,
        expert=expert,
        probabilities=probabilities,
        clues=clues_of(probabilities, features),
        right=example.right,
    )


def _calibrated(rows: Sequence[HeldOutRow]) -> Calibration:
    weights, intercept = fit_calibration(
        np.array([row.clues for row in rows]),
        np.array([row.hit for row in rows]),
        weights=np.array([CALIBRATION_SHARES[row.kind] for row in rows]),
    )
    return Calibration(weights=weights, intercept=intercept)


def _confidences_out_of_fold(rows: Sequence[HeldOutRow]) -> tuple[float, ...]:
    fitted = {
        held: fit_calibrations([row for row in rows if fold(row.filename) != held])
        for held in {fold(row.filename) for row in rows}
    }
    return tuple(fitted[fold(row.filename)][row.expert].confidence(row.clues) for row in rows)
