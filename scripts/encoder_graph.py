"""A BERT encoder of sentence vectors as an ONNX graph, its large matrices in eight bits.

A matrix has a scale for each of its outputs, what is multiplied with it one fixed scale
(``encoder_rounding.py``): no text's vector depends on the texts beside it. Word vectors have a
scale each. All else stays float32.
Operators: https://onnx.ai/onnx/operators and ONNX Runtime's ContribOperators.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from encoder_rounding import RoundedMatrix
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]
Rounding = Mapping[str, RoundedMatrix]
"""By the names of ``layer_matrices``."""

OPSET, IR_VERSION = 20, 9
_RUNTIME = "com.microsoft"
_WORD_MOST = 127


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the encoder; ``max_tokens`` bounds the positions that are kept."""

    n_layers: int
    n_heads: int
    max_tokens: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class LayerMatrices:
    """Names of what a layer multiplies with, in turn."""

    asked: str
    """Queries, keys and values, one beneath the other."""
    attended: str
    widened: str
    narrowed: str


def layer_matrices(number: int) -> LayerMatrices:
    layer = f"encoder.layer.{number}"
    return LayerMatrices(
        asked=f"{layer}.attention.self",
        attended=f"{layer}.attention.output.dense",
        widened=f"{layer}.intermediate.dense",
        narrowed=f"{layer}.output.dense",
    )


@dataclass(slots=True)
class _Graph:
    weights: Weights
    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[str, TensorProto] = field(default_factory=dict)

    def constant(self, name: str, values: npt.ArrayLike) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def add(self, operator: str, inputs: Sequence[str], output: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **settings))
        return output

    def linear(self, given: str, name: str, matrix: RoundedMatrix) -> str:
        if matrix.multipliers is not None:
            multipliers = self.constant(f"{name}.multipliers", matrix.multipliers)
            given = self.add("Mul", [given, multipliers], f"{name}.multiplied")
        scale = self.constant(f"{name}.scale", np.array(matrix.scale, np.float32))
        zero = self.constant(f"{name}.zero", np.array(matrix.zero, np.uint8))
        inputs = [
            self.add("QuantizeLinear", [given, scale, zero], f"{name}.rounded"),
            self.constant(f"{name}.q", matrix.whole.T),
            scale,
            self.constant(f"{name}.scales", matrix.scales),
            zero,
            "",
            self.constant(f"{name}.bias", matrix.bias),
        ]
        return self.add("MatMulIntegerToFloat", inputs, f"{name}.out", domain=_RUNTIME)

    def normed(self, given: str, layer: str, epsilon: float) -> str:
        inputs = [given, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")]
        return self.add("LayerNormalization", inputs, f"{layer}.out", epsilon=epsilon)


def sentence_encoder(weights: Weights, shape: Shape, rounding: Rounding) -> ModelProto:
    """``input_ids`` and ``attention_mask`` (n, tokens) int64 -> ``vectors`` (n, dims) float32.

    The vectors are means over the tokens that the mask keeps, of length 1.
    """
    graph = _Graph(weights)
    states = _embedded(graph, shape)
    mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(shape.n_layers):
        states = _layer(graph, states, mask, number, shape, rounding)
    _pooled(graph, states)
    n_dims = len(weights["embeddings.LayerNorm.bias"])
    made = helper.make_graph(
        graph.nodes,
        "sentence_encoder",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", n_dims])],
        list(graph.constants.values()),
    )
    operators = [helper.make_opsetid("", OPSET), helper.make_opsetid(_RUNTIME, 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=IR_VERSION)


def rounding_in(graph: ModelProto, n_layers: int) -> Rounding:
    """What a graph of ``sentence_encoder`` multiplies with."""
    held = {one.name: numpy_helper.to_array(one) for one in graph.graph.initializer}
    return {
        name: RoundedMatrix(
            whole=held[f"{name}.q"].T,
            scales=held[f"{name}.scales"],
            bias=held[f"{name}.bias"],
            scale=held[f"{name}.scale"].item(),
            zero=held[f"{name}.zero"].item(),
            multipliers=held.get(f"{name}.multipliers"),
        )
        for number in range(n_layers)
        for name in astuple(layer_matrices(number))
    }


def _embedded(graph: _Graph, shape: Shape) -> str:
    whole, scales = _whole_words(graph.weights["embeddings.word_embeddings.weight"])
    rows = graph.add("Gather", [graph.constant("words.q", whole), "input_ids"], "words.rows")
    floats = graph.add("Cast", [rows], "words.floats", to=TensorProto.FLOAT)
    spread = graph.add("Gather", [graph.constant("words.scales", scales), "input_ids"], "spread")
    words = graph.add("Mul", [floats, spread], "words")
    # One sequence a text: every token is of the first type.
    places = (
        graph.weights["embeddings.position_embeddings.weight"][: shape.max_tokens]
        + graph.weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero = graph.constant("zero", np.array([0], np.int64))
    n_tokens = graph.add("Shape", ["input_ids"], "n_tokens", start=1, end=2)
    inputs = [graph.constant("places.all", places), zero, n_tokens, zero]
    placed = graph.add("Add", [words, graph.add("Slice", inputs, "places")], "placed")
    return graph.normed(placed, "embeddings.LayerNorm", shape.norm_epsilon)


def _layer(
    graph: _Graph, states: str, mask: str, number: int, shape: Shape, rounding: Rounding
) -> str:
    names = layer_matrices(number)
    asked = graph.linear(states, names.asked, rounding[names.asked])
    attended = _attended(graph, asked, mask, names.asked, shape)
    product = graph.linear(attended, names.attended, rounding[names.attended])
    states = _added(graph, product, states, names.attended, shape)
    wide = graph.linear(states, names.widened, rounding[names.widened])
    bent = graph.add("Gelu", [wide], f"{names.widened}.bent")
    product = graph.linear(bent, names.narrowed, rounding[names.narrowed])
    return _added(graph, product, states, names.narrowed, shape)


def _attended(graph: _Graph, asked: str, mask: str, name: str, shape: Shape) -> str:
    outputs = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [asked], outputs, axis=2, num_outputs=3))
    return graph.add(
        "MultiHeadAttention",
        [*outputs, "", mask],
        f"{name}.attended",
        domain=_RUNTIME,
        num_heads=shape.n_heads,
    )


def _added(graph: _Graph, product: str, before: str, name: str, shape: Shape) -> str:
    total = graph.add("Add", [product, before], f"{name}.total")
    return graph.normed(total, f"{name.removesuffix('dense')}LayerNorm", shape.norm_epsilon)


def _pooled(graph: _Graph, states: str) -> str:
    """The mean over a text's tokens has the direction of their sum: no division is needed."""
    kept = graph.add("Cast", ["attention_mask"], "mask.floats", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [kept, graph.constant("two", np.array([2]))], "mask.column")
    masked = graph.add("Mul", [states, column], "masked")
    total = graph.add(
        "ReduceSum", [masked, graph.constant("one", np.array([1]))], "sum", keepdims=0
    )
    return graph.add("LpNormalization", [total], "vectors", axis=1, p=2)


def _whole_words(
    words: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """From -127 to 127, and the scale of each word, shape (words, 1)."""
    scales = np.abs(words).max(axis=-1, keepdims=True) / np.float32(_WORD_MOST)
    scales[scales == 0] = 1
    return np.rint(words / scales).astype(np.int8), scales.astype(np.float32)
