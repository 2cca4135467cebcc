"""Each resume of known codes in six readings: as it is, and as if its title were not known.

A model that is fitted and calibrated on known titles alone trusts an earlier title too much when
the latest is new to it, and half of all title lines are (decision 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.catalogue.title_index import TitleIndex
from ml_service.career.catalogue.title_mentions import position_texts
from ml_service.career.occupation_model.features import pool
from ml_service.career.occupation_model.signals import PassageSignals, Projections, SignalReader
from ml_service.career.occupation_model.title_words import TitleWords
from ml_service.career.occupation_model.unknown_titles import (
    forget_titles,
    nearest_known,
    titles_to_withhold,
)
from ml_service.career.occupation_training.distant import TrainingResume
from ml_service.career.occupation_training.projection_fitting import (
    CatalogueVectors,
    header_without,
)
from ml_service.career.occupation_training.title_word_fitting import TitleTexts, fit_title_words
from ml_service.domain.ports import Float32Array

Kind = Literal["stated", "shown", "withheld", "withheld_shown", "unnamed", "untold"]
"""``stated``: title line hidden. ``shown``: with it. ``withheld``, ``withheld_shown``: read with
a catalogue that lacks the title and those too much like it. ``unnamed``: positions of a right
occupation say nothing. ``untold``: no position that is a known title says anything.
"""

KINDS: tuple[Kind, ...] = get_args(Kind)

Withheld = Mapping[str, frozenset[str]]
"""By file name: the normalised titles that its catalogue lacks."""


@dataclass(frozen=True, slots=True)
class Example:
    """``right`` (n_codes,); ``features`` by kind, (n_codes, n_features)."""

    filename: str
    right: npt.NDArray[np.bool_]
    features: Mapping[Kind, Float32Array]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a model knows before its choice weights; ``seen`` are the resumes that it is from."""

    projections: Projections
    words: TitleWords
    prior: Float32Array
    seen: Sequence[TrainingResume]


def withhold_titles(
    resumes: Sequence[TrainingResume], lines: Sequence[str], catalogue: Catalogue, *, seed: int
) -> Withheld:
    """For each resume with codes, so that its title is as far from the known as real ``lines``
    without codes are: each draws one of their distances. Without lines it alone is withheld.
    """
    index = TitleIndex(catalogue)
    nearest = nearest_known(lines, index) if lines else np.ones(1, dtype=np.float32)
    chance = np.random.default_rng(seed)
    return {
        resume.filename: titles_to_withhold(
            resume.title, index, nearest=float(chance.choice(nearest))
        )
        for resume in resumes
        if resume.codes
    }


def read_examples(
    resumes: Sequence[TrainingResume],
    basis: Basis,
    withheld: Withheld,
    vectors: CatalogueVectors,
    catalogue: Catalogue,
    *,
    seed: int,
) -> Iterator[Example]:
    """Of resumes with codes that ``basis`` has not seen."""
    reader = SignalReader(catalogue, basis.projections, basis.words)
    unknown = frozenset[str]().union(*(withheld[resume.filename] for resume in resumes))
    unknowing = header_without(
        unknown, basis.projections, basis.seen, vectors, catalogue, seed=seed
    )
    for resume in resumes:
        right = np.array([code in resume.codes for code in catalogue.codes])
        other = reader.without(withheld[resume.filename], unknowing)
        signals = _readings(resume, reader, other, right)
        features = {kind: pool(read, prior=basis.prior) for kind, read in signals}
        yield Example(filename=resume.filename, right=right, features=features)


def words_of(
    resumes: Sequence[TrainingResume],
    vectors: CatalogueVectors,
    positions: TitleTexts,
    *,
    seed: int,
) -> TitleWords:
    """From the catalogue's titles and the positions of these resumes."""
    known = {key for resume in resumes for key in position_keys(resume)}
    rows = [at for at, key in enumerate(positions.keys) if key in known]
    texts = TitleTexts(
        keys=(*vectors.title_keys, *(positions.keys[at] for at in rows)),
        vectors=np.concatenate([vectors.titles.vectors, positions.vectors[rows]]),
    )
    return fit_title_words(texts, seed=seed)


def position_keys(resume: TrainingResume) -> Iterator[str]:
    for passage in resume.evidence.passages:
        if passage.header:
            for line in passage.text.split("\n"):
                yield from position_texts(line)


def _readings(
    resume: TrainingResume,
    reader: SignalReader,
    other: SignalReader,
    right: npt.NDArray[np.bool_],
) -> Iterator[tuple[Kind, Sequence[PassageSignals]]]:
    stated = reader.read(resume.evidence)
    yield "stated", stated
    yield "unnamed", forget_titles(stated, right)
    yield "untold", forget_titles(stated, np.ones_like(right))
    yield "withheld", other.read(resume.evidence)
    if resume.shown is not None:
        yield "shown", reader.read(resume.shown)
        yield "withheld_shown", other.read(resume.shown)
