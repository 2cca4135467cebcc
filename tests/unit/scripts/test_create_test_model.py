"""The models of the script are what the service takes, and their figures mean what they say."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import create_test_model
import pytest
from tabular_rows import Row, Wish, choose_columns, invented_rows, read_rows

from ml_service.hosting.offers import read_offer
from ml_service.hosting.onnx_graph import read_graph
from ml_service.hosting.onnx_manifest import onnx_manifest
from ml_service.hosting.row_schema import row_schema
from ml_service.hosting.rows import predictions_of, tensors_of
from ml_service.inference.engines.plain_onnx import HostedOnnxModel
from ml_service.inference.graph_trial import try_graph


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["create_test_model.py", *arguments])
    create_test_model.main()


def written(rows: list[dict[str, str]], file: Path) -> Path:
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def manifest_of(file: Path) -> dict[str, Any]:
    with ZipFile(file) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        return manifest


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["forest", "boosted"])
def test_invented_claims_make_models_that_the_service_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    run(monkeypatch, "--out", str(tmp_path))
    offer = read_offer(
        (tmp_path / f"claims-{kind}.zip").read_bytes(), manifest=None, max_bytes=10**8
    )
    (tmp_path / "model.onnx").write_bytes(offer.content)

    manifest = try_graph(tmp_path, offer.stated, model_id="claims")

    model = HostedOnnxModel(tmp_path)
    assert model.rows is not None
    (inputs,) = tensors_of(model.rows, [manifest["example"]], field="input_data")
    (told,) = predictions_of(model.rows, model.run(inputs), n_rows=1)
    assert told.label in {"settle", "investigate"}
    assert told.probabilities is not None
    figures = manifest["metrics"]["held_out"]
    assert figures["n"] == 500
    assert figures["roc_auc"] > 0.65
    assert "invented" in manifest["trained_on"]


@pytest.mark.slow
def test_a_column_of_numbers_makes_regressors_and_lacking_cells_are_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [dict(row) for row in invented_rows(300, seed=1)]
    for row in rows[::7]:
        row["months_as_customer"] = ""
    file = written(rows, tmp_path / "claims.csv")
    run(monkeypatch, "--csv", str(file), "--target", "policy_deductable", "--out", str(tmp_path),
        "--name", "low")  # fmt: skip
    run(monkeypatch, "--csv", str(file), "--target", "total_claim_amount", "--out", str(tmp_path),
        "--name", "amount")  # fmt: skip

    told = manifest_of(tmp_path / "amount-forest.zip")
    assert "labels" not in told
    assert {"r2", "mean_absolute_error_of_the_median"} <= set(told["metrics"]["held_out"])
    optional = {feature["name"] for feature in told["features"] if feature["optional"]}
    assert optional == {"months_as_customer"}
    assert manifest_of(tmp_path / "low-forest.zip")["labels"] == ["1000", "2000", "500"]
    with ZipFile(tmp_path / "amount-boosted.zip") as archive:
        facts = read_graph(archive.read("model.onnx"))
    schema = row_schema(onnx_manifest(facts, told, model_id="m", sha256="0" * 64))
    assert schema is not None
    assert schema.answers.value is not None


def rows_of(**columns: list[str]) -> list[Row]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def test_columns_that_give_the_answer_away_or_say_who_somebody_is_are_left_out() -> None:
    n = 40
    rows = rows_of(
        total_claim_amount=[str(at % 9) for at in range(n)],
        vehicle_claim=[str(at % 9) for at in range(n)],
        fraud_reported=["Y", "N"] * (n // 2),
        policy_number=[str(at) for at in range(n)],
        place=[f"{at} Street" for at in range(n)],
        insured_sex=["F", "M"] * (n // 2),
        incident_date=["01-02-15", "02-02-15"] * (n // 2),
        nothing=[""] * n,
        premium=[f"{at}.5" for at in range(n)],
        witnesses=[str(at % 4) for at in range(n)],
        unwanted=[str(at % 4) for at in range(n)],
    )

    wish = Wish("total_claim_amount", leave_out=frozenset({"unwanted"}))
    columns = choose_columns(rows, wish)

    assert [column.name for column in columns.kept] == ["premium", "witnesses"]
    assert columns.left_out == {
        "vehicle_claim": "is known only with the answer",
        "fraud_reported": "is known only with the answer",
        "policy_number": "names single rows",
        "place": "names single rows",
        "insured_sex": "says who somebody is",
        "incident_date": "is a date",
        "nothing": "is empty",
        "unwanted": "was to be left out",
    }
    kept = choose_columns(rows, Wish("witnesses", keep=frozenset({"policy_number"})))
    assert "policy_number" in {column.name for column in kept.kept}


def test_rows_of_another_length_than_the_heading_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "torn.csv"
    file.write_text("a,b\n1,2\n3\n", encoding="utf-8")

    with pytest.raises(SystemExit, match=r"torn\.csv"):
        read_rows(file)


def test_a_target_that_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="nowhere"):
        run(monkeypatch, "--target", "nowhere", "--out", str(tmp_path))
