"""What is refused before an engine is loaded; whole runs are in tests/integration."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from ml_service.cli.intent_views import trained_intents_view
from ml_service.cli.main import commands
from ml_service.cli.model_views import trained_view
from ml_service.domain.errors import InvalidRequest
from ml_service.use_cases.trained_intents import TrainedIntents
from ml_service.use_cases.trained_model import TrainedModel
from tests.unit.career.taxonomy.makers import card_for

GOOD = ("Ward nurse,Nurse", "Theatre nurse,Nurse", "Grill cook,Cook", "Pastry cook,Cook")


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


def train(data: Path, name: str = "trades", *options: str) -> Result:
    return CliRunner().invoke(commands, ["train", str(data), "--name", name, *options])


def table(folder: Path, *rows: str, columns: str = "text,label") -> Path:
    file = folder / "resumes.csv"
    file.write_text("\n".join((columns, *rows)) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        ("text,label", ["Grill cook,Cook", "Pastry cook,Cook"], "two labels or more"),
        ("text,label", ["Grill cook,Cook", "Ward nurse,Nurse"], "Too few examples"),
        ("text,label", [*GOOD, "Bus driver,Driver"], "Too few examples of 'Driver'"),
        ("text,label", [*GOOD, " ,Nurse"], "empty text"),
        ("text,label", [*GOOD, "Pilot,"], "without a label"),
        ("text,label", [], "no rows"),
        ("cv,job", GOOD, "the columns text and label are needed"),
        ("file,label", ["nowhere.pdf,Cook", *GOOD], "Line 2: nowhere.pdf"),
    ],
)
def test_bad_data_is_refused_with_what_is_wrong(
    models: Path, tmp_path: Path, columns: str, rows: list[str], said: str
) -> None:
    refused = train(table(tmp_path, *rows, columns=columns)).exception

    assert isinstance(refused, InvalidRequest)
    assert said in refused.message
    assert refused.field == "data"
    assert not models.exists()


def test_intents_need_ten_texts_under_each_label(models: Path, tmp_path: Path) -> None:
    refused = train(table(tmp_path, *GOOD), "wishes", "--task", "intents").exception

    assert isinstance(refused, InvalidRequest)
    assert "each label needs 10 different texts" in refused.message
    assert not models.exists()


def test_intents_are_not_learned_from_documents(models: Path, tmp_path: Path) -> None:
    for label in ("Cook", "Nurse"):
        (tmp_path / "people" / label).mkdir(parents=True)
        for n in range(10):
            (tmp_path / "people" / label / f"{n}.docx").write_bytes(f"{label} {n}".encode())
    refused = train(tmp_path / "people", "wishes", "--task", "intents").exception

    assert isinstance(refused, InvalidRequest)
    assert "is a document. Intents are learned from short texts" in refused.message
    assert not models.exists()


def test_what_was_confused_is_a_table_and_what_to_do_next_is_said() -> None:
    counts = (("Nurse", "Nurse", 9), ("Cook", "Cook", 7), ("Cook", "Nurse", 2))
    card = replace(card_for(("Cook", "Nurse")), model_id="wishes")
    trained = TrainedIntents(card=card, promoted=False, confusions=counts)
    printed = io.StringIO()

    Console(width=160, file=printed).print(trained_intents_view(trained))
    lines = printed.getvalue().splitlines()

    assert [line.split() for line in lines if line.startswith(" 1 Cook")] == [
        ["1", "Cook", "7", "2"]
    ]
    assert f"models promote wishes {trained.card.revision}" in printed.getvalue()


def test_a_folder_that_is_not_there_is_refused(models: Path, tmp_path: Path) -> None:
    refused = train(tmp_path / "nowhere").exception

    assert isinstance(refused, InvalidRequest)
    assert "nowhere" in refused.message


@pytest.mark.parametrize("name", ["Trades", "../trades", "a b", ""])
def test_a_bad_name_is_refused_before_the_data_is_read(
    models: Path, tmp_path: Path, name: str
) -> None:
    refused = train(tmp_path / "nowhere", name).exception

    assert isinstance(refused, InvalidRequest)
    assert refused.field == "name"


def test_a_name_is_needed(tmp_path: Path) -> None:
    refused = CliRunner().invoke(commands, ["train", str(table(tmp_path, *GOOD))])

    assert refused.exit_code == 2
    assert "--name" in refused.output


def trained(*, promoted: bool) -> TrainedModel:
    classes = {"[bold]C++": {"n": 6, "precision": None, "recall": 0.5, "f1": 0.25}}
    metrics = {"cross_validation": {"n": 48, "top_1": 0.9, "classes": classes}}
    about = {"data": ("48 resumes.", "Left out: 1,200 x corrupt.")}
    card = replace(card_for(), metrics=metrics, about=about)
    return TrainedModel(card, promoted, left_out={"corrupt": 1_200}, unlike={})


@pytest.mark.parametrize(
    ("promoted", "said"),
    [
        (True, "answers as trades: an upload with model=trades, or predict --model trades."),
        (False, "models promote trades 0a1b2c3d4e5f"),
    ],
)
def test_the_end_says_how_good_it_is_and_what_to_do_next(promoted: bool, said: str) -> None:
    console = Console(width=160, file=io.StringIO(), record=True)

    console.print(trained_view(trained(promoted=promoted)))

    shown = console.export_text()
    for part in ("top_1", "0.900", "[bold]C++", "0.250", "Left out: 1,200 x corrupt.", said):
        assert part in shown
