from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from ml_service.app.open_inference.json_tensors import json_of_tensor, tensor_of_json
from ml_service.domain.errors import InvalidRequest
from ml_service.domain.tensors import Datatype, Tensor
from tests.unit.app.open_inference.arrays import same, tensors


@given(tensors(finite=True))
def test_what_json_says_comes_back_the_same(made: tuple[Datatype, Tensor]) -> None:
    datatype, tensor = made

    said = json.loads(json.dumps(json_of_tensor(tensor, name="x")))

    assert same(tensor_of_json(said, datatype, tensor.shape, name="x"), tensor)


@pytest.mark.parametrize(
    "data", [[1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5, 6]], [[[1], [2], [3]], [[4], [5], [6]]]]
)
def test_data_is_nested_or_flat_row_by_row(data: list[Any]) -> None:
    tensor = tensor_of_json(data, "INT32", [2, 3], name="x")

    assert tensor.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert tensor.dtype == np.int32


@pytest.mark.parametrize("shape", [[0], [0, 3], [2, 0]])
def test_nothing_has_a_shape_too(shape: list[int]) -> None:
    assert tensor_of_json([], "FP32", shape, name="x").shape == tuple(shape)


def test_no_dimension_at_all_is_one_value() -> None:
    assert tensor_of_json([7], "INT8", [], name="x").shape == ()


@pytest.mark.parametrize(
    ("data", "datatype", "shape"),
    [
        ([1, 2, 3], "INT32", [2, 2]),
        ([1, 2, 3], "INT32", [2]),
        ([[1], [2, 3, 4]], "INT32", [2, 2]),
        ([[1, 2], 3, 4], "INT32", [2, 2]),
        ([1, [2]], "INT32", [2]),
        ([1.0], "INT32", [1]),
        ([True], "INT32", [1]),
        ([1], "BOOL", [1]),
        ([True], "FP32", [1]),
        (["1"], "FP32", [1]),
        ([None], "FP32", [1]),
        ([{}], "BYTES", [1]),
        ([1], "BYTES", [1]),
        ([-1], "UINT8", [1]),
        ([256], "UINT8", [1]),
        ([2**63], "INT64", [1]),
        ([2**64], "UINT64", [1]),
        ([float("nan")], "FP64", [1]),
        ([float("inf")], "FP32", [1]),
        ([1e39], "FP32", [1]),
        ([70_000.0], "FP16", [1]),
        ([10**400], "FP64", [1]),
        ([], "FP32", [0, 2**40, 2**40]),
    ],
)
def test_values_that_do_not_fit_are_refused_by_name(
    data: list[Any], datatype: Datatype, shape: list[int]
) -> None:
    with pytest.raises(InvalidRequest, match="'rows'"):
        tensor_of_json(data, datatype, shape, name="rows")


def test_depth_costs_no_stack() -> None:
    deep: list[Any] = [1]
    for _ in range(5_000):
        deep = [deep]

    assert tensor_of_json(deep, "INT8", [1], name="x").tolist() == [1]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_json_cannot_say_is_refused_with_what_to_do(value: float) -> None:
    with pytest.raises(InvalidRequest, match="binary_data"):
        json_of_tensor(np.array([value], dtype=np.float16), name="x")


def test_bytes_that_are_no_text_are_refused_with_what_to_do() -> None:
    tensor = np.empty(1, dtype=np.object_)
    tensor[0] = b"\xff"

    with pytest.raises(InvalidRequest, match="binary"):
        json_of_tensor(tensor, name="x")
