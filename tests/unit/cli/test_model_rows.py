from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ml_service.cli.graph_views import answers_view, graph_view
from ml_service.cli.model_rows import example_row, rows_of_file
from ml_service.contract.rows import row_out
from ml_service.domain.errors import InvalidRequest
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.rows import RowPrediction
from tests.onnx_graphs import classifier

FEATURES: list[dict[str, Any]] = [
    {"name": "height", "type": "number"},
    {"name": "count", "type": "integer"},
    {"name": "kind", "type": "text", "values": ["car", "van"]},
    {"name": "new", "type": "flag"},
]


def shown(view: Any) -> str:
    console = Console(width=120, record=True)
    console.print(view)
    return console.export_text()


def test_cells_of_a_csv_are_read_as_the_features_want_them(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("kind,height,count,new,other\nvan,1.5,3,yes,x\ncar,tall,,maybe,y\n", "utf-8")

    assert rows_of_file(file, FEATURES) == [
        {"kind": "van", "height": 1.5, "count": 3, "new": True},
        {"kind": "car", "height": "tall", "count": None, "new": "maybe"},
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", '[{"x": 1}]'), ("a.json", '{"x": 1}'), ("a.jsonl", '{"x": 1}\n\n')],
)
def test_json_comes_in_three_forms(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert rows_of_file(tmp_path / name, FEATURES) == [{"x": 1}]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text("{", encoding="utf-8")

    with pytest.raises(InvalidRequest, match=r"rows\.json"):
        rows_of_file(tmp_path / "rows.json", FEATURES)


def test_an_example_is_the_models_own_or_made_of_its_features() -> None:
    card = {"kind": "onnx", "features": FEATURES, "example": None}

    assert example_row(card) == {"height": 0, "count": 0, "kind": "car", "new": False}
    assert example_row(card | {"example": [1, 2]}) == [1, 2]
    assert "nurse" in example_row({"kind": "career"})["text"]


def test_answers_are_a_table() -> None:
    rows = [
        row_out(RowPrediction("yes", 0.75, {"no": 0.25, "yes": 0.75})),
        row_out(RowPrediction(value=12.5)),
    ]

    first, second = shown(answers_view([row.model_dump() for row in rows])).splitlines()[1:]

    assert first.split() == ["1", "yes", "0.750", "yes", "0.750,", "no", "0.250"]
    assert second.split() == ["2", "12.5", "-"]


def test_a_graph_is_shown_with_what_it_takes_and_its_figures() -> None:
    stated: dict[str, Any] = {"metrics": {"held_out": {"n": 9, "accuracy": 0.5}}}
    manifest = onnx_manifest(read_graph(classifier()), stated, model_id="m", sha256="0" * 64)

    text = shown(graph_view(json.loads(json.dumps(manifest))))

    for said in ("x_0", "number", "no, yes", "accuracy", "0.500"):
        assert said in text
