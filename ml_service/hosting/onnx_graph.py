"""An ONNX graph as it was sent: looked through before a runtime may load it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ml_service.domain.errors import ModelRefused
from ml_service.domain.tensors import Datatype, TensorSpec
from ml_service.hosting.onnx_schema import read_model

STANDARD_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
MOST_NODES = 20_000
MOST_TENSORS = 20_000
MOST_ATTRIBUTES = 100_000
DEEPEST = 4
"""Of graphs within graphs, as If, Loop and Scan hold them."""
MOST_ENDS = 1_000
"""Inputs or outputs of the whole."""
MOST_DIMENSIONS = 8
_EXTERNAL = 1
_OLDEST_IR = 3

_DATATYPES: dict[int, Datatype] = {
    1: "FP32",
    2: "UINT8",
    3: "INT8",
    4: "UINT16",
    5: "INT16",
    6: "INT32",
    7: "INT64",
    8: "BYTES",
    9: "BOOL",
    10: "FP16",
    11: "FP64",
    12: "UINT32",
    13: "UINT64",
}
_STRING, _FLOATS = 8, {1, 11}


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a graph says of itself. ``labels`` are the classes that its last classifier names, in
    the order of its probabilities; empty where there is none.

    ``zipped`` names the outputs that come as one map from label to probability a row, as scikit-
    learn's exporter makes them by default; here they count as a matrix of one column a label.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    labels: tuple[str, ...]
    zipped: frozenset[str]
    n_nodes: int
    has_trees: bool = False


def read_graph(content: bytes) -> GraphFacts:
    """Raises ModelRefused, and says what to do, where this service would not run it."""
    model = _parsed(content)
    for opset in model.opset_import:
        _refuse_domain(opset.domain)
    if model.functions or model.training_info:
        raise ModelRefused(
            "The graph defines functions or training of its own. Inline its functions "
            "(onnx.inliner.inline_local_functions) and export it for inference."
        )
    count = _Count()
    for graph, depth in _graphs(model.graph, 1):
        _refuse_graph(graph, depth, count)
    return _facts(model.graph, n_nodes=count.nodes)


def _parsed(content: bytes) -> Any:
    try:
        model = read_model(content)
    except ValueError as error:
        raise ModelRefused("This is no ONNX graph, or not the whole of one.") from error
    if model.ir_version < _OLDEST_IR or not model.graph.node:
        raise ModelRefused("This is no ONNX graph: it names no version, or holds no operator.")
    return model


@dataclass(slots=True)
class _Count:
    """Of the whole, checked before the parts are walked through. Raises ModelRefused."""

    nodes: int = 0
    attributes: int = 0
    tensors: int = 0

    def add(self, *, nodes: int = 0, attributes: int = 0, tensors: int = 0) -> None:
        self.nodes += nodes
        self.attributes += attributes
        self.tensors += tensors
        if self.nodes > MOST_NODES or self.tensors > MOST_TENSORS:
            raise ModelRefused(
                f"The graph has more than {MOST_NODES:,} operators or {MOST_TENSORS:,} tensors."
            )
        if self.attributes > MOST_ATTRIBUTES:
            raise ModelRefused(f"The graph has more than {MOST_ATTRIBUTES:,} attributes.")


def _graphs(graph: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """The graph and all within it. Raises ModelRefused where they are nested too deep."""
    if depth > DEEPEST:
        raise ModelRefused(f"The graph nests conditions or loops more than {DEEPEST} deep.")
    yield graph, depth
    for node in graph.node:
        for attribute in node.attribute:
            inner = [*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])]
            for below in inner:
                yield from _graphs(below, depth + 1)


def _refuse_graph(graph: Any, depth: int, count: _Count) -> None:
    count.add(nodes=len(graph.node))
    count.add(tensors=len(graph.initializer) + len(graph.sparse_initializer))
    for node in graph.node:
        count.add(attributes=len(node.attribute))
        _refuse_domain(node.domain)
        if node.op_type in {"Loop", "Scan"} and depth > 1:
            raise ModelRefused("The graph holds a loop within a loop or a condition. Unroll it.")
    for tensor in _tensors(graph, count):
        if tensor.data_location == _EXTERNAL or tensor.external_data:
            raise ModelRefused(
                "The graph keeps weights in another file. Save it in one: "
                "onnx.save(model, path, save_as_external_data=False)."
            )


def _refuse_domain(domain: str) -> None:
    if domain not in STANDARD_DOMAINS:
        raise ModelRefused(
            f"The graph uses operators of the domain {domain[:64]!r}. Only those of the ONNX "
            "standard (ai.onnx, ai.onnx.ml) are run: export it without custom operators."
        )


def _tensors(graph: Any, count: _Count) -> Iterator[Any]:
    yield from graph.initializer
    sparse = list(graph.sparse_initializer)
    for node in graph.node:
        for attribute in node.attribute:
            count.add(tensors=len(attribute.tensors) + len(attribute.sparse_tensors))
            yield from attribute.tensors
            sparse.extend(attribute.sparse_tensors)
            if attribute.HasField("t"):
                yield attribute.t
            if attribute.HasField("sparse_tensor"):
                sparse.append(attribute.sparse_tensor)
    for tensor in sparse:
        yield tensor.values
        yield tensor.indices


def _facts(graph: Any, *, n_nodes: int) -> GraphFacts:
    stored = {tensor.name for tensor in graph.initializer}
    n_ends = max(len(graph.input) - len(stored), len(graph.output))
    # Until version 3 of the format, stored tensors were listed among the inputs as well.
    inputs = [value for value in graph.input if value.name not in stored]
    if not inputs or not graph.output or n_ends > MOST_ENDS:
        raise ModelRefused(f"The graph has no input or output, or more than {MOST_ENDS:,}.")
    labels = _labels(graph.node)
    zipped = frozenset(value.name for value in graph.output if _is_zipped(value.type))
    if zipped and not labels:
        raise ModelRefused(
            "The graph answers with maps whose labels it does not name. Export it with "
            'options={"zipmap": False}.'
        )
    return GraphFacts(
        inputs=tuple(_spec(value) for value in inputs),
        outputs=tuple(
            TensorSpec(value.name, "FP32", (-1, len(labels)))
            if value.name in zipped
            else _spec(value)
            for value in graph.output
        ),
        labels=labels,
        zipped=zipped,
        n_nodes=n_nodes,
        has_trees=any(node.op_type.startswith("TreeEnsemble") for node in graph.node),
    )


def _is_zipped(kind: Any) -> bool:
    inner = kind.sequence_type.elem_type
    return inner.HasField("map_type") and (
        inner.map_type.value_type.tensor_type.elem_type in _FLOATS
    )


def _spec(value: Any) -> TensorSpec:
    kind = value.type.tensor_type
    datatype = _DATATYPES.get(kind.elem_type)
    if not value.type.HasField("tensor_type") or datatype is None:
        raise ModelRefused(
            f"{value.name[:64]!r} is no tensor of numbers or text. Export the model so that its "
            "inputs and outputs are plain tensors."
        )
    if not kind.HasField("shape") or len(kind.shape.dim) > MOST_DIMENSIONS:
        raise ModelRefused(
            f"{value.name[:64]!r} states no shape, or one of more than {MOST_DIMENSIONS} "
            "dimensions. State it when exporting."
        )
    shape = tuple(_length(dimension) for dimension in kind.shape.dim)
    return TensorSpec(value.name, datatype, shape)


def _length(dimension: Any) -> int:
    return int(dimension.dim_value) if dimension.dim_value > 0 else -1


def _labels(nodes: Sequence[Any]) -> tuple[str, ...]:
    """Later operators win: exporters end with the one that names what callers see."""
    found: tuple[str, ...] = ()
    for node in nodes:
        for attribute in node.attribute:
            if attribute.name.startswith("classlabels_") and (attribute.strings or attribute.ints):
                texts = [label.decode("utf-8", "replace") for label in attribute.strings]
                found = tuple(texts or [str(label) for label in attribute.ints])
    return found
