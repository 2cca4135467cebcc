"""Tensors as JSON: nested or flat lists, row by row.

Source: Open Inference Protocol v2, "Tensor Data" and "Tensor Data Types".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from ml_service.app.open_inference.shapes import n_elements, shaped
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.tensors import DTYPES, Datatype, Tensor


def tensor_of_json(
    data: Sequence[Any], datatype: Datatype, shape: Sequence[int], *, name: str
) -> Tensor:
    """Raises InvalidRequest for another number of values than the shape has, or a value that the
    datatype does not know.
    """
    values = _flat(data, name=name)
    if len(values) != n_elements(shape):
        raise InvalidRequest(
            f"Input {name!r} has {len(values)} values, and its shape {list(shape)} has "
            f"{n_elements(shape)}.",
            field="inputs",
        )
    return shaped(_array(values, datatype, name=name), shape, name=name)


def json_of_tensor(tensor: Tensor, *, name: str) -> list[Any]:
    """Flat. Raises InvalidRequest for what JSON cannot say; in binary it can be had."""
    if tensor.dtype == np.object_:
        return [_text(value, name=name) for value in tensor.ravel()]
    if tensor.dtype.kind == "f" and not np.isfinite(tensor).all():
        raise InvalidRequest(
            f"Output {name!r} holds NaN or infinity, which JSON cannot say. Ask for it in binary: "
            '"parameters": {"binary_data": true} at the output.',
            field="outputs",
        )
    flat: list[Any] = tensor.ravel().tolist()
    return flat


def _flat(data: Sequence[Any], *, name: str) -> list[Any]:
    """Level by level, so that depth costs no stack. Raises InvalidRequest."""
    values = list(data)
    while values and isinstance(values[0], list):
        length = len(values[0])
        if not all(isinstance(row, list) and len(row) == length for row in values):
            raise InvalidRequest(f"The rows of input {name!r} differ in length.", field="inputs")
        values = list(chain.from_iterable(values))
    return values


def _array(values: list[Any], datatype: Datatype, *, name: str) -> Tensor:
    """One dimension. Raises InvalidRequest."""
    taken = _TAKEN[DTYPES[datatype].kind]
    if not set(map(type, values)) <= taken:
        raise _no_values(name, datatype)
    if datatype == "BYTES":
        return _objects([value.encode("utf-8", "replace") for value in values])
    try:
        with np.errstate(over="ignore"):
            array = np.array(values, dtype=DTYPES[datatype])
    except OverflowError as error:
        raise _no_values(name, datatype) from error
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise _no_values(name, datatype)
    return array


_TAKEN: dict[str, set[type]] = {
    "b": {bool},
    "u": {int},
    "i": {int},
    "f": {int, float},
    "O": {str},
}
"""What JSON may say for each kind of dtype; a bool is no number here."""


def _no_values(name: str, datatype: Datatype) -> InvalidRequest:
    return InvalidRequest(
        f"Input {name!r} holds values that {datatype} cannot hold; JSON has no NaN nor infinity.",
        field="inputs",
    )


def _objects(values: list[bytes]) -> Tensor:
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array


def _text(value: bytes, *, name: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"Output {name!r} holds bytes that are no text. Ask for it in binary.", field="outputs"
        ) from error
