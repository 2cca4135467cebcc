"""Named arrays in, named arrays out: what a model of any kind looks like from outside.

Names and types are those of the Open Inference Protocol v2, "Tensor Data Types".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ml_service.domain.run_limit import RunLimit

Datatype = Literal[
    "BOOL",
    "UINT8",
    "UINT16",
    "UINT32",
    "UINT64",
    "INT8",
    "INT16",
    "INT32",
    "INT64",
    "FP16",
    "FP32",
    "FP64",
    "BYTES",
]

Tensor = npt.NDArray[Any]
"""Of the dtype in ``DTYPES``; ``BYTES`` is an array of objects, each of them ``bytes``."""

Tensors = Mapping[str, Tensor]

DTYPES: Mapping[Datatype, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8),
    "UINT16": np.dtype(np.uint16),
    "UINT32": np.dtype(np.uint32),
    "UINT64": np.dtype(np.uint64),
    "INT8": np.dtype(np.int8),
    "INT16": np.dtype(np.int16),
    "INT32": np.dtype(np.int32),
    "INT64": np.dtype(np.int64),
    "FP16": np.dtype(np.float16),
    "FP32": np.dtype(np.float32),
    "FP64": np.dtype(np.float64),
    "BYTES": np.dtype(np.object_),
}


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """``shape`` has -1 for a dimension of any length."""

    name: str
    datatype: Datatype
    shape: tuple[int, ...]


@runtime_checkable
class TensorFunction(Protocol):
    """A loaded model that is nothing but a graph. Blocking; safe to call from several threads."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]: ...

    @property
    def outputs(self) -> tuple[TensorSpec, ...]: ...

    def run(self, inputs: Tensors, *, limit: RunLimit | None = None) -> dict[str, Tensor]:
        """All outputs. Raises InvalidRequest naming the input that does not fit, ModelUnavailable
        where the graph fails or ``limit`` is over; without one the model has its own.
        """
        ...
