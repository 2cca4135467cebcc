"""Tensors as bytes: numbers little-endian and row by row, ``BYTES`` each behind its length.

Source: Triton Inference Server, "Binary Tensor Data Extension".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import numpy as np

from ml_service.app.open_inference.shapes import n_elements, shaped
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.tensors import DTYPES, Datatype, Tensor

_LENGTH = struct.Struct("<I")


def tensor_of_bytes(raw: bytes, datatype: Datatype, shape: Sequence[int], *, name: str) -> Tensor:
    """Raises InvalidRequest where the bytes are not exactly those of the shape."""
    expected = n_elements(shape)
    if datatype == "BYTES":
        flat = _byte_strings(raw, expected, name=name)
    else:
        flat = _numbers(raw, datatype, expected, name=name)
    return shaped(flat, shape, name=name)


def bytes_of_tensor(tensor: Tensor) -> bytes:
    if tensor.dtype == np.object_:
        return b"".join(_LENGTH.pack(len(value)) + value for value in tensor.ravel())
    little = tensor.astype(tensor.dtype.newbyteorder("<"), copy=False)
    return little.tobytes()


def _numbers(raw: bytes, datatype: Datatype, expected: int, *, name: str) -> Tensor:
    dtype = DTYPES[datatype]
    if len(raw) != expected * dtype.itemsize:
        raise InvalidRequest(
            f"Input {name!r} has {len(raw)} bytes, and its shape needs "
            f"{expected * dtype.itemsize} of {datatype}.",
            field="inputs",
        )
    if datatype == "BOOL":
        return np.frombuffer(raw, dtype=np.uint8).astype(np.bool_)
    return np.frombuffer(raw, dtype=dtype.newbyteorder("<")).astype(dtype)


def _byte_strings(raw: bytes, expected: int, *, name: str) -> Tensor:
    if expected * _LENGTH.size > len(raw):  # looked at before so many places are made
        raise _cut_off(name)
    values = list(_split(raw, name=name))
    if len(values) != expected:
        raise InvalidRequest(
            f"Input {name!r} has {len(values)} elements, and its shape needs {expected}.",
            field="inputs",
        )
    array = np.empty(expected, dtype=np.object_)
    array[:] = values
    return array


def _split(raw: bytes, *, name: str) -> Iterator[bytes]:
    at = 0
    while at < len(raw):
        begin = at + _LENGTH.size
        if begin > len(raw):
            raise _cut_off(name)
        at = begin + _LENGTH.unpack_from(raw, at)[0]
        if at > len(raw):
            raise _cut_off(name)
        yield raw[begin:at]


def _cut_off(name: str) -> InvalidRequest:
    return InvalidRequest(
        f"The bytes of input {name!r} end within an element: each is a length of four bytes, "
        "little-endian, and so many bytes.",
        field="inputs",
    )
