from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from ml_service.domain.errors import InvalidRequest, ModelUnavailable
from ml_service.domain.tensors import TensorSpec
from ml_service.hosting import rows
from ml_service.hosting.row_schema import Answers, Feature, RowSchema, derived_features
from ml_service.hosting.rows import RowPrediction, predictions_of, tensors_of

INPUTS = (
    TensorSpec("measured", "FP32", (-1, 2)),
    TensorSpec("count", "INT32", (-1,)),
    TensorSpec("kind", "BYTES", (-1, 1)),
    TensorSpec("new", "BOOL", (-1, 1)),
)
FEATURES = (
    Feature("height", "number"),
    Feature("weight/kg", "number", optional=True),
    Feature("count", "integer"),
    Feature("kind", "text", values=("car", "van")),
    Feature("new", "flag"),
)
LABELS = ("settle", "investigate")
SCHEMA = RowSchema(INPUTS, FEATURES, Answers("label", "shares", None), LABELS, ("N", "Y"))
ROW: dict[str, Any] = {"height": 1.5, "weight/kg": 2, "count": 3, "kind": "van", "new": True}


def refusal(said: object, schema: RowSchema = SCHEMA) -> tuple[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        tensors_of(schema, said, field="input_data")
    return refused.value.field, refused.value.message


def test_rows_fill_the_columns_of_the_inputs_in_order() -> None:
    (tensors,) = tensors_of(SCHEMA, [ROW, list(ROW.values())], field="input_data")

    assert tensors["measured"].tolist() == [[1.5, 2.0]] * 2
    assert tensors["measured"].dtype == np.float32
    assert tensors["count"].tolist() == [3, 3]
    assert tensors["count"].dtype == np.int32
    assert tensors["kind"].tolist() == [[b"van"]] * 2
    assert tensors["new"].tolist() == [[True]] * 2
    assert tensors["new"].dtype == np.bool_


@pytest.mark.parametrize("row", [ROW, list(ROW.values())])
def test_one_row_may_come_without_a_list_around_it(row: object) -> None:
    (tensors,) = tensors_of(SCHEMA, row, field="input_data")

    assert len(tensors["count"]) == 1


def test_an_optional_number_may_be_missing_and_no_other() -> None:
    (tensors,) = tensors_of(SCHEMA, ROW | {"weight/kg": None}, field="input_data")

    assert math.isnan(tensors["measured"][0, 1])
    assert refusal([ROW, ROW | {"height": None}]) == (
        "input_data/1/height",
        "height: this is missing.",
    )


@pytest.mark.parametrize(
    ("change", "pointer", "said"),
    [
        ({"height": "1.5"}, "height", "a number"),
        ({"height": True}, "height", "a number"),
        ({"height": math.nan}, "height", "finite"),
        ({"height": -math.inf}, "height", "finite"),
        ({"height": 1e39}, "height", "too large"),
        ({"height": 10**400}, "height", "too large"),
        ({"weight/kg": "x"}, "weight~1kg", "a number"),
        ({"count": 1.5}, "count", "whole"),
        ({"count": 2**31}, "count", "2147483647"),
        ({"kind": 7}, "kind", "text"),
        ({"kind": "ship"}, "kind", "car, van"),
        ({"new": 1}, "new", "true or false"),
        ({"colour": "red"}, "colour", "no field"),
    ],
)
def test_what_does_not_fit_is_named_with_row_and_field(
    change: dict[str, Any], pointer: str, said: str
) -> None:
    where, message = refusal([ROW, ROW | change])

    assert where == f"input_data/1/{pointer}"
    assert said in message


@pytest.mark.parametrize("said", [None, 7, "x", [], [ROW, 7], [ROW, "x"], [1, 2], [[1, 2]]])
def test_other_shapes_are_refused(said: object) -> None:
    assert refusal(said)[0].startswith("input_data")


def test_a_request_has_so_many_rows_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)

    assert "More than 2 rows" in refusal([ROW] * 3)[1]


def test_a_graph_for_one_row_gets_them_one_by_one() -> None:
    inputs = (TensorSpec("x", "FP32", (1, 2)),)
    schema = RowSchema(inputs, derived_features(inputs), Answers(value="y"), (), ())

    batches = tensors_of(schema, [[1, 2], [3, 4]], field="data")

    assert [batch["x"].tolist() for batch in batches] == [[[1, 2]], [[3, 4]]]


def outputs(shares: list[list[float]], labels: list[bytes]) -> dict[str, Any]:
    return {"label": np.array(labels, dtype=object), "shares": np.array(shares, dtype=np.float32)}


def test_a_classifier_gives_label_probabilities_and_the_probability_of_the_label() -> None:
    first, second = predictions_of(
        SCHEMA, outputs([[0.25, 0.75], [0.5, 0.5]], [b"Y", b"N"]), n_rows=2
    )

    assert first == RowPrediction("investigate", 0.75, {"settle": 0.25, "investigate": 0.75})
    assert (second.label, second.confidence) == ("settle", 0.5)


@pytest.mark.parametrize("shares", [[2.0, -1.0], [0.5, 0.6], [0.0, 0.0]])
def test_numbers_that_are_no_probabilities_are_no_confidence(shares: list[float]) -> None:
    (told,) = predictions_of(SCHEMA, outputs([shares], [b"Y"]), n_rows=1)

    assert told == RowPrediction("investigate")


def test_without_a_label_the_likeliest_is_it() -> None:
    schema = RowSchema(INPUTS, FEATURES, Answers(probabilities="shares"), LABELS, LABELS)

    (told,) = predictions_of(schema, outputs([[0.25, 0.75]], [b""]), n_rows=1)

    assert (told.label, told.confidence) == ("investigate", 0.75)


def test_a_regressor_gives_a_value_or_several_and_no_confidence() -> None:
    schema = RowSchema(INPUTS, FEATURES, Answers(value="y"), (), ())
    one = predictions_of(schema, {"y": np.array([[1.5], [2.5]], np.float32)}, n_rows=2)
    several = predictions_of(schema, {"y": np.array([[1.5, 2.5]], np.float32)}, n_rows=1)

    assert one == [RowPrediction(value=1.5), RowPrediction(value=2.5)]
    assert several == [RowPrediction(value=(1.5, 2.5))]


def test_a_model_that_leaves_rows_or_labels_out_is_not_believed() -> None:
    schema = RowSchema(INPUTS, FEATURES, Answers(value="y"), (), ())

    with pytest.raises(ModelUnavailable, match="each row"):
        predictions_of(schema, {"y": np.array([1.0], np.float32)}, n_rows=2)
    with pytest.raises(ModelUnavailable, match="not finite"):
        predictions_of(schema, {"y": np.array([math.inf], np.float32)}, n_rows=1)
    with pytest.raises(ModelUnavailable, match="another number"):
        predictions_of(SCHEMA, outputs([[0.2, 0.3, 0.5]], [b"Y"]), n_rows=1)


@pytest.mark.parametrize("share", [math.nan, math.inf])
def test_probabilities_that_are_not_finite_are_no_answer(share: float) -> None:
    said = outputs([[0.25, 0.75], [share, 0.5]], [b"Y", b"N"])

    with pytest.raises(ModelUnavailable, match="not finite"):
        predictions_of(SCHEMA, said, n_rows=2)
