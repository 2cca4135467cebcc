from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from ml_service.domain.errors import InvalidRequest, ModelUnavailable, WeightsMismatch
from ml_service.domain.run_limit import RunLimit
from ml_service.domain.tensors import TensorFunction, TensorSpec
from ml_service.hosting.model_files import write_manifest
from ml_service.hosting.offers import GRAPH_FILE
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.row_schema import RowModel
from ml_service.inference.engines.plain_onnx import HostedOnnxModel
from tests.onnx_graphs import classifier, echo, endless, floats, graph_of, model_of, regressor

Host = Callable[..., HostedOnnxModel]


@pytest.fixture
def host(tmp_path: Path) -> Host:
    def hosted(content: bytes, *, longest_run_s: float = 10.0, **stated: Any) -> HostedOnnxModel:
        digest = sha256(content).hexdigest()
        (tmp_path / GRAPH_FILE).write_bytes(content)
        manifest = onnx_manifest(read_graph(content), stated, model_id="m", sha256=digest)
        write_manifest(tmp_path, manifest)
        return HostedOnnxModel(tmp_path, longest_run_s=longest_run_s)

    return hosted


def single(operator: str, *inputs: Any, output: Any, **attributes: Any) -> bytes:
    node = helper.make_node(operator, [spec.name for spec in inputs], ["y"], **attributes)
    return model_of(graph_of([node], list(inputs), [output]))


def test_it_is_a_function_over_tensors_and_takes_rows(host: Host) -> None:
    model = host(classifier())

    assert isinstance(model, TensorFunction)
    assert isinstance(model, RowModel)
    assert (model.ref.model_id, len(model.ref.revision)) == ("m", 12)
    assert model.inputs == (TensorSpec("x", "FP32", (-1, 2)),)
    assert model.memory_bytes > 0
    model.answer_canary()


def test_all_outputs_are_given_text_as_bytes(host: Host) -> None:
    given = host(classifier()).run({"x": np.array([[1, 1], [-1, -1]], np.float32)})

    assert given["label"].tolist() == [b"yes", b"no"]
    assert given["shares"].sum(axis=1) == pytest.approx([1.0, 1.0])


def test_text_comes_back_as_it_was_sent(host: Host) -> None:
    said = np.array(["größer".encode(), b""], dtype=object)

    given = host(echo()).run({"said": said, "n": np.zeros(2, np.float32)})

    assert given["said_again"].tolist() == said.tolist()


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "x"),
        ({"x": np.zeros((1, 2), np.float32), "z": np.zeros(1, np.float32)}, "z"),
        ({"x": np.zeros((1, 3), np.float32)}, "x"),
        ({"x": np.zeros(2, np.float32)}, "x"),
        ({"x": np.zeros((1, 2), np.float64)}, "x"),
    ],
)
def test_an_input_that_does_not_fit_is_named(
    host: Host, inputs: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        host(classifier()).run(inputs)

    assert refused.value.field == field
    assert f"nput '{field}'" in refused.value.message


def test_text_that_is_no_utf8_is_refused(host: Host) -> None:
    said = np.array([b"\xff"], dtype=object)

    with pytest.raises(InvalidRequest, match=r"Input 'said' .*UTF-8"):
        host(echo()).run({"said": said, "n": np.zeros(1, np.float32)})


def test_many_threads_may_run_it(host: Host) -> None:
    model = host(regressor())

    def total(n: int) -> float:
        (row,) = model.run({"x": np.array([[n, n]], np.float32)})["sum"].tolist()
        return float(row[0])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(total, range(200))) == [2.0 * n for n in range(200)]


def test_a_loop_without_an_end_is_ended(host: Host) -> None:
    with pytest.raises(ModelUnavailable, match=r"longer than 0\.2 s"):
        host(endless(), longest_run_s=0.2).answer_canary()


def test_a_run_that_nobody_waits_for_is_ended(host: Host) -> None:
    model = host(endless())
    x = {"x": np.zeros((1, 1), np.float32)}
    before, meanwhile = RunLimit(60.0), RunLimit(60.0)
    before.end()
    Timer(0.2, meanwhile.end).start()

    for limit in (before, meanwhile):
        with pytest.raises(ModelUnavailable, match="Nobody waits"):
            model.run(x, limit=limit)


def test_a_graph_that_fails_says_nothing_of_its_inside(host: Host) -> None:
    shape = helper.make_tensor_value_info("shape", TensorProto.INT64, [None])
    content = single("Reshape", floats("x", None), shape, output=floats("y", None))
    model = host(content)

    with pytest.raises(ModelUnavailable) as failed:
        model.run({"x": np.zeros(3, np.float32), "shape": np.array([7], np.int64)})

    assert failed.value.message == "The model failed on this input."


def test_a_canary_has_to_get_finite_numbers_of_the_stated_shape(host: Host) -> None:
    infinite = single("Reciprocal", floats("x", None, 1), output=floats("y", None, 1))
    wide = single("Tile", floats("x", None, 1), _int64s("repeats", 2), output=floats("y", None, 7))

    with pytest.raises(ModelUnavailable, match="state an 'example'"):
        host(infinite).answer_canary()
    host(infinite, example=[2.0]).answer_canary()
    with pytest.raises(ModelUnavailable, match="example does not fit"):
        host(infinite, example=["x"]).answer_canary()
    with pytest.raises(ModelUnavailable):
        host(wide).answer_canary()


def _int64s(name: str, length: int) -> Any:
    return helper.make_tensor_value_info(name, TensorProto.INT64, [length])


def test_labels_have_to_be_as_many_as_probabilities(host: Host) -> None:
    shares = single("Identity", floats("x", None, 3), output=floats("y", None, None))

    with pytest.raises(ModelUnavailable, match="another number of probabilities"):
        host(shares, labels=["a", "b"], answers={"probabilities": "y"}).answer_canary()


def test_an_operator_that_there_is_not_is_told_when_loading(host: Host) -> None:
    with pytest.raises(ModelUnavailable, match=r"ONNX Runtime \d"):
        host(single("Nothing", floats("x", None, 1), output=floats("y", None, 1)))


def test_other_bytes_than_the_manifest_names_are_not_loaded(host: Host, tmp_path: Path) -> None:
    host(regressor())
    (tmp_path / GRAPH_FILE).write_bytes(classifier())

    with pytest.raises(WeightsMismatch):
        HostedOnnxModel(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"features": [{"name": "a", "type": "number"}]},
        {"features": [7]},
        {"features": None},
        {"answers": {"value": "nowhere"}},
        {"answers": {"label": ["x"]}},
        {"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 1]}] * 2},
        {"revision": None, "model_id": None, "labels": None},
    ],
)
def test_a_manifest_that_was_changed_by_hand_is_refused(
    host: Host, tmp_path: Path, change: dict[str, Any]
) -> None:
    host(regressor())
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(tmp_path, manifest | change)

    with pytest.raises(ModelUnavailable, match="manifest"):
        HostedOnnxModel(tmp_path)
