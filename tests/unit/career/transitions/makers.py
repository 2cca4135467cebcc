"""Next steps over the small invented catalogue, with weights that can be followed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ml_service.career.evidence import ResumeEvidence
from ml_service.career.passages import Passage
from ml_service.career.transitions.features import FEATURES, TextMap
from ml_service.career.transitions.model import NextOccupations, TransitionWeights
from ml_service.domain.ports import Embeddings, Float32Array
from ml_service.domain.resume import Work
from ml_service.hosting.model_files import Manifest
from tests.unit.career.makers import ENCODER, N_DIMS, evidence, small_catalogue

CODES = small_catalogue().codes
COLUMN = {code: at for at, code in enumerate(CODES)}


def work(
    position: str | None, start_date: str | None, start_line: int = 0, end_line: int = 0
) -> Work:
    return Work(
        position=position,
        name=None,
        start_date=start_date,
        end_date=None,
        current=False,
        highlights=(),
        start_line=start_line,
        end_line=end_line,
    )


def worked(*jobs: Work, lines: tuple[str, ...] = ()) -> ResumeEvidence:
    """A resume with these jobs, their positions as its text where ``lines`` are not given; every
    line is a passage.
    """
    texts = lines or tuple(job.position or "nothing" for job in jobs)
    resume = evidence(*texts)
    return replace(
        resume,
        passages=tuple(Passage(text, 1, (at,)) for at, text in enumerate(texts)),
        vectors=Embeddings(np.eye(len(texts), N_DIMS, dtype=np.float32), ENCODER),
        profile=replace(resume.profile, work=jobs),
    )


def counts_of(moves: Mapping[tuple[str, str], float]) -> Float32Array:
    counts = np.zeros((len(CODES), len(CODES)), dtype=np.float32)
    for (old, new), number in moves.items():
        counts[COLUMN[old], COLUMN[new]] = number
    return counts


def weights_of(**named: float) -> Float32Array:
    weights = np.zeros(len(FEATURES), dtype=np.float32)
    for name, weight in named.items():
        weights[FEATURES.index(name)] = weight
    return weights


def vectors() -> Float32Array:
    """Every occupation its own direction: none is like another."""
    return np.eye(len(CODES), N_DIMS, dtype=np.float32)


def transition_weights(
    moves: Mapping[tuple[str, str], float] | None = None,
    *,
    of_history: Float32Array | None = None,
    of_occupation: Float32Array | None = None,
) -> TransitionWeights:
    related = weights_of(related_to_present=5.0)
    return TransitionWeights(
        vectors=vectors(),
        counts=counts_of(moves or {}),
        text_map=TextMap(
            np.zeros((N_DIMS, len(CODES)), dtype=np.float32),
            np.zeros(len(CODES), dtype=np.float32),
        ),
        of_history=related if of_history is None else of_history,
        of_occupation=related if of_occupation is None else of_occupation,
    )


def small_manifest() -> Manifest:
    return {
        "encoder_id": ENCODER.model_id,
        "encoder_revision": ENCODER.revision,
        "labels": list(CODES),
        "features": list(FEATURES),
    }


def small_next_occupations(
    moves: Mapping[tuple[str, str], float] | None = None,
    *,
    of_history: Float32Array | None = None,
) -> NextOccupations:
    weights = transition_weights(moves, of_history=of_history)
    return NextOccupations(weights, small_manifest(), small_catalogue())
