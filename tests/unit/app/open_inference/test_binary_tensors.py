from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given

from ml_service.app.open_inference.binary_tensors import bytes_of_tensor, tensor_of_bytes
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.tensors import DTYPES, Datatype, Tensor
from tests.unit.app.open_inference.arrays import same, tensors


@given(tensors())
def test_bytes_come_back_the_same(made: tuple[Datatype, Tensor]) -> None:
    datatype, tensor = made

    read = tensor_of_bytes(bytes_of_tensor(tensor), datatype, tensor.shape, name="x")

    assert same(read, tensor)


def test_numbers_are_little_endian_and_row_by_row() -> None:
    tensor = np.array([[1.5, -2.0], [0.25, 4.0]], dtype=np.float32)

    assert bytes_of_tensor(tensor) == struct.pack("<4f", 1.5, -2.0, 0.25, 4.0)
    assert bytes_of_tensor(tensor.T) == struct.pack("<4f", 1.5, 0.25, -2.0, 4.0)
    assert bytes_of_tensor(tensor.astype(">f4")) == struct.pack("<4f", 1.5, -2.0, 0.25, 4.0)


def test_a_byte_string_stands_behind_its_length() -> None:
    raw = b"\x02\x00\x00\x00ab\x00\x00\x00\x00\x03\x00\x00\x00\xff\x00c"

    tensor = tensor_of_bytes(raw, "BYTES", [3], name="x")

    assert tensor.tolist() == [b"ab", b"", b"\xff\x00c"]
    assert bytes_of_tensor(tensor) == raw


def test_a_truth_value_is_any_byte_but_zero() -> None:
    assert tensor_of_bytes(b"\x00\x01\x02", "BOOL", [3], name="x").tolist() == [False, True, True]


@pytest.mark.parametrize("datatype", sorted(set(DTYPES) - {"BYTES"}))
@pytest.mark.parametrize("too_many", [-1, 1])
def test_sizes_are_held_against_the_shape(datatype: Datatype, too_many: int) -> None:
    raw = bytes(6 * DTYPES[datatype].itemsize + too_many)

    with pytest.raises(InvalidRequest, match="'rows'"):
        tensor_of_bytes(raw, datatype, [2, 3], name="rows")


@pytest.mark.parametrize(
    ("raw", "n"),
    [
        (b"\x01\x00\x00", 1),
        (b"\x05\x00\x00\x00abc", 1),
        (b"\xff\xff\xff\xffabc", 1),
        (b"\x01\x00\x00\x00a\x00", 1),
        (b"\x01\x00\x00\x00a", 2),
        (b"\x01\x00\x00\x00a", 0),
        (b"\x00\x00\x00\x00" * 3, 2),
        (b"", 1),
        (b"", 10**15),
    ],
)
def test_lengths_of_byte_strings_are_checked(raw: bytes, n: int) -> None:
    with pytest.raises(InvalidRequest, match="'rows'"):
        tensor_of_bytes(raw, "BYTES", [n], name="rows")
