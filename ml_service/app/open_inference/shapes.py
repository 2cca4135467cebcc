"""Shapes that a caller states, held against what he sends."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ml_service.domain.errors import InvalidRequest
from ml_service.domain.tensors import Tensor


def n_elements(shape: Sequence[int]) -> int:
    """1 for no dimension at all. Of any size: Python's numbers do not overflow."""
    return math.prod(shape)


def shaped(flat: Tensor, shape: Sequence[int], *, name: str) -> Tensor:
    """``flat`` has as many elements as the shape. Raises InvalidRequest.

    A shape of nothing may still have sides that no array has.
    """
    try:
        return flat.reshape(tuple(shape))
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(
            f"Input {name!r} has a shape that no tensor has.", field="inputs"
        ) from error
