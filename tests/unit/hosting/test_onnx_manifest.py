from __future__ import annotations

from typing import Any

import pytest

from ml_service.domain.errors import ModelRefused
from ml_service.domain.tensors import TensorSpec
from ml_service.hosting.onnx_graph import GraphFacts, read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.row_schema import row_schema
from tests.onnx_graphs import classifier, echo, regressor

SHA256 = "0123456789ab" + "0" * 52


def made(content: bytes | GraphFacts, **stated: Any) -> dict[str, Any]:
    facts = content if isinstance(content, GraphFacts) else read_graph(content)
    return onnx_manifest(facts, stated, model_id="m", sha256=SHA256)


def facts(*, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> GraphFacts:
    return GraphFacts(inputs, outputs, (), frozenset(), 1)


def test_what_is_not_said_follows_from_the_graph() -> None:
    manifest = made(classifier())

    assert manifest["revision"] == "0123456789ab"
    assert manifest["answers"] == {"label": "label", "probabilities": "shares", "value": None}
    assert manifest["labels"] == ["no", "yes"]
    assert [told["name"] for told in manifest["features"]] == ["x_0", "x_1"]
    assert made(regressor())["answers"]["value"] == "sum"
    assert [told["type"] for told in made(echo())["features"]] == ["text", "number"]


def test_it_may_be_sent_again_as_it_is_kept() -> None:
    kept = made(classifier(), labels=["stays", "goes"], example=[1, 2])

    assert made(classifier(), **kept) == kept
    assert (kept["labels"], kept["classes"]) == (["stays", "goes"], ["no", "yes"])


def test_features_get_the_names_that_are_said() -> None:
    told = [{"name": "a-b", "type": "number"}, {"name": "c", "type": "integer"}]

    schema = row_schema(made(classifier(), features=told))

    assert schema is not None
    assert [(feature.name, feature.type) for feature in schema.features] == [
        ("a-b", "number"),
        ("c", "integer"),
    ]


def test_tensors_of_other_shapes_are_no_rows() -> None:
    image = facts(
        inputs=(TensorSpec("pixels", "FP32", (-1, 3, 8, 8)),),
        outputs=(TensorSpec("y", "FP32", (-1, 2)),),
    )

    assert row_schema(made(image)) is None


def test_numbers_for_labels_are_named_by_their_places() -> None:
    numbered = facts(
        inputs=(TensorSpec("x", "FP32", (-1, 2)),),
        outputs=(TensorSpec("class", "INT64", (-1,)), TensorSpec("p", "FP32", (-1, 3))),
    )

    assert made(numbered)["labels"] == ["0", "1", "2"]
    assert made(numbered, labels=["a", "b", "c"])["labels"] == ["a", "b", "c"]


FEATURE = {"name": "a", "type": "number"}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"colour": 1}, "'colour'"),
        ({"title": 7}, "'title'"),
        ({"title": "two\nlines"}, "'title'"),
        ({"labels": ["a", "a"]}, "'labels'"),
        ({"labels": ["a", "b", "c"]}, "3 labels"),
        ({"features": [FEATURE]}, "1 features"),
        ({"features": [FEATURE, FEATURE]}, "alike"),
        ({"features": [FEATURE, {"name": "b", "type": "number"}] * 2}, "alike"),
        ({"features": [FEATURE, {"name": "b", "type": "text"}]}, "FP32"),
        ({"features": [FEATURE, {"name": "b", "type": "colour"}]}, "'features'"),
        ({"features": [FEATURE, {"name": "b", "type": "number", "unit": "m"}]}, "'features'"),
        ({"features": 7}, "'features'"),
        ({"answers": {"label": "shares"}}, "can be the label"),
        ({"answers": {"value": "nowhere"}}, "'nowhere'"),
        ({"answers": {"colour": "label"}}, "'answers'"),
        ({"metrics": {"n": 1}}, "'metrics'"),
        ({"about": {"limits": 7}}, "'about'"),
        ({"kind": "career"}, "'kind'"),
        ({"weights_sha256": "1" * 64}, "'weights_sha256'"),
        ({"revision": "1" * 12}, "'revision'"),
        ({"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 3]}]}, "'inputs'"),
        ({"outputs": []}, "'outputs'"),
    ],
)
def test_what_does_not_fit_the_graph_is_refused(stated: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        made(classifier(), **stated)

    assert said in refused.value.message


def test_an_optional_number_needs_an_input_that_can_hold_nothing() -> None:
    whole = facts(
        inputs=(TensorSpec("x", "INT64", (-1, 1)),), outputs=(TensorSpec("y", "FP32", (-1,)),)
    )

    with pytest.raises(ModelRefused, match="an optional integer"):
        made(whole, features=[{"name": "x", "type": "integer", "optional": True}])
