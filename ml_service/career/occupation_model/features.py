"""Signals of all passages pooled into one row of features for every occupation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from ml_service.career.occupation_model.experts import Expert
from ml_service.career.occupation_model.signals import PassageSignals, flat
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax

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

_Rows = tuple[int, ...]
_Columns = dict[str, Float32Array]


def pool(signals: Sequence[PassageSignals], *, prior: Float32Array) -> Float32Array:
    """Features of shape (n_codes, len(FEATURES)); ``prior`` is a log probability a code.

    Positions count in reading order, which in most resumes is the latest first.
    """
    return Pooling(signals, prior=prior).of(range(len(signals)))


class Pooling:
    """The passages of a resume, ready to be pooled with any of them left out.

    What positions say does not depend on the text between them, nor the other way around: what
    several choices of passages have in common is measured once.
    """

    def __init__(self, signals: Sequence[PassageSignals], *, prior: Float32Array) -> None:
        self._signals = signals
        self._prior = prior
        self._zero = np.zeros(len(prior), dtype=np.float32)
        self._flat = flat(len(prior))
        self._exact = _stacked([entry.exact for entry in signals], len(prior))
        self._inner = _stacked([entry.inner for entry in signals], len(prior))
        self._alike = _stacked([entry.alike for entry in signals], len(prior))
        self._told = _stacked([entry.log_p for entry in signals], len(prior))
        self._said = _stacked([entry.said for entry in signals], len(prior))
        self._mentions = [entry.exact.any() or entry.inner.any() for entry in signals]
        self._by_positions: dict[_Rows, _Columns] = {}
        self._by_mentions: dict[_Rows, _Columns] = {}
        self._means: dict[_Rows, Float32Array] = {(): self._flat}

    def of_each(self, choices: Iterable[_Rows]) -> Iterator[Float32Array]:
        """As ``of`` each of the choices; what text they average is averaged at once."""
        chosen = [(kept, self._averaged(kept)) for kept in map(self.telling, choices)]
        self._average(rows for _, averaged in chosen for rows in averaged.values())
        return (self._of(kept, averaged) for kept, averaged in chosen)

    def of(self, kept: Iterable[int]) -> Float32Array:
        """As ``pool`` of the passages at the places ``kept``, which ascend."""
        return next(self.of_each([tuple(kept)]))

    def _of(self, kept: _Rows, averaged: Mapping[str, _Rows]) -> Float32Array:
        """``averaged`` are those of ``kept``, whose means are known."""
        held = tuple(at for at in kept if self._signals[at].position)
        text = averaged["body_mean"]
        if held not in self._by_positions:
            self._by_positions[held] = self._of_positions(held)
        mentions = tuple(at for at in text if self._mentions[at])
        if mentions not in self._by_mentions:
            self._by_mentions[mentions] = self._of_mentions(mentions)
        columns = {
            "prior": self._prior,
            **self._by_positions[held],
            **self._by_mentions[mentions],
            **self._of_text(text),
            **self._of_headline(kept),
            **{name: self._means[rows] for name, rows in averaged.items()},
        }
        return np.concatenate([columns[name] for name in FEATURES]).reshape(len(FEATURES), -1).T

    def telling(self, kept: Iterable[int]) -> _Rows:
        """Without headers in which no position could be read: of them nothing is looked at."""
        signals = self._signals
        return tuple(at for at in kept if signals[at].position or not signals[at].passage.header)

    def _of_positions(self, held: _Rows) -> _Columns:
        zero, even = self._zero, self._flat
        exact, inner, alike = self._exact[[*held]], self._inner[[*held]], self._alike[[*held]]
        told, said = self._told[[*held]], self._said[[*held]]
        first = next((votes for votes in exact if votes.any()), zero)
        decay = _decay(len(held))
        latest_alike = _nth(alike, 0, zero)
        return {
            "exact_first": first,
            "exact_1": _nth(exact, 0, zero),
            "exact_2": _nth(exact, 1, zero),
            "exact_3": _nth(exact, 2, zero),
            "exact_decayed": _decayed(exact, zero, decay),
            "exact_any": _best(exact, zero),
            "inner_1": _nth(inner, 0, zero),
            "inner_2": _nth(inner, 1, zero),
            "inner_decayed": _decayed(inner, zero, decay),
            "alike_1": latest_alike,
            "alike_2": _nth(alike, 1, zero),
            "alike_best": _best(alike, zero),
            "alike_decayed": _decayed(alike, zero, decay),
            "header_1": _nth(told, 0, even),
            "header_2": _nth(told, 1, even),
            "header_decayed": _decayed(told, even, decay),
            "header_best": _best(told, even),
            "exact_first_owned": (first > 0).astype(np.float32),
            "alike_1_cubed": latest_alike**3,
            "said_1": _nth(said, 0, even),
            "said_2": _nth(said, 1, even),
            "said_decayed": _decayed(said, even, decay),
            "said_best": _best(said, even),
        }

    def _of_mentions(self, mentions: _Rows) -> _Columns:
        """Of text that names titles: other text would add nothing here."""
        inner = self._inner[[*mentions]]
        return {
            "inner_body": np.log1p(inner.sum(axis=0)),
            "exact_body": _best(self._exact[[*mentions]], self._zero),
        }

    def _of_text(self, text: _Rows) -> _Columns:
        told = self._told[[*text]]
        summary = [at for at in text[:_SUMMARY_PASSAGES] if self._mentions[at]]
        return {
            "inner_summary": _best(self._inner[summary], self._zero),
            "body_first": _nth(told, 0, self._flat),
            "body_best": _best(told, self._flat),
        }

    def _of_headline(self, kept: _Rows) -> _Columns:
        headline = self._signals[kept[0]].headline if kept else None
        return {
            "headline_exact": self._zero if headline is None else headline.exact,
            "headline_alike": self._zero if headline is None else headline.alike,
            "headline_said": self._flat if headline is None else headline.said,
        }

    def _averaged(self, kept: _Rows) -> dict[str, _Rows]:
        """The text of all, that above the first position, under the first two, and of all work."""
        under: dict[int, list[int]] = {}
        text: list[int] = []
        n_positions = 0
        for at in kept:
            entry = self._signals[at]
            n_positions += entry.position
            if entry.passage.header:
                continue
            text.append(at)
            if not entry.studied:
                under.setdefault(n_positions, []).append(at)
        return {
            "body_mean": tuple(text),
            "text_above": tuple(under.get(0, ())),
            "text_1": tuple(under.get(1, ())),
            "text_2": tuple(under.get(2, ())),
            "text_of_work": tuple(at for rows in under.values() for at in rows),
        }

    def _average(self, sets: Iterable[_Rows]) -> None:
        """Two votes' worth of the mean: passages of one resume are not independent."""
        missing = [rows for rows in dict.fromkeys(sets) if rows not in self._means]
        if not missing:
            return
        shares = np.zeros((len(missing), len(self._signals)), dtype=np.float32)
        for share, rows in zip(shares, missing, strict=True):
            share[[*rows]] = 2 / len(rows)
        self._means.update(zip(missing, log_softmax(shares @ self._told), strict=True))


def choose_expert(features: Float32Array) -> Expert:
    """By whether the headline or latest position is a title of the catalogue, or an earlier one."""
    if any(features[:, COLUMNS[name]].any() for name in ("exact_1", "headline_exact")):
        return "latest_known"
    return "earlier_known" if features[:, COLUMNS["exact_any"]].any() else "none_known"


def _stacked(rows: Sequence[Float32Array], n_codes: int) -> Float32Array:
    return np.array(rows, dtype=np.float32).reshape(len(rows), n_codes)


def _nth(rows: Float32Array, at: int, otherwise: Float32Array) -> Float32Array:
    nth: Float32Array = rows[at] if at < len(rows) else otherwise
    return nth


def _best(rows: Float32Array, otherwise: Float32Array) -> Float32Array:
    best: Float32Array = rows.max(axis=0) if len(rows) else otherwise
    return best


def _decay(n_rows: int) -> Float32Array:
    """Weights 1, 0.7, 0.49, ..., made to sum to 1."""
    weights = (_DECAY ** np.arange(n_rows)).astype(np.float32)
    shares: Float32Array = weights / weights.sum()
    return shares


def _decayed(rows: Float32Array, otherwise: Float32Array, decay: Float32Array) -> Float32Array:
    """Their mean with the weights ``decay``."""
    mean: Float32Array = decay @ rows if len(rows) else otherwise
    return mean
