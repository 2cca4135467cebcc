"""Plain ONNX graphs for tests, made here and put on a shelf as an operator would by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from onnx import TensorProto, helper

from ml_service.hosting.model_files import MANIFEST_FILE, Manifest
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.shelf import ModelShelf

ROOTS = "roots"


def shelve_roots(models_dir: Path) -> str:
    """The revision of a graph that takes square roots: below zero there are none, so it says NaN.

    Inputs ``values`` FP32 [-1, 2] and ``names`` BYTES [-1]; outputs ``roots`` FP32, ``halves``
    FP16 (the values themselves) and ``same_names``.
    """
    content = _roots()
    digest = hashlib.sha256(content).hexdigest()
    manifest = onnx_manifest(read_graph(content), {}, model_id=ROOTS, sha256=digest)

    def write(folder: Path) -> Manifest:
        folder.mkdir(parents=True)
        (folder / GRAPH_FILE).write_bytes(content)
        (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
        return manifest

    return ModelShelf(models_dir).add(ROOTS, write)


def _roots() -> bytes:
    nodes = [
        helper.make_node("Sqrt", ["values"], ["roots"]),
        helper.make_node("Cast", ["values"], ["halves"], to=TensorProto.FLOAT16),
        helper.make_node("Identity", ["names"], ["same_names"]),
    ]
    pairs: Sequence[int | str] = ["n", 2]
    graph = helper.make_graph(
        nodes,
        "roots",
        inputs=[
            helper.make_tensor_value_info("values", TensorProto.FLOAT, pairs),
            helper.make_tensor_value_info("names", TensorProto.STRING, ["n"]),
        ],
        outputs=[
            helper.make_tensor_value_info("roots", TensorProto.FLOAT, pairs),
            helper.make_tensor_value_info("halves", TensorProto.FLOAT16, pairs),
            helper.make_tensor_value_info("same_names", TensorProto.STRING, ["n"]),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    return bytes(model.SerializeToString())
