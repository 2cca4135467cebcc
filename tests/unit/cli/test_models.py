from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ml_service.career.taxonomy.label_files import write_label_model
from ml_service.cli.main import commands
from ml_service.domain.errors import (
    InvalidRequest,
    ModelNotFound,
    ModelUnavailable,
    ServiceError,
    WeightsMismatch,
)
from ml_service.hosting.model_files import MANIFEST_FILE, WEIGHTS_FILE
from ml_service.hosting.pointers import CHAMPION_FILE
from ml_service.hosting.shelf import ModelShelf
from tests.unit.career.taxonomy.makers import card_for, fitted_trades

CLASSES = {
    "NURSING": {"n": 12, "precision": 1.0, "recall": 0.9167, "f1": 0.9565},
    "[red]KITCHEN": {"n": 1, "precision": None, "recall": 0.0, "f1": 0.0},
}
METRICS = {"cross_validation": {"n": 1048, "top_1": 0.9123, "classes": CLASSES}}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelShelf:
    monkeypatch.setenv("MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("COLUMNS", "160")
    return ModelShelf(tmp_path / "models")


def add(shelf: ModelShelf, name: str = "trades", *, version: int = 0) -> str:
    fitted = fitted_trades()
    head = replace(fitted.head, prior=fitted.head.prior - version)
    card = replace(
        card_for(),
        model_id=name,
        metrics=METRICS,
        calibration={"weights": [1.0, 0.0], "intercept": 0.0},
    )
    return shelf.add(
        name, lambda folder: write_label_model(folder, replace(fitted, head=head), card)
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["models", *arguments])


def told(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refusal(*arguments: str) -> ServiceError:
    error = run(*arguments).exception
    assert isinstance(error, ServiceError), error
    return error


def test_an_empty_folder_is_told(shelf: ModelShelf) -> None:
    assert "no model in MODELS_DIR" in run("list").output
    assert told("list") == []


def test_models_are_listed_with_a_star_at_the_one_that_answers(shelf: ModelShelf) -> None:
    first, second = add(shelf), add(shelf, version=1)

    lines = {line.split()[1]: line for line in run("list").output.splitlines()[1:]}

    assert "*" in lines[first]
    assert "*" not in lines[second]
    assert lines[first].split()[0] == "trades"
    assert "48 resumes of invented people" in lines[first]
    assert {(row["revision"], row["champion"]) for row in told("list")} == {
        (first, True),
        (second, False),
    }
    assert {row["trained_at"] for row in told("list")} == {"2026-03-01"}


@pytest.mark.parametrize("manifest", ["{", "{}", '{"labels": 7}', "[]"])
def test_a_model_that_cannot_be_read_is_listed_as_such(shelf: ModelShelf, manifest: str) -> None:
    revision = add(shelf)
    (shelf.folder_of("trades", revision) / MANIFEST_FILE).write_text(manifest)

    assert "cannot be read" in run("list").output
    assert told("list")[0]["trained_at"] is None
    assert isinstance(refusal("show", "trades"), ModelUnavailable)
    assert isinstance(refusal("promote", "trades", revision), (ModelUnavailable, WeightsMismatch))


def test_the_card_is_shown_with_figures_and_labels_as_they_are(shelf: ModelShelf) -> None:
    revision = add(shelf)

    shown = run("show", "trades").output

    for said in (
        revision,
        "4, its own",
        "0.912",
        "1,048",
        "[red]KITCHEN",
        "All invented.",
        "Free.",
    ):
        assert said in shown
    assert told("show", "trades") == json.loads(
        json.dumps(
            asdict(
                replace(
                    card_for(),
                    revision=revision,
                    metrics=METRICS,
                    calibration={"weights": [1.0, 0.0], "intercept": 0.0},
                )
            )
        )
    )


def test_a_revision_is_named_by_its_beginning(shelf: ModelShelf) -> None:
    first, second = add(shelf), add(shelf, version=1)

    assert told("show", "trades")["revision"] == first
    assert told("show", "trades", second[:6])["revision"] == second
    assert run("promote", "trades", second[:8]).output == f"trades: revision {second} answers.\n"
    assert shelf.champion("trades")[0] == second


def test_a_beginning_of_several_is_refused_but_not_a_whole_one(
    shelf: ModelShelf, tmp_path: Path
) -> None:
    first = add(shelf)
    home = tmp_path / "models" / "trades"
    longer = f"{first}0a"
    (home / longer).mkdir()
    (home / longer / MANIFEST_FILE).write_text((home / first / MANIFEST_FILE).read_text())

    refused = refusal("show", "trades", first[:5])

    assert isinstance(refused, InvalidRequest)
    assert refused.field == "revision"
    assert told("show", "trades", first)["revision"] == first


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nobody"),
        ("show", "nobody", "abc"),
        ("show", "../trades"),
        ("show", "trades", "ffffff"),
        ("promote", "trades", "ffffff"),
        ("promote", "nobody", "ffffff"),
        ("promote", "trades", "../.."),
    ],
)
def test_what_is_not_there_is_told(shelf: ModelShelf, arguments: tuple[str, ...]) -> None:
    champion = add(shelf)

    assert isinstance(refusal(*arguments), ModelNotFound)
    assert shelf.champion("trades")[0] == champion


def test_where_none_was_promoted_one_can_be(shelf: ModelShelf, tmp_path: Path) -> None:
    revision = add(shelf)
    (tmp_path / "models" / "trades" / CHAMPION_FILE).unlink()

    assert "Promote one" in refusal("show", "trades").message
    assert run("promote", "trades", revision[:6]).exit_code == 0
    assert shelf.champion("trades")[0] == revision


def test_broken_weights_are_not_promoted(shelf: ModelShelf) -> None:
    first, second = add(shelf), add(shelf, version=1)
    (shelf.folder_of("trades", second) / WEIGHTS_FILE).write_bytes(b"broken")

    assert isinstance(refusal("promote", "trades", second), WeightsMismatch)
    assert shelf.champion("trades")[0] == first


def test_a_model_of_another_name_is_not_promoted(shelf: ModelShelf, tmp_path: Path) -> None:
    revision = add(shelf)
    shutil.copytree(tmp_path / "models" / "trades", tmp_path / "models" / "crafts")

    assert isinstance(refusal("promote", "crafts", revision), ModelUnavailable)


def test_a_model_for_another_version_of_the_service_is_not_promoted(shelf: ModelShelf) -> None:
    first, second = add(shelf), add(shelf, version=1)
    manifest = shelf.folder_of("trades", second) / MANIFEST_FILE
    manifest.write_text(manifest.read_text().replace("labels-1", "labels-0"))

    assert isinstance(refusal("promote", "trades", second), WeightsMismatch)
    assert shelf.champion("trades")[0] == first
