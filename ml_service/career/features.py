"""Signals of all passages pooled into one row of features for every occupation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml_service.career.calibration import Expert, confidence_clues
from ml_service.career.signals import PassageSignals, log_softmax
from ml_service.domain.ports import Float32Array

FEATURES = (
    "prior",
    "exact_first",
    "exact_1",
    "exact_2",
    "exact_3",
    "exact_decayed",
    "exact_any",
    "inner_1",
    "inner_2",
    "inner_decayed",
    "inner_summary",
    "inner_body",
    "exact_body",
    "alike_1",
    "alike_2",
    "alike_best",
    "alike_decayed",
    "header_1",
    "header_2",
    "header_decayed",
    "header_best",
    "body_mean",
    "body_first",
    "body_best",
    "exact_first_owned",
    "alike_1_cubed",
)

COLUMNS = {name: at for at, name in enumerate(FEATURES)}

_DECAY = 0.7
_SUMMARY_PASSAGES = 3
_FLOOR = np.float32(-14.0)


def pool(signals: Sequence[PassageSignals], *, prior: Float32Array) -> Float32Array:
    """Features of shape (n_codes, len(FEATURES)); ``prior`` is a log probability a code.

    Positions count in reading order, which in most resumes is the latest first.
    """
    n_codes = len(prior)
    zero = np.zeros(n_codes, dtype=np.float32)
    held = [entry for entry in signals if entry.position]
    body = [entry for entry in signals if not entry.passage.header]
    exact, inner = [entry.exact for entry in held], [entry.inner for entry in held]
    alike, said = [entry.alike for entry in held], [_floored(entry.log_p) for entry in held]
    flat = np.full(n_codes, -np.log(np.float32(n_codes)), dtype=np.float32)
    first = next((votes for votes in exact if votes.any()), zero)
    told = [_floored(entry.log_p) for entry in body]
    body_inner = [entry.inner for entry in body]
    columns = [
        prior,
        first,
        _nth(exact, 0, zero),
        _nth(exact, 1, zero),
        _nth(exact, 2, zero),
        _decayed(exact, zero),
        _best(exact, zero),
        _nth(inner, 0, zero),
        _nth(inner, 1, zero),
        _decayed(inner, zero),
        _best(body_inner[:_SUMMARY_PASSAGES], zero),
        np.log1p(np.sum(body_inner, axis=0)) if body else zero,
        _best([entry.exact for entry in body], zero),
        _nth(alike, 0, zero),
        _nth(alike, 1, zero),
        _best(alike, zero),
        _decayed(alike, zero),
        _nth(said, 0, flat),
        _nth(said, 1, flat),
        _decayed(said, flat),
        _best(said, flat),
        log_softmax(np.mean(told, axis=0) * np.float32(2)) if told else flat,
        _nth(told, 0, flat),
        _best(told, flat),
        (first > 0).astype(np.float32),
        _nth(alike, 0, zero) ** 3,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def choose_expert(features: Float32Array) -> Expert:
    """By whether any position of the resume is a title of the catalogue."""
    known = bool(features[:, COLUMNS["exact_any"]].any())
    return "with_position" if known else "without_position"


def clues_of(probabilities: npt.NDArray[np.float64], features: Float32Array) -> tuple[float, ...]:
    """The clues of ``confidence_clues``, taken from their columns."""
    return confidence_clues(
        probabilities,
        stated=features[:, COLUMNS["exact_1"]],
        alike=features[:, COLUMNS["alike_1"]],
    )


def _nth(rows: Sequence[Float32Array], at: int, otherwise: Float32Array) -> Float32Array:
    return rows[at] if at < len(rows) else otherwise


def _best(rows: Sequence[Float32Array], otherwise: Float32Array) -> Float32Array:
    return np.max(rows, axis=0) if rows else otherwise


def _decayed(rows: Sequence[Float32Array], otherwise: Float32Array) -> Float32Array:
    """Mean with weights 1, 0.7, 0.49, ... from the first row on."""
    if not rows:
        return otherwise
    weights = (_DECAY ** np.arange(len(rows))).astype(np.float32)
    mean: Float32Array = np.tensordot(weights / weights.sum(), np.stack(rows), axes=1)
    return mean


def _floored(log_p: Float32Array) -> Float32Array:
    return np.maximum(log_p, _FLOOR)
