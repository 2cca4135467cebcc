"""Signals of all passages pooled into one row of features for every occupation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml_service.career.calibration import log_softmax
from ml_service.career.occupation_model.experts import Expert
from ml_service.career.occupation_model.signals import Headline, PassageSignals, flat
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
    "headline_exact",
    "headline_alike",
    "headline_said",
    "text_above",
    "text_1",
    "text_2",
    "text_of_work",
    "said_1",
    "said_2",
    "said_decayed",
    "said_best",
)

COLUMNS = {name: at for at, name in enumerate(FEATURES)}

_DECAY = 0.7
_SUMMARY_PASSAGES = 3


def pool(signals: Sequence[PassageSignals], *, prior: Float32Array) -> Float32Array:
    """Features of shape (n_codes, len(FEATURES)); ``prior`` is a log probability a code.

    Positions count in reading order, which in most resumes is the latest first.
    """
    blank = _Blank(zero=np.zeros(len(prior), dtype=np.float32), flat=flat(len(prior)))
    held = [entry for entry in signals if entry.position]
    headline = signals[0].headline if signals else None
    columns = [
        prior,
        *_of_positions(held, signals, blank),
        *_of_headline(headline, blank),
        *_of_text_by_position(signals, blank),
        *_of_sayings([entry.said for entry in held], blank),
    ]
    return np.stack(columns, axis=1).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class _Blank:
    zero: Float32Array
    flat: Float32Array


def _of_positions(
    held: Sequence[PassageSignals], signals: Sequence[PassageSignals], blank: _Blank
) -> list[Float32Array]:
    """From ``exact_first`` to ``alike_1_cubed``."""
    zero, even = blank.zero, blank.flat
    exact, inner = [entry.exact for entry in held], [entry.inner for entry in held]
    alike, told = [entry.alike for entry in held], [entry.log_p for entry in held]
    body = [entry for entry in signals if not entry.passage.header]
    text, text_inner = [entry.log_p for entry in body], [entry.inner for entry in body]
    first = next((votes for votes in exact if votes.any()), zero)
    return [
        first,
        *(_nth(exact, at, zero) for at in range(3)),
        _decayed(exact, zero),
        _best(exact, zero),
        _nth(inner, 0, zero),
        _nth(inner, 1, zero),
        _decayed(inner, zero),
        _best(text_inner[:_SUMMARY_PASSAGES], zero),
        np.log1p(np.sum(text_inner, axis=0)) if body else zero,
        _best([entry.exact for entry in body], zero),
        _nth(alike, 0, zero),
        _nth(alike, 1, zero),
        _best(alike, zero),
        _decayed(alike, zero),
        _nth(told, 0, even),
        _nth(told, 1, even),
        _decayed(told, even),
        _best(told, even),
        _mean(text, even),
        _nth(text, 0, even),
        _best(text, even),
        (first > 0).astype(np.float32),
        _nth(alike, 0, zero) ** 3,
    ]


def _of_headline(headline: Headline | None, blank: _Blank) -> list[Float32Array]:
    if headline is None:
        return [blank.zero, blank.zero, blank.flat]
    return [headline.exact, headline.alike, headline.said]


def _of_text_by_position(signals: Sequence[PassageSignals], blank: _Blank) -> list[Float32Array]:
    """What the text above the first position says, that of the first two, and of all work."""
    under: dict[int, list[Float32Array]] = {}
    n_positions = 0
    for entry in signals:
        n_positions += entry.position
        if not entry.passage.header and not entry.studied:
            under.setdefault(n_positions, []).append(entry.log_p)
    everything = [row for rows in under.values() for row in rows]
    groups = [*(under.get(at, []) for at in range(3)), everything]
    return [_mean(rows, blank.flat) for rows in groups]


def _of_sayings(said: Sequence[Float32Array], blank: _Blank) -> list[Float32Array]:
    return [
        _nth(said, 0, blank.flat),
        _nth(said, 1, blank.flat),
        _decayed(said, blank.flat),
        _best(said, blank.flat),
    ]


def choose_expert(features: Float32Array) -> Expert:
    """By whether the headline or latest position is a title of the catalogue, or an earlier one."""
    if features[:, [COLUMNS["exact_1"], COLUMNS["headline_exact"]]].any():
        return "latest_known"
    return "earlier_known" if features[:, COLUMNS["exact_any"]].any() else "none_known"


def _mean(rows: Sequence[Float32Array], otherwise: Float32Array) -> Float32Array:
    """Two votes' worth of the mean: passages of one resume are not independent."""
    return log_softmax(np.mean(rows, axis=0) * np.float32(2)) if rows else otherwise


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
