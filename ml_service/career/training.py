"""How the shipped head is fitted: projections, then experts, then calibration, each out of fold.

A resume's features come from projections and a prior that never saw its fold; the confidences
that calibration is fitted to come from experts that never saw it either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import Calibration, Expert, softmax
from ml_service.career.distant import TrainingResume, distant_labels
from ml_service.career.features import choose_expert, clues_of, pool
from ml_service.career.fitting import (
    LabelledVectors,
    fit_calibration,
    fit_choice_weights,
    fit_projection,
)
from ml_service.career.head import Head
from ml_service.career.occupations import Catalogue
from ml_service.career.signals import PassageSignals, Projections, SignalReader
from ml_service.career.splits import N_FOLDS, fold
from ml_service.domain.ports import Float32Array

_PRIOR_COUNT = 0.2
_MAX_CLASSES = 8
_START_SCALE = np.float32(10)
_BASE_EPOCHS, _BASE_RATE, _BASE_DECAY = 10, 0.05, 1e-6
_TUNE_EPOCHS, _TUNE_RATE, _TUNE_DECAY = 6, 0.02, 1e-4
_TUNE_CATALOGUE_ROWS = 8_000

LinearMap = tuple[Float32Array, Float32Array]
Codes = Iterable[frozenset[str]]
Row = tuple[Float32Array, npt.NDArray[np.bool_]]
HeldOut = tuple["HeldOutRow", ...]


@dataclass(frozen=True, slots=True)
class CatalogueVectors:
    """Vectors of the catalogue's texts. The first ``len(catalogue)`` rows of each are the
    occupations' own titles and descriptions in the order of their codes.
    """

    titles: LabelledVectors
    duties: LabelledVectors


@dataclass(frozen=True, slots=True)
class HeldOutRow:
    """One resume as the experts of the other folds see it."""

    filename: str
    expert: Expert
    probabilities: npt.NDArray[np.float64]
    clues: tuple[float, ...]
    right: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trained:
    """``stated``: resumes as they are; ``unnamed``: with every mention of a right title made
    unknown; ``untold``: with every known title made unknown.
    """

    head: Head
    calibration: dict[Expert, Calibration]
    stated: tuple[HeldOutRow, ...]
    unnamed: tuple[HeldOutRow, ...]
    untold: tuple[HeldOutRow, ...]


@dataclass(frozen=True, slots=True)
class _Example:
    filename: str
    fold: int
    stated: Float32Array
    unnamed: Float32Array
    untold: Float32Array
    right: npt.NDArray[np.bool_]


def train(
    resumes: Sequence[TrainingResume],
    vectors: CatalogueVectors,
    catalogue: Catalogue,
    *,
    seed: int,
    report: Callable[[str], None],
) -> Trained:
    """``resumes`` are of the training part only, those without codes as well."""
    base = _base_projections(vectors, len(catalogue), seed=seed)
    report("base projections fitted")
    examples: list[_Example] = []
    for held in range(N_FOLDS):
        seen = [resume for resume in resumes if fold(resume.filename) != held]
        projections = _tuned(base, seen, vectors, catalogue, seed=seed)
        reader = SignalReader(catalogue, projections)
        prior = prior_of(seen, catalogue)
        kept_out = [resume for resume in resumes if resume.codes and fold(resume.filename) == held]
        examples += [_example(resume, reader, prior, catalogue) for resume in kept_out]
        report(f"fold {held}: features of {len(kept_out)} resumes")
    stated, unnamed, untold = _out_of_fold(examples)
    head = Head(
        projections=_tuned(base, resumes, vectors, catalogue, seed=seed),
        prior=prior_of(resumes, catalogue),
        with_position=_fit(_known(examples)),
        without_position=_fit(_unknown(examples)),
    )
    return Trained(
        head=head,
        calibration={
            "with_position": _calibrated(row for row in stated if row.expert == "with_position"),
            "without_position": _calibrated(
                row for row in (*unnamed, *untold) if row.expert == "without_position"
            ),
        },
        stated=stated,
        unnamed=unnamed,
        untold=untold,
    )


def prior_of(resumes: Iterable[TrainingResume], catalogue: Catalogue) -> Float32Array:
    """Log shares of the codes, counted as if each occupation had been seen 0.2 times more."""
    column = {code: at for at, code in enumerate(catalogue.codes)}
    counts = np.full(len(column), _PRIOR_COUNT)
    for resume in resumes:
        for code in resume.codes:
            counts[column[code]] += 1 / len(resume.codes)
    prior: Float32Array = np.log(counts / counts.sum()).astype(np.float32)
    return prior


def label(
    vectors: Float32Array, codes: Codes, catalogue: Catalogue, *, weight: float = 1.0
) -> LabelledVectors:
    """Rows with their right codes, of which at most eight are kept."""
    column = {code: at for at, code in enumerate(catalogue.codes)}
    classes = np.full((len(vectors), _MAX_CLASSES), -1, dtype=np.int32)
    for row, right in enumerate(codes):
        kept = [column[code] for code in sorted(right)[:_MAX_CLASSES]]
        classes[row, : len(kept)] = kept
    return LabelledVectors(vectors, classes, np.full(len(vectors), weight, dtype=np.float32))


def forget_titles(
    signals: Iterable[PassageSignals], hidden: npt.NDArray[np.bool_]
) -> list[PassageSignals]:
    """As if the catalogue had no title of the ``hidden`` codes (n_codes,): the positions that
    carry one stay positions, but of no known kind.
    """
    return [_forget(entry, hidden) for entry in signals]


def _forget(entry: PassageSignals, hidden: npt.NDArray[np.bool_]) -> PassageSignals:
    if not entry.exact[hidden].any():
        inner = np.where(hidden, np.float32(0), entry.inner)
        return replace(entry, inner=inner)
    nothing = np.zeros_like(entry.exact)
    flat = np.full_like(entry.log_p, -np.log(len(entry.log_p)))
    return replace(entry, exact=nothing, inner=nothing, alike=nothing, log_p=flat)


def _base_projections(vectors: CatalogueVectors, n_codes: int, *, seed: int) -> Projections:
    header = _fit_base(vectors.titles, n_codes, seed=seed)
    body = _fit_base(vectors.duties, n_codes, seed=seed)
    return Projections(*header, *body)


def _fit_base(examples: LabelledVectors, n_codes: int, *, seed: int) -> LinearMap:
    start = np.ascontiguousarray(examples.vectors[:n_codes].T * _START_SCALE)
    return fit_projection(
        examples,
        start=(start, np.zeros(n_codes, dtype=np.float32)),
        epochs=_BASE_EPOCHS,
        learning_rate=_BASE_RATE,
        decay=_BASE_DECAY,
        seed=seed,
    )


def _tuned(
    base: Projections,
    resumes: Sequence[TrainingResume],
    vectors: CatalogueVectors,
    catalogue: Catalogue,
    *,
    seed: int,
) -> Projections:
    header = _tune(
        (base.header_weights, base.header_bias),
        [*_distant(resumes, catalogue, header=True), _sample(vectors.titles, seed)],
        seed=seed,
    )
    body = _tune(
        (base.body_weights, base.body_bias),
        [*_distant(resumes, catalogue, header=False), _sample(vectors.duties, seed)],
        seed=seed,
    )
    return Projections(*header, *body)


def _distant(
    resumes: Iterable[TrainingResume], catalogue: Catalogue, *, header: bool
) -> Iterator[LabelledVectors]:
    for resume in resumes:
        found = [hit for hit in distant_labels(resume, catalogue) if hit.header == header]
        if found:
            rows = resume.evidence.vectors.vectors[[hit.row for hit in found]]
            yield label(rows, [hit.codes for hit in found], catalogue)


def _tune(start: LinearMap, parts: Sequence[LabelledVectors], *, seed: int) -> LinearMap:
    together = LabelledVectors(
        vectors=np.concatenate([part.vectors for part in parts]),
        classes=np.concatenate([part.classes for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
    )
    return fit_projection(
        together,
        start=start,
        epochs=_TUNE_EPOCHS,
        learning_rate=_TUNE_RATE,
        decay=_TUNE_DECAY,
        seed=seed,
    )


def _sample(examples: LabelledVectors, seed: int) -> LabelledVectors:
    """Some of the catalogue's own texts, so that rare occupations are not forgotten."""
    size = min(_TUNE_CATALOGUE_ROWS, len(examples.vectors))
    rows = np.random.default_rng(seed).choice(len(examples.vectors), size, replace=False)
    return LabelledVectors(examples.vectors[rows], examples.classes[rows], examples.weights[rows])


def _example(
    resume: TrainingResume, reader: SignalReader, prior: Float32Array, catalogue: Catalogue
) -> _Example:
    signals = reader.read(resume.evidence)
    right = np.array([code in resume.codes for code in catalogue.codes])
    return _Example(
        filename=resume.filename,
        fold=fold(resume.filename),
        stated=pool(signals, prior=prior),
        unnamed=pool(forget_titles(signals, right), prior=prior),
        untold=pool(forget_titles(signals, np.ones_like(right)), prior=prior),
        right=right,
    )


def _known(examples: Iterable[_Example]) -> Iterator[Row]:
    for entry in examples:
        if choose_expert(entry.stated) == "with_position":
            yield entry.stated, entry.right


def _unknown(examples: Iterable[_Example]) -> Iterator[Row]:
    for entry in examples:
        yield entry.untold, entry.right


def _fit(rows: Iterable[Row]) -> Float32Array:
    features, right = zip(*rows, strict=True)
    return fit_choice_weights(np.stack(features), np.stack(right))


def _out_of_fold(examples: Sequence[_Example]) -> tuple[HeldOut, HeldOut, HeldOut]:
    stated: list[HeldOutRow] = []
    unnamed: list[HeldOutRow] = []
    untold: list[HeldOutRow] = []
    for held in sorted({entry.fold for entry in examples}):
        others = [entry for entry in examples if entry.fold != held]
        weights: dict[Expert, Float32Array] = {
            "with_position": _fit(_known(others)),
            "without_position": _fit(_unknown(others)),
        }
        for entry in (entry for entry in examples if entry.fold == held):
            stated.append(_held_out(entry, entry.stated, weights))
            unnamed.append(_held_out(entry, entry.unnamed, weights))
            untold.append(_held_out(entry, entry.untold, weights))
    return tuple(stated), tuple(unnamed), tuple(untold)


def _held_out(
    entry: _Example, features: Float32Array, weights: dict[Expert, Float32Array]
) -> HeldOutRow:
    expert = choose_expert(features)
    probabilities = softmax(features @ weights[expert])
    return HeldOutRow(
        filename=entry.filename,
        expert=expert,
        probabilities=probabilities,
        clues=clues_of(probabilities, features),
        right=entry.right,
    )


def _calibrated(rows: Iterable[HeldOutRow]) -> Calibration:
    kept = list(rows)
    weights, intercept = fit_calibration(
        np.array([row.clues for row in kept]),
        np.array([row.right[row.probabilities.argmax()] for row in kept]),
    )
    return Calibration(weights=weights, intercept=intercept)
