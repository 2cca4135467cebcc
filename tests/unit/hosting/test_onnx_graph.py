from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from ml_service.domain.errors import ModelRefused
from ml_service.domain.tensors import TensorSpec
from ml_service.hosting import onnx_graph
from ml_service.hosting.onnx_graph import read_graph
from tests.onnx_graphs import (
    OPSETS,
    classifier,
    endless,
    floats,
    graph_of,
    model_of,
    regressor,
    texts,
)

IDENTITY = helper.make_node("Identity", ["x"], ["y"])
ENDS = ([floats("x", None, 2)], [floats("y", None, 2)])


def refusal(content: bytes) -> str:
    with pytest.raises(ModelRefused) as refused:
        read_graph(content)
    return refused.value.message


def test_inputs_outputs_and_labels_are_read() -> None:
    facts = read_graph(classifier())

    assert facts.inputs == (TensorSpec("x", "FP32", (-1, 2)),)
    assert facts.outputs == (
        TensorSpec("label", "BYTES", (-1,)),
        TensorSpec("shares", "FP32", (-1, 2)),
    )
    assert facts.labels == ("no", "yes")
    assert facts.n_nodes == 1


def test_a_map_a_row_counts_as_a_matrix_of_one_column_a_label() -> None:
    maps = helper.make_sequence_type_proto(
        helper.make_map_type_proto(
            TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, [])
        )
    )
    node = helper.make_node(
        "ZipMap", ["x"], ["z"], domain="ai.onnx.ml", classlabels_strings=["no", "yes"]
    )
    graph = graph_of([node], ENDS[0], [helper.make_value_info("z", maps)])

    facts = read_graph(model_of(graph))

    assert facts.outputs == (TensorSpec("z", "FP32", (-1, 2)),)
    assert facts.zipped == {"z"}


def test_tensors_that_are_stored_are_no_inputs_also_where_they_are_listed_there() -> None:
    stored = numpy_helper.from_array(np.ones((2, 1), np.float32), "w")
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    inputs = [floats("x", None, 2), floats("w", 2, 1)]
    graph = graph_of([node], inputs, [floats("y", None, 1)], initializer=[stored])

    assert [spec.name for spec in read_graph(model_of(graph)).inputs] == ["x"]


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x08\x09", regressor()[:-40]])
def test_what_is_no_graph_is_refused(content: bytes) -> None:
    assert "no ONNX graph" in refusal(content)


def test_operators_of_others_are_refused_wherever_they_are_named() -> None:
    theirs = helper.make_node("Gelu", ["x"], ["y"], domain="com.microsoft")
    opsets = [*OPSETS, helper.make_opsetid("com.microsoft", 1)]

    assert "'com.microsoft'" in refusal(model_of(graph_of([theirs], *ENDS)))
    assert "'com.microsoft'" in refusal(model_of(graph_of([IDENTITY], *ENDS), opsets=opsets))


def test_functions_of_its_own_are_refused() -> None:
    function = helper.make_function("mine", "Twice", ["x"], ["y"], [IDENTITY], OPSETS)

    assert "inliner" in refusal(model_of(graph_of([IDENTITY], *ENDS), functions=[function]))


def external(name: str) -> TensorProto:
    tensor = numpy_helper.from_array(np.ones((2, 2), np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return tensor


def test_weights_in_another_file_are_refused_also_within_an_attribute_and_a_branch() -> None:
    stored = graph_of([IDENTITY], *ENDS, initializer=[external("w")])
    constant = helper.make_node("Constant", [], ["y"], value=external("c"))
    branch = graph_of([constant], [], [floats("y", None, 2)])
    condition = helper.make_node("If", ["go"], ["y"], then_branch=branch, else_branch=branch)
    go = helper.make_tensor_value_info("go", TensorProto.BOOL, [])

    assert "in another file" in refusal(model_of(stored))
    assert "in another file" in refusal(model_of(graph_of([constant], *ENDS)))
    assert "in another file" in refusal(model_of(graph_of([condition], [go], ENDS[1])))


def test_sparse_tensors_are_looked_at_as_well() -> None:
    indices = numpy_helper.from_array(np.array([0], np.int64), "i")
    graph = graph_of([IDENTITY], *ENDS)
    graph.sparse_initializer.append(helper.make_sparse_tensor(external("v"), indices, [4]))

    assert "in another file" in refusal(model_of(graph))


def test_a_loop_is_read_and_one_within_another_is_refused() -> None:
    assert read_graph(endless()).n_nodes == 3
    inner = graph_of(
        [helper.make_node("Loop", ["n", "go"], ["y"], body=graph_of([], [], []))], [], []
    )
    outer = helper.make_node("If", ["go"], ["y"], then_branch=inner, else_branch=inner)

    assert "loop within a loop" in refusal(model_of(graph_of([outer], *ENDS)))


def test_graphs_within_graphs_have_a_bound() -> None:
    graph = graph_of([IDENTITY], [], [])
    for _ in range(onnx_graph.DEEPEST):
        node = helper.make_node("If", ["go"], ["y"], then_branch=graph, else_branch=graph)
        graph = graph_of([node], *ENDS)

    assert "deep" in refusal(model_of(graph))


def test_so_do_operators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_graph, "MOST_NODES", 3)

    assert "more than 3 operators" in refusal(model_of(graph_of([IDENTITY] * 4, *ENDS)))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (helper.make_tensor_value_info("y", TensorProto.FLOAT, None), "no shape"),
        (floats("y", *[1] * 9), "8 dimensions"),
        (helper.make_tensor_value_info("y", TensorProto.COMPLEX64, [1]), "numbers or text"),
        (helper.make_tensor_sequence_value_info("y", TensorProto.FLOAT, [1]), "numbers or text"),
    ],
)
def test_ends_that_no_caller_could_use_are_refused(value: object, said: str) -> None:
    assert said in refusal(model_of(graph_of([IDENTITY], ENDS[0], [value])))


def test_a_graph_without_inputs_is_refused() -> None:
    node = helper.make_node("Constant", [], ["y"], value_floats=[1.0])

    assert "no input" in refusal(model_of(graph_of([node], [], [floats("y", 1)])))


def test_a_map_whose_labels_are_not_named_is_refused() -> None:
    maps = helper.make_sequence_type_proto(
        helper.make_map_type_proto(
            TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, [])
        )
    )
    graph = graph_of([IDENTITY], [texts("x", None)], [helper.make_value_info("y", maps)])

    assert "zipmap" in refusal(model_of(graph))
