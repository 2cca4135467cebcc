"""A BERT encoder of sentence vectors as an ONNX graph, its large matrices in eight bits.

A matrix has a scale for each of its outputs, what is multiplied with it one for each token: no
text's vector depends on the texts beside it, as it would with one scale for a whole batch. Word
vectors have a scale each. All else stays float32.
Operators: https://onnx.ai/onnx/operators and ONNX Runtime's ContribOperators.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[np.float32]]

OPSET, IR_VERSION = 20, 9
_RUNTIME = "com.microsoft"
_MOST = 255
_WEIGHT_MOST = 63
"""Processors without VNNI add two products in sixteen bits: 2 x 255 x 63 still fits."""
_MIDDLE = 128
"""What stands for zero where both signs are as likely."""
_LOW = 16
"""What stands for zero after GELU, which never falls below -0.17."""
_LEAST_GELU = 0.17
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the encoder; ``max_tokens`` bounds the positions that are kept."""

    n_layers: int
    n_heads: int
    max_tokens: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class _Rounded:
    """Names of whole numbers, of each token's scale, and of what stands for zero."""

    whole: str
    scales: str
    zero: str


@dataclass(slots=True)
class _Graph:
    weights: Weights
    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[str, TensorProto] = field(default_factory=dict)

    def constant(self, name: str, values: npt.ArrayLike) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def number(self, name: str, value: float) -> str:
        return self.constant(f"number.{name}", np.array(value, np.float32))

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def add(self, operator: str, inputs: Sequence[str], output: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **settings))
        return output

    def rounded(self, given: str) -> _Rounded:
        """With the scale of each token's largest number."""
        sizes = self.add("Abs", [given], f"{given}.sizes")
        largest = self._largest(sizes)
        one = self.number("one_128th", 1 / (_MOST - _MIDDLE))
        scales = self.add("Mul", [largest, one], f"{given}.scales")
        return self._rounded(given, scales, _MIDDLE)

    def rounded_gelu(self, given: str) -> _Rounded:
        """Most of the range for what is above zero."""
        one = self.number("one_240th", 1 / (_MOST - _LOW))
        largest = self.add("Mul", [self._largest(given), one], f"{given}.for_largest")
        least = self.number("for_least", _LEAST_GELU / _LOW)
        scales = self.add("Max", [largest, least], f"{given}.scales")
        return self._rounded(given, scales, _LOW)

    def linear(self, given: _Rounded, layer: str, weight: npt.NDArray[np.float32]) -> str:
        """``given`` @ ``weight``.T, the weight (outputs, inputs); without a bias."""
        whole, scales = _whole_numbers(weight, _WEIGHT_MOST)
        inputs = [
            given.whole,
            self.constant(f"{layer}.q", whole.T),
            self.number("one", 1),
            self.constant(f"{layer}.scales", scales[:, 0]),
            given.zero,
        ]
        product = self.add("MatMulIntegerToFloat", inputs, f"{layer}.product", domain=_RUNTIME)
        return self.add("Mul", [product, given.scales], f"{layer}.out")

    def normed(self, given: str, layer: str, epsilon: float) -> str:
        inputs = [given, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")]
        return self.add("LayerNormalization", inputs, f"{layer}.out", epsilon=epsilon)

    def _largest(self, given: str) -> str:
        last = self.constant("last_axis", np.array([-1]))
        return self.add("ReduceMax", [given, last], f"{given}.largest")

    def _rounded(self, given: str, scales: str, zero: int) -> _Rounded:
        """Whole is what a cast leaves of a positive number and a half."""
        safe = self.add("Max", [scales, self.number("tiny", _TINY)], f"{given}.safe_scales")
        inverse = self.add("Reciprocal", [safe], f"{given}.inverse")
        spread = self.add("Mul", [given, inverse], f"{given}.spread")
        shift = self.number(f"shift_{zero}", zero + 0.5)
        shifted = self.add("Add", [spread, shift], f"{given}.shifted")
        whole = self.add("Cast", [shifted], f"{given}.q", to=TensorProto.UINT8)
        return _Rounded(whole, safe, self.constant(f"zero_{zero}", np.array(zero, np.uint8)))


def sentence_encoder(weights: Weights, shape: Shape) -> ModelProto:
    """``input_ids`` and ``attention_mask`` (n, tokens) int64 -> ``vectors`` (n, dims) float32.

    The vectors are means over the tokens that the mask keeps, of length 1.
    """
    graph = _Graph(weights)
    states = _embedded(graph, shape)
    mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(shape.n_layers):
        states = _layer(graph, states, mask, f"encoder.layer.{number}", shape)
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


def _embedded(graph: _Graph, shape: Shape) -> str:
    whole, scales = _whole_numbers(graph.weights["embeddings.word_embeddings.weight"], 127)
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


def _layer(graph: _Graph, states: str, mask: str, layer: str, shape: Shape) -> str:
    attended = _attended(graph, states, mask, layer, shape)
    states = _added(graph, graph.rounded(attended), states, f"{layer}.attention.output", shape)
    wide = f"{layer}.intermediate.dense"
    product = graph.linear(graph.rounded(states), wide, graph.weights[f"{wide}.weight"])
    biased = graph.add("Add", [product, graph.weight(f"{wide}.bias")], f"{wide}.biased")
    bent = graph.add("Gelu", [biased], f"{layer}.wide")
    return _added(graph, graph.rounded_gelu(bent), states, f"{layer}.output", shape)


def _attended(graph: _Graph, states: str, mask: str, layer: str, shape: Shape) -> str:
    """Queries, keys and values come from one product."""
    parts = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
    weight = np.concatenate([graph.weights[f"{part}.weight"] for part in parts])
    bias = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    three = graph.linear(graph.rounded(states), f"{layer}.attention.self", weight)
    outputs = [f"{part}.out" for part in parts]
    graph.nodes.append(helper.make_node("Split", [three], outputs, axis=2, num_outputs=3))
    return graph.add(
        "MultiHeadAttention",
        [*outputs, graph.constant(f"{layer}.attention.self.bias", bias), mask],
        f"{layer}.attended",
        domain=_RUNTIME,
        num_heads=shape.n_heads,
    )


def _added(graph: _Graph, given: _Rounded, before: str, output: str, shape: Shape) -> str:
    dense = f"{output}.dense"
    product = graph.linear(given, dense, graph.weights[f"{dense}.weight"])
    biased = graph.add("Add", [product, graph.weight(f"{dense}.bias")], f"{dense}.biased")
    total = graph.add("Add", [biased, before], f"{dense}.total")
    return graph.normed(total, f"{output}.LayerNorm", shape.norm_epsilon)


def _pooled(graph: _Graph, states: str) -> str:
    """The mean over a text's tokens has the direction of their sum: no division is needed."""
    kept = graph.add("Cast", ["attention_mask"], "mask.floats", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [kept, graph.constant("two", np.array([2]))], "mask.column")
    masked = graph.add("Mul", [states, column], "masked")
    total = graph.add(
        "ReduceSum", [masked, graph.constant("one", np.array([1]))], "sum", keepdims=0
    )
    return graph.add("LpNormalization", [total], "vectors", axis=1, p=2)


def _whole_numbers(
    values: npt.NDArray[np.float32], most: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """From -``most`` to ``most``, and the scales of the rows, shape (rows, 1)."""
    scales = np.abs(values).max(axis=-1, keepdims=True) / np.float32(most)
    scales[scales == 0] = 1
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)
