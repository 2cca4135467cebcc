"""Numbers of an answer, as vectors or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ml_service.domain.ports import Float32Array
from ml_service.inference.remote.failures import bad_answer

LEAST_LENGTH = 1e-6
MOST_JSON_BYTES_A_NUMBER = 48


def most_bytes(n_texts: int, n_dims: int) -> int:
    """Of an answer with so many vectors, with room for what stands around them."""
    return 64_000 + n_texts * n_dims * MOST_JSON_BYTES_A_NUMBER


def unit_vectors(numbers: npt.NDArray[Any], *, n_texts: int, n_dims: int) -> Float32Array:
    """Made unit here: servers differ in whether they do it, and the direction is what counts.

    Raises RemoteFailure for another shape, what is no finite number, or a vector of no length.
    """
    if numbers.shape != (n_texts, n_dims):
        shape = " x ".join(str(side) for side in numbers.shape)
        raise bad_answer(f"{n_texts} vectors of {n_dims} numbers were expected, {shape} came")
    if numbers.dtype.kind not in "fiu" or not np.isfinite(numbers).all():
        raise bad_answer("not all of it are finite numbers")
    exact = numbers.astype(np.float64)
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(exact, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > LEAST_LENGTH)).all():
        raise bad_answer("a vector has no length")
    return np.asarray(exact / lengths, dtype=np.float32)


def array_of(data: object) -> npt.NDArray[Any]:
    """Of JSON, nested or flat. Raises RemoteFailure where sides differ or leaves are no numbers."""
    try:
        numbers = np.array(data)
    except ValueError as error:
        raise bad_answer("its rows have different lengths") from error
    if numbers.dtype.kind not in "fiu":
        raise bad_answer("not all of it are finite numbers")
    return numbers
