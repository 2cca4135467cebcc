"""Small graphs for tests: what people send, and what they had better not send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

OPSETS = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
LABELS = ("no", "yes")


def model_of(graph: GraphProto, *, opsets: Sequence[Any] = OPSETS, **more: Any) -> bytes:
    model: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=9, **more)
    content: bytes = model.SerializeToString()
    return content


def graph_of(
    nodes: Sequence[NodeProto], inputs: Sequence[Any], outputs: Sequence[Any], **more: Any
) -> GraphProto:
    graph: GraphProto = helper.make_graph(nodes, "graph", inputs, outputs, **more)
    return graph


def floats(name: str, *shape: int | str | None) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def texts(name: str, *shape: int | str | None) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.STRING, shape)


def classifier(weight: float = 1.0) -> bytes:
    """Two numbers ``x``; ``yes`` the likelier, the larger their sum times ``weight``."""
    node = helper.make_node(
        "LinearClassifier",
        ["x"],
        ["label", "shares"],
        domain="ai.onnx.ml",
        classlabels_strings=list(LABELS),
        coefficients=[-weight, -weight, weight, weight],
        intercepts=[0.0, 0.0],
        post_transform="SOFTMAX",
    )
    graph = graph_of(
        [node], [floats("x", None, 2)], [texts("label", None), floats("shares", None, 2)]
    )
    return model_of(graph)


def regressor(*, rows: int | None = None) -> bytes:
    """The sum of two numbers ``x``; ``rows`` is how many it takes at once, None for any."""
    weights = numpy_helper.from_array(np.ones((2, 1), np.float32), "weights")
    node = helper.make_node("MatMul", ["x", "weights"], ["sum"])
    graph = graph_of(
        [node], [floats("x", rows, 2)], [floats("sum", rows, 1)], initializer=[weights]
    )
    return model_of(graph)


def echo() -> bytes:
    """A text ``said`` and a number ``n`` given back; no label, no value of rows."""
    nodes = [
        helper.make_node("Identity", ["said"], ["said_again"]),
        helper.make_node("Identity", ["n"], ["n_again"]),
    ]
    graph = graph_of(
        nodes,
        [texts("said", None), floats("n", None)],
        [texts("said_again", None), floats("n_again", None)],
    )
    return model_of(graph)


def endless() -> bytes:
    """A loop that no input ends."""
    body = graph_of(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Sin", ["v"], ["v_out"]),
        ],
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            floats("v", None, 1),
        ],
        [helper.make_tensor_value_info("go_on", TensorProto.BOOL, []), floats("v_out", None, 1)],
    )
    nodes = [helper.make_node("Loop", ["most", "yes", "x"], ["y"], body=body)]
    constants = [
        numpy_helper.from_array(np.array(2**62, np.int64), "most"),
        numpy_helper.from_array(np.array(True), "yes"),
    ]
    graph = graph_of(nodes, [floats("x", None, 1)], [floats("y", None, 1)], initializer=constants)
    return model_of(graph)


def greedy() -> bytes:
    """Wants 40 GB when its constants are folded, or when it runs."""
    length = numpy_helper.from_array(np.array([10_000_000_000], np.int64), "length")
    one = helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0])
    nodes = [
        helper.make_node("ConstantOfShape", ["length"], ["huge"], value=one),
        helper.make_node("ReduceSum", ["huge"], ["total"], keepdims=1),
        helper.make_node("Add", ["x", "total"], ["y"]),
    ]
    graph = graph_of(nodes, [floats("x", None, 1)], [floats("y", None, 1)], initializer=[length])
    return model_of(graph)


def zipped(members: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_manifest(graph: bytes, **stated: Any) -> bytes:
    return zipped({"manifest.json": json.dumps(stated).encode(), "model.onnx": graph})
