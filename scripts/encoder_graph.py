"""A BERT encoder of sentence vectors as an ONNX graph, its large matrices in eight bits.

Blocks of ``BLOCK`` weights share a scale (``MatMulNBits``), and what is multiplied with them is
rounded in blocks of the same row: no text's vector depends on the texts beside it, as it would
with one scale for a whole batch. Word vectors have a scale each. All else stays float32.
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

BLOCK = 32
OPSET, IR_VERSION = 20, 9
_RUNTIME = "com.microsoft"
_INT8_ACTIVATIONS = 4
_MIDDLE = 128
"""What ``MatMulNBits`` takes for zero where no zero points are given."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the encoder; ``max_tokens`` bounds the positions that are kept."""

    n_layers: int
    n_heads: int
    max_tokens: int
    norm_epsilon: float


@dataclass(slots=True)
class _Graph:
    weights: Weights
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def add(self, operator: str, inputs: Sequence[str], output: str, **settings: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [output], **settings))
        return output

    def linear(self, given: str, layer: str) -> str:
        """``given`` @ weight.T + bias, the weight (outputs, inputs) in blocks of eight bits."""
        weight = self.weights[f"{layer}.weight"]
        n_outputs, n_inputs = weight.shape
        blocks = weight.reshape(n_outputs, n_inputs // BLOCK, BLOCK)
        whole, scales = _in_eight_bits(blocks)
        inputs = [
            given,
            self.constant(f"{layer}.weight.q", (whole.astype(np.int16) + _MIDDLE).astype(np.uint8)),
            self.constant(f"{layer}.weight.scales", scales[..., 0]),
            "",
            "",
            self.weight(f"{layer}.bias"),
        ]
        return self.add(
            "MatMulNBits",
            inputs,
            f"{layer}.out",
            domain=_RUNTIME,
            K=n_inputs,
            N=n_outputs,
            bits=8,
            block_size=BLOCK,
            accuracy_level=_INT8_ACTIVATIONS,
        )

    def residual(self, given: str, before: str, layer: str, epsilon: float) -> str:
        inputs = [given, before, self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")]
        return self.add(
            "SkipLayerNormalization", inputs, f"{layer}.out", domain=_RUNTIME, epsilon=epsilon
        )


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
        graph.constants,
    )
    operators = [helper.make_opsetid("", OPSET), helper.make_opsetid(_RUNTIME, 1)]
    return helper.make_model(made, opset_imports=operators, ir_version=IR_VERSION)


def _embedded(graph: _Graph, shape: Shape) -> str:
    whole, scales = _in_eight_bits(graph.weights["embeddings.word_embeddings.weight"])
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
    norm = "embeddings.LayerNorm"
    return graph.add(
        "LayerNormalization",
        [placed, graph.weight(f"{norm}.weight"), graph.weight(f"{norm}.bias")],
        f"{norm}.out",
        epsilon=shape.norm_epsilon,
    )


def _layer(graph: _Graph, states: str, mask: str, layer: str, shape: Shape) -> str:
    parts = [
        graph.linear(states, f"{layer}.attention.self.{part}") for part in ("query", "key", "value")
    ]
    attended = graph.add(
        "MultiHeadAttention",
        [*parts, "", mask],
        f"{layer}.attended",
        domain=_RUNTIME,
        num_heads=shape.n_heads,
    )
    output = f"{layer}.attention.output"
    states = graph.residual(
        graph.linear(attended, f"{output}.dense"), states, f"{output}.LayerNorm", shape.norm_epsilon
    )
    wide = graph.add("Gelu", [graph.linear(states, f"{layer}.intermediate.dense")], f"{layer}.wide")
    return graph.residual(
        graph.linear(wide, f"{layer}.output.dense"),
        states,
        f"{layer}.output.LayerNorm",
        shape.norm_epsilon,
    )


def _pooled(graph: _Graph, states: str) -> str:
    """The mean over a text's tokens has the direction of their sum: no division is needed."""
    kept = graph.add("Cast", ["attention_mask"], "mask.floats", to=TensorProto.FLOAT)
    column = graph.add("Unsqueeze", [kept, graph.constant("two", np.array([2]))], "mask.column")
    masked = graph.add("Mul", [states, column], "masked")
    total = graph.add(
        "ReduceSum", [masked, graph.constant("one", np.array([1]))], "sum", keepdims=0
    )
    return graph.add("LpNormalization", [total], "vectors", axis=1, p=2)


def _in_eight_bits(
    values: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Whole numbers from -127 to 127 and the scales of the last axis, which keep an axis of 1."""
    scales = np.abs(values).max(axis=-1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)
