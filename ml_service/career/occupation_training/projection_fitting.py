"""The two linear maps of a head: begun at the catalogue, tuned on what resumes give away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.fitting import LabelledVectors, fit_projection
from ml_service.career.occupation_model.signals import Projections
from ml_service.career.occupation_training.distant import TrainingResume, distant_labels
from ml_service.domain.ports import Float32Array

_MAX_CLASSES = 8
_START_SCALE = np.float32(10)
_BASE_EPOCHS, _BASE_RATE, _BASE_DECAY = 10, 0.05, 1e-6
_TUNE_EPOCHS, _TUNE_RATE, _TUNE_DECAY = 6, 0.02, 1e-4
_TUNE_CATALOGUE_ROWS = 8_000

LinearMap = tuple[Float32Array, Float32Array]
Codes = Iterable[frozenset[str]]


@dataclass(frozen=True, slots=True)
class CatalogueVectors:
    """Vectors of the catalogue's texts. The first ``len(catalogue)`` rows of each are the
    occupations' own titles and descriptions in the order of their codes. ``title_keys`` are the
    normalised titles of the rows of ``titles``.
    """

    titles: LabelledVectors
    title_keys: tuple[str, ...]
    duties: LabelledVectors


def label(vectors: Float32Array, codes: Codes, catalogue: Catalogue) -> LabelledVectors:
    """Rows with their right codes, of which at most eight are kept."""
    column = {code: at for at, code in enumerate(catalogue.codes)}
    classes = np.full((len(vectors), _MAX_CLASSES), -1, dtype=np.int32)
    for row, right in enumerate(codes):
        kept = [column[code] for code in sorted(right)[:_MAX_CLASSES]]
        classes[row, : len(kept)] = kept
    return LabelledVectors(vectors, classes, np.ones(len(vectors), dtype=np.float32))


def base_projections(vectors: CatalogueVectors, n_codes: int, *, seed: int) -> Projections:
    header = _fit_base(vectors.titles, vectors.titles.vectors[:n_codes], seed=seed)
    body = _fit_base(vectors.duties, vectors.duties.vectors[:n_codes], seed=seed)
    return Projections(*header, *body)


def tuned(
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


def header_without(
    titles: Collection[str],
    whole: Projections,
    resumes: Sequence[TrainingResume],
    vectors: CatalogueVectors,
    catalogue: Catalogue,
    *,
    seed: int,
) -> Projections:
    """``whole`` with a header map that was never shown the normalised ``titles``."""
    n_codes = len(catalogue)
    kept = np.array([key not in titles for key in vectors.title_keys])
    own = kept[:n_codes, None]
    start = np.where(own, vectors.titles.vectors[:n_codes], vectors.duties.vectors[:n_codes])
    rest = _rows(vectors.titles, np.flatnonzero(kept))
    header = _tune(
        _fit_base(rest, start, seed=seed),
        [*_distant(resumes, catalogue, header=True, without=titles), _sample(rest, seed)],
        seed=seed,
    )
    return replace(whole, header_weights=header[0], header_bias=header[1])


def _fit_base(examples: LabelledVectors, start: Float32Array, *, seed: int) -> LinearMap:
    return fit_projection(
        examples,
        start=(
            np.ascontiguousarray(start.T * _START_SCALE),
            np.zeros(len(start), dtype=np.float32),
        ),
        epochs=_BASE_EPOCHS,
        learning_rate=_BASE_RATE,
        decay=_BASE_DECAY,
        seed=seed,
    )


def _distant(
    resumes: Iterable[TrainingResume],
    catalogue: Catalogue,
    *,
    header: bool,
    without: Collection[str] = (),
) -> Iterator[LabelledVectors]:
    titles = {key: codes for key, codes in catalogue.title_codes.items() if key not in without}
    for resume in resumes:
        found = [hit for hit in distant_labels(resume, titles) if hit.header == header]
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
    return _rows(
        examples,
        np.random.default_rng(seed).choice(len(examples.vectors), size, replace=False),
    )


def _rows(examples: LabelledVectors, rows: npt.NDArray[np.int64]) -> LabelledVectors:
    return LabelledVectors(examples.vectors[rows], examples.classes[rows], examples.weights[rows])
