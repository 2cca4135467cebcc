"""What speaks for a move from a history to every occupation, in numbers that a logit can weigh."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from ml_service.career.catalogue.occupations import Catalogue
from ml_service.career.transitions.history import History
from ml_service.domain.ports import Float32Array
from ml_service.domain.shares import log_softmax

FEATURES = (
    "present",
    "related_to_present",
    "related_to_held",
    "present_related_to_it",
    "like_present",
    "like_held",
    "technologies",
    "same_field_as_present",
    "same_field_as_held",
    "ever_held",
    "newest",
    "moves_like_from_present",
    "moves_to_alike",
    "one_zone_up",
    "more_zones_up",
    "one_zone_down",
    "more_zones_down",
    "no_zone",
    "text",
)
"""``present`` lets a fit set the present occupation aside; it is never offered."""

_KERNEL_SHARPNESS = 12.0
_KERNEL_FLOOR = 0.35
_RELATED_IN_KERNEL = 0.15
_EVEN = np.float32(0.2)
_DOUBT = np.float32(0.3)
_FLOOR = np.float32(-12.0)


class OccupationRelations:
    """How occupations stand to one another; all matrices are (n_codes, n_codes), row to column.

    ``vectors`` are unit vectors of the occupations' titles, (n_codes, n_dims).
    """

    def __init__(self, catalogue: Catalogue, vectors: Float32Array) -> None:
        self.vectors = vectors
        self.alike: Float32Array = vectors @ vectors.T
        self.related = _related(catalogue)
        self.technologies = _shared_technologies(catalogue)
        fields = np.array([code[:2] for code in catalogue.codes])
        self.same_field = (fields[:, None] == fields).astype(np.float32)
        self.zones = np.array([entry.job_zone or 0 for entry in catalogue], dtype=np.float32)

    @cached_property
    def kernel(self) -> Float32Array:
        """Rows sum to 1: how much what was seen of one occupation tells of another."""
        kernel = np.exp(_KERNEL_SHARPNESS * (self.alike - 1))
        kernel[self.alike < _KERNEL_FLOOR] = 0
        kernel += _RELATED_IN_KERNEL * self.related
        np.fill_diagonal(kernel, 1)
        rows: Float32Array = (kernel / kernel.sum(axis=1, keepdims=True)).astype(np.float32)
        return rows

    def zone_of(self, present: Float32Array) -> float:
        """The mean zone of the present occupations; 0 where none has one."""
        weights = present * (self.zones > 0)
        return float(weights @ self.zones / weights.sum()) if weights.any() else 0.0


@dataclass(frozen=True, slots=True)
class SeenMoves:
    """``counts`` (n_codes, n_codes), from row to column. ``lift`` and ``wide_lift``: log of how
    much more often occupations like the row move to the column (or to one like it) than all do;
    0 where nothing is known.
    """

    counts: Float32Array
    lift: Float32Array
    wide_lift: Float32Array


@dataclass(frozen=True, slots=True)
class TextMap:
    """A linear map from the vector of a history's text to next occupations."""

    weights: Float32Array
    bias: Float32Array

    def log_p(self, text: Float32Array) -> Float32Array:
        return np.maximum(log_softmax(text @ self.weights + self.bias), _FLOOR)


def smooth(counts: Float32Array, relations: OccupationRelations) -> SeenMoves:
    """Moves that nobody made yet borrow from those of similar occupations."""
    from_alike: Float32Array = relations.kernel @ counts
    from_alike_to_alike: Float32Array = from_alike @ relations.kernel
    targets: Float32Array = counts.sum(axis=0)
    like_targets: Float32Array = targets @ relations.kernel
    return SeenMoves(
        counts=counts,
        lift=_lift(from_alike, targets),
        wide_lift=_lift(from_alike_to_alike, like_targets),
    )


def features_of(
    history: History, relations: OccupationRelations, moves: SeenMoves, text_map: TextMap
) -> Float32Array:
    """Shape (n_codes, len(FEATURES))."""
    present, held = history.present, history.held
    columns = [
        present > 0,
        reached(present, relations.related),
        reached(held, relations.related),
        relations.related @ present,
        reached(present, relations.alike),
        reached(held, relations.alike),
        reached(present, relations.technologies),
        reached(present, relations.same_field),
        reached(held, relations.same_field),
        history.ever,
        history.newest,
        reached(present, moves.lift),
        reached(present, moves.wide_lift),
        *_zone_changes(relations.zone_of(present), relations.zones),
        text_map.log_p(history.text),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def reached(weights: Float32Array, matrix: Float32Array) -> Float32Array:
    """``weights @ matrix``, where few of the weights are not 0."""
    rows = np.flatnonzero(weights)
    told: Float32Array = weights[rows] @ matrix[rows]
    return told


def _zone_changes(present: float, zones: Float32Array) -> tuple[npt.NDArray[np.bool_], ...]:
    """Up by one, by more, down by one, by more, and no zone; no change where none is known."""
    change = np.where(zones > 0, zones - present, 0) if present else np.zeros_like(zones)
    return (
        (change >= 0.5) & (change < 1.5),
        change >= 1.5,
        (change <= -0.5) & (change > -1.5),
        change <= -1.5,
        zones == 0,
    )


def _related(catalogue: Catalogue) -> Float32Array:
    """1 for the closest of the list down to almost 0 for its last."""
    column = {code: at for at, code in enumerate(catalogue.codes)}
    related = np.zeros((len(column), len(column)), dtype=np.float32)
    for row, entry in enumerate(catalogue):
        for rank, code in enumerate(entry.related):
            if code in column:
                related[row, column[code]] = 1 - rank / len(entry.related)
    return related


def _shared_technologies(catalogue: Catalogue) -> Float32Array:
    """Cosine of the technologies, rare ones counting more."""
    used = [dict.fromkeys(entry.technologies) for entry in catalogue]
    number = {name: at for at, name in enumerate(dict.fromkeys(chain(*used)))}
    row = np.repeat(np.arange(len(used)), [len(names) for names in used])
    name = np.array([number[each] for each in chain(*used)], dtype=np.intp)
    n_users = np.bincount(name, minlength=len(number))
    weight = np.log(len(used) / n_users)[name]
    length = np.sqrt(np.bincount(row, weight**2, minlength=len(used))) + 1e-6
    # Two thirds have one user each: they make nobody alike, only an occupation like itself.
    column = np.cumsum(n_users > 1) - 1
    several = np.zeros((len(used), int((n_users > 1).sum())), dtype=np.float32)
    kept = n_users[name] > 1
    several[row[kept], column[name[kept]]] = (weight / length[row])[kept]
    shared: Float32Array = several @ several.T
    np.fill_diagonal(shared, ((length - 1e-6) / length) ** 2)
    return shared


def _lift(rows: Float32Array, targets: Float32Array) -> Float32Array:
    usual = (targets + _EVEN) / (targets + _EVEN).sum()
    shares = (rows + _DOUBT * usual) / (rows.sum(axis=1, keepdims=True) + _DOUBT)
    lift: Float32Array = np.log(shares / usual).astype(np.float32)
    return lift
