from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_service.app.open_inference.binary_tensors import bytes_of_tensor
from ml_service.app.open_inference.requests import MOST_JSON_BYTES, ReadRequest, read_request
from ml_service.domain.errors import InvalidRequest, TooLarge

TEXTS: dict[str, Any] = {"name": "text", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]}
VECTOR = np.array([1.0, float("nan")], dtype=np.float32)


def read(stated: Any, raw: bytes = b"") -> ReadRequest:
    head = json.dumps(stated).encode()
    return read_request(head + raw, json_bytes=str(len(head)) if raw else None)


def binary(name: str, n_bytes: int, **more: Any) -> dict[str, Any]:
    parameters = {"binary_data_size": n_bytes}
    return {"name": name, "shape": [2], "datatype": "FP32", "parameters": parameters, **more}


def test_a_request_in_json() -> None:
    asked = read({"id": "r-1", "inputs": [TEXTS], "parameters": {"content_type": "str"}})

    assert asked.id == "r-1"
    assert asked.inputs["text"].tolist() == [b"a", b"b"]
    assert (asked.wanted, asked.is_binary("anything")) == ((), False)


def test_tensors_follow_the_json_in_order() -> None:
    raw = bytes_of_tensor(VECTOR)
    other = np.array([3.0, 4.0], dtype=np.float32)

    asked = read(
        {"inputs": [binary("one", 8), TEXTS, binary("two", 8)]}, raw + bytes_of_tensor(other)
    )

    assert np.array_equal(asked.inputs["one"], VECTOR, equal_nan=True)
    assert asked.inputs["two"].tolist() == [3.0, 4.0]
    assert asked.inputs["text"].tolist() == [b"a", b"b"]


def test_each_output_says_how_it_is_wanted() -> None:
    outputs = [
        {"name": "here", "parameters": {"binary_data": False}},
        {"name": "there", "parameters": {"binary_data": True}},
        {"name": "as_the_rest"},
    ]

    asked = read(
        {"inputs": [TEXTS], "outputs": outputs, "parameters": {"binary_data_output": True}}
    )

    assert asked.wanted == ("here", "there", "as_the_rest")
    assert [asked.is_binary(name) for name in asked.wanted] == [False, True, True]


def test_what_is_not_known_is_left_alone() -> None:
    more = {"model_name": "x", "parameters": {"priority": 1, "timeout": 5, "sequence_id": "a"}}

    assert read({"inputs": [{**TEXTS, "colour": "red"}], **more}).wanted == ()


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ([], "JSON object"),
        ({}, "inputs"),
        ({"inputs": []}, "inputs"),
        ({"inputs": [{**TEXTS, "shape": [-1]}]}, "inputs/0/shape/0"),
        ({"inputs": [{**TEXTS, "shape": ["2"]}]}, "inputs/0/shape/0"),
        ({"inputs": [{**TEXTS, "shape": [1] * 17}]}, "inputs/0/shape"),
        ({"inputs": [{**TEXTS, "datatype": "STRING"}]}, "inputs/0/datatype"),
        ({"inputs": [{**TEXTS, "data": "ab"}]}, "inputs/0/data"),
        ({"inputs": [{**TEXTS, "data": None}]}, "either data or binary_data_size"),
        ({"inputs": [TEXTS, TEXTS]}, "sent twice"),
        ({"inputs": [{**TEXTS, "parameters": {"content_type": "base64"}}]}, "base64"),
        ({"inputs": [TEXTS], "id": 7}, "id"),
        ({"inputs": [TEXTS], "parameters": {"binary_data_output": "yes"}}, "true or false"),
        ({"inputs": [TEXTS], "outputs": [{"name": "a"}, {"name": "a"}]}, "asked for twice"),
        (
            {"inputs": [TEXTS], "outputs": [{"name": "a", "parameters": {"classification": 3}}]},
            "classification",
        ),
        (
            {"inputs": [{**TEXTS, "parameters": {"shared_memory_region": "r"}}]},
            "No memory is shared",
        ),
        (
            {
                "inputs": [TEXTS],
                "outputs": [{"name": "a", "parameters": {"shared_memory_size": 1}}],
            },
            "No memory is shared",
        ),
    ],
)
def test_a_request_that_does_not_hold_is_refused_in_words(stated: Any, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        read(stated)


@pytest.mark.parametrize(
    ("inputs", "raw", "said"),
    [
        ([binary("one", 8)], b"x" * 7, "'one'"),
        ([binary("one", 8)], b"x" * 9, "9 bytes follow the JSON"),
        ([binary("one", 4)], b"x" * 4, "'one'"),
        ([binary("one", 8), binary("two", 8)], b"x" * 8, "'two'"),
        ([binary("one", -8)], b"x" * 8, "no number of bytes"),
        ([binary("one", True)], b"x" * 8, "no number of bytes"),
        ([binary("one", 8, data=[1.0, 2.0])], b"x" * 8, "either data"),
        ([TEXTS], b"x", "1 bytes follow the JSON"),
    ],
)
def test_bytes_and_what_is_stated_of_them_must_fit(
    inputs: list[Any], raw: bytes, said: str
) -> None:
    with pytest.raises(InvalidRequest, match=said):
        read({"inputs": inputs}, raw)


@pytest.mark.parametrize("json_bytes", ["", "x", "-1", "1.5", "٣", "9" * 40, "1000", "0"])
def test_a_length_of_json_that_is_none_is_refused(json_bytes: str) -> None:
    with pytest.raises(InvalidRequest):
        read_request(json.dumps({"inputs": [TEXTS]}).encode(), json_bytes=json_bytes)


def test_long_json_is_refused_with_what_to_do() -> None:
    with pytest.raises(TooLarge, match="binary"):
        read_request(b" " * (MOST_JSON_BYTES + 1), json_bytes=None)


@given(st.binary(max_size=200), st.one_of(st.none(), st.integers(0, 250).map(str)))
def test_no_bytes_end_in_anything_but_a_refusal(body: bytes, json_bytes: str | None) -> None:
    with pytest.raises(InvalidRequest):
        read_request(body, json_bytes=json_bytes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
)


@given(
    data=st.lists(JSON, max_size=4),
    shape=st.lists(st.integers(0, 2**70), max_size=3),
    datatype=st.sampled_from(["BOOL", "INT8", "UINT64", "FP16", "FP64", "BYTES"]),
    parameters=st.dictionaries(
        st.sampled_from(["binary_data_size", "content_type", "other"]), JSON, max_size=2
    ),
)
def test_invented_inputs_are_read_or_refused(
    data: list[Any], shape: list[int], datatype: str, parameters: dict[str, Any]
) -> None:
    tensor = {"name": "x", "shape": shape, "datatype": datatype, "data": data}
    try:
        asked = read({"inputs": [{**tensor, "parameters": parameters}]})
    except InvalidRequest:
        return
    assert asked.inputs["x"].shape == tuple(shape)
