"""Rows of a table into the tensors of a plain graph, and its answers back, one a row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml_service.domain.errors import InvalidRequest, ModelUnavailable
from ml_service.domain.tensors import DTYPES, Tensor, Tensors, TensorSpec
from ml_service.hosting.row_schema import Feature, RowSchema, columns_of

MOST_ROWS = 10_000
LONGEST_TEXT = 10_000
_SUMS_TO_1 = 1e-3


@dataclass(frozen=True, slots=True)
class RowPrediction:
    """``probabilities`` by label, and ``confidence`` the one of ``label``: only where the graph
    gives shares that add up to 1. ``value`` is what a regressor answers.
    """

    label: str | None = None
    confidence: float | None = None
    probabilities: Mapping[str, float] | None = None
    value: float | tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """``pointer`` leads to it in the request."""

    cells: Mapping[str, Any]
    pointer: str

    def wrong(self, feature: str, message: str) -> InvalidRequest:
        escaped = feature.replace("~", "~0").replace("/", "~1")
        return InvalidRequest(f"{feature}: {message}", field=f"{self.pointer}/{escaped}")


def tensors_of(schema: RowSchema, said: object, *, field: str) -> list[dict[str, Tensor]]:
    """All rows in one, or one a row where the graph takes a single row.

    ``said`` is a row or a list of rows; a row is an object, or a list in the order of the
    features. Raises InvalidRequest that leads to row and field.
    """
    rows = [_row(schema, row, pointer) for row, pointer in _rows(said, field)]
    batches = [[row] for row in rows] if schema.one_at_a_time else [rows]
    columns = columns_of(schema.inputs, schema.features)
    return [
        {spec.name: _filled(spec, features, batch) for spec, features in columns}
        for batch in batches
    ]


def predictions_of(schema: RowSchema, outputs: Tensors, *, n_rows: int) -> list[RowPrediction]:
    """Raises ModelUnavailable where the graph did not answer each row."""
    answers = schema.answers
    names = [name for name in (answers.label, answers.probabilities, answers.value) if name]
    if any(len(outputs[name]) != n_rows for name in names):
        raise ModelUnavailable("The model did not answer each row.")
    said = _labels(schema, outputs, n_rows)
    shares = _shares(schema, outputs, n_rows)
    values = _values(outputs, answers.value, n_rows)
    return [
        _prediction(label, row, value)
        for label, row, value in zip(said, shares, values, strict=True)
    ]


def _rows(said: object, field: str) -> Iterator[tuple[object, str]]:
    if isinstance(said, dict):
        yield said, field
        return
    if not isinstance(said, list) or not said:
        raise InvalidRequest("This must be a row or a list of rows, and not empty.", field=field)
    if not isinstance(said[0], dict | list):
        yield said, field
        return
    if len(said) > MOST_ROWS:
        raise InvalidRequest(f"More than {MOST_ROWS:,} rows came at once.", field=field)
    for at, row in enumerate(said):
        yield row, f"{field}/{at}"


def _row(schema: RowSchema, said: object, pointer: str) -> _Row:
    names = [feature.name for feature in schema.features]
    if isinstance(said, dict):
        unknown = next((name for name in said if name not in set(names)), None)
        if unknown is not None:
            raise InvalidRequest(
                f"The model knows no field {unknown[:64]!r}.", field=f"{pointer}/{unknown[:64]}"
            )
        return _Row(said, pointer)
    if not isinstance(said, list):
        raise InvalidRequest("A row is an object or a list.", field=pointer)
    if len(said) != len(names):
        raise InvalidRequest(
            f"The row has {len(said)} values, and the model takes {len(names)}.", field=pointer
        )
    return _Row(dict(zip(names, said, strict=True)), pointer)


def _filled(spec: TensorSpec, features: Sequence[Feature], rows: Sequence[_Row]) -> Tensor:
    columns = [_column(spec, feature, rows) for feature in features]
    if len(spec.shape) == 1:
        return columns[0]
    return np.stack(columns, axis=1)


def _column(spec: TensorSpec, feature: Feature, rows: Sequence[_Row]) -> Tensor:
    cells = [_cell(feature, row) for row in rows]
    dtype = DTYPES[spec.datatype]
    if spec.datatype == "BYTES":
        column = np.empty(len(cells), dtype=dtype)
        column[:] = cells
        return column
    if dtype.kind in "iu":
        _refuse_beyond(np.iinfo(dtype), feature, cells, rows)
        return np.array(cells, dtype=dtype)
    with np.errstate(over="ignore"):
        filled = np.array(cells, dtype=np.float64).astype(dtype)
    for at in np.flatnonzero(np.isinf(filled)) if dtype.kind == "f" else ():
        raise rows[int(at)].wrong(feature.name, "this number is too large.")
    return filled


def _refuse_beyond(
    bounds: np.iinfo[Any], feature: Feature, cells: Sequence[Any], rows: Sequence[_Row]
) -> None:
    for cell, row in zip(cells, rows, strict=True):
        if not bounds.min <= cell <= bounds.max:
            raise row.wrong(feature.name, f"this is not from {bounds.min} to {bounds.max}.")


def _cell(feature: Feature, row: _Row) -> Any:
    said = row.cells.get(feature.name)
    if said is None:
        if not feature.optional:
            raise row.wrong(feature.name, "this is missing.")
        return b"" if feature.type == "text" else math.nan
    if feature.type == "text":
        return _text(feature, row, said)
    if feature.type == "flag":
        if not isinstance(said, bool):
            raise row.wrong(feature.name, "this must be true or false.")
        return said
    return _number(feature, row, said)


def _text(feature: Feature, row: _Row, said: object) -> bytes:
    if not isinstance(said, str):
        raise row.wrong(feature.name, "this must be text.")
    if len(said) > LONGEST_TEXT:
        raise row.wrong(feature.name, f"this has more than {LONGEST_TEXT:,} characters.")
    if feature.values and said not in feature.values:
        known = ", ".join(feature.values[:20])
        raise row.wrong(feature.name, f"{said[:64]!r} is not among what the model knows: {known}.")
    return said.encode("utf-8", "replace")


def _number(feature: Feature, row: _Row, said: object) -> float | int:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise row.wrong(feature.name, "this must be a number.")
    if isinstance(said, float) and not math.isfinite(said):
        raise row.wrong(feature.name, "this must be a finite number.")
    if feature.type == "integer" and said != int(said):
        raise row.wrong(feature.name, "this must be a whole number.")
    if abs(said) >= _TOO_LARGE:
        raise row.wrong(feature.name, "this number is too large.")
    return int(said) if feature.type == "integer" else said


_TOO_LARGE = 10**300


def _labels(schema: RowSchema, outputs: Tensors, n_rows: int) -> Sequence[str | None]:
    name = schema.answers.label
    if name is None:
        return [None] * n_rows
    shown = dict(zip(schema.classes, schema.labels, strict=True))
    said = [_as_text(value) for value in outputs[name].reshape(n_rows, -1)[:, 0].tolist()]
    return [shown.get(label, label) for label in said]


def _as_text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _shares(
    schema: RowSchema, outputs: Tensors, n_rows: int
) -> Sequence[Mapping[str, float] | None]:
    """None for a row whose numbers are no probabilities, as some classifiers give."""
    name = schema.answers.probabilities
    if name is None:
        return [None] * n_rows
    matrix = outputs[name].astype(np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != len(schema.labels):
        raise ModelUnavailable("The model gives another number of probabilities than of labels.")
    _refuse_endless(matrix)
    sound = (matrix >= -_SUMS_TO_1).all(axis=1) & (abs(matrix.sum(axis=1) - 1) < _SUMS_TO_1)
    rows = np.clip(matrix, 0.0, 1.0).tolist()
    return [
        dict(zip(schema.labels, row, strict=True)) if is_sound else None
        for row, is_sound in zip(rows, sound.tolist(), strict=True)
    ]


def _values(
    outputs: Tensors, name: str | None, n_rows: int
) -> Sequence[float | tuple[float, ...] | None]:
    if name is None:
        return [None] * n_rows
    rows = outputs[name].astype(np.float64).reshape(n_rows, -1)
    _refuse_endless(rows)
    return [row[0] if len(row) == 1 else tuple(row) for row in rows.tolist()]


def _refuse_endless(numbers: Tensor) -> None:
    if not np.isfinite(numbers).all():
        raise ModelUnavailable("The model answered with a number that is not finite.")


def _prediction(
    label: str | None, shares: Mapping[str, float] | None, value: float | tuple[float, ...] | None
) -> RowPrediction:
    if shares is None:
        return RowPrediction(label=label, value=value)
    likeliest = max(shares, key=lambda name: shares[name])
    label = likeliest if label is None else label
    return RowPrediction(label, shares.get(label), shares, value)
