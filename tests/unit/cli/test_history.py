from __future__ import annotations

import asyncio
import csv
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ml_service.cli.main import commands
from ml_service.contract.prediction import PredictionOut
from ml_service.domain.errors import InvalidRequest, StorageUnavailable
from ml_service.domain.prediction import Annotations, Prediction
from tests.unit.cli.conftest import save
from tests.unit.storage.examples import LINES, a_prediction, tagged


def export(folder: Path, name: str, *options: str) -> Result:
    arguments = ["history", "export", "--out", str(folder / name), *options]
    return CliRunner().invoke(commands, arguments, env={"DATA_DIR": str(folder / "data")})


@pytest.fixture
def made(tmp_path: Path) -> list[Prediction]:
    """Newest first."""
    noted = Annotations(notes="=HYPERLINK(1)", feedback="wrong", corrected_soc_code="29-1141.00")
    made = [
        replace(a_prediction(minutes=0, user_id="ann"), annotations=noted),
        tagged(a_prediction(minutes=30, user_id="ben"), "b", "a"),
        a_prediction(minutes=60, user_id="ann"),
    ]
    asyncio.run(save(made, tmp_path / "data"))
    return made[::-1]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_json_lines_hold_the_fields_of_the_contract(tmp_path: Path, made: list[Prediction]) -> None:
    done = export(tmp_path, "h.jsonl")

    assert done.exit_code == 0, done.output
    documents = list(map(json.loads, (tmp_path / "h.jsonl").read_bytes().splitlines()))
    assert [PredictionOut.model_validate(document).prediction_id for document in documents] == [
        prediction.prediction_id for prediction in made
    ]
    assert all("lines" not in document for document in documents)
    assert stat.S_IMODE((tmp_path / "h.jsonl").stat().st_mode) == 0o600


def test_csv_is_safe_to_open_and_leaves_contact_out(tmp_path: Path, made: list[Prediction]) -> None:
    export(tmp_path, "h.csv")

    rows = rows_of(tmp_path / "h.csv")
    assert [row["prediction_id"] for row in rows] == [str(p.prediction_id) for p in made]
    assert rows[1]["tags"] == "b; a"
    assert rows[2]["notes"] == "'=HYPERLINK(1)"
    assert "ada@example.com" not in (tmp_path / "h.csv").read_text(encoding="utf-8")


def test_the_text_comes_along_when_it_is_asked_for(tmp_path: Path, made: list[Prediction]) -> None:
    export(tmp_path, "h.jsonl", "--with-text")
    export(tmp_path, "h.csv", "--with-text")

    first = json.loads((tmp_path / "h.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert [line["text"] for line in first["lines"]] == [line.text for line in LINES]
    assert rows_of(tmp_path / "h.csv")[0]["text"] == " ".join(line.text for line in LINES)


@pytest.mark.parametrize(
    ("options", "places"),
    [
        (["--user", "ann"], [0, 2]),
        (["--tag", "a"], [1]),
        (["--created-after", "2026-03-01T12:30:00Z"], [0, 1]),
        (["--created-before", "2026-03-01T13:30:00+01:00"], [2]),
        (["--created-after", "2026-03-02"], []),
        (["--career-path", "Cooks"], []),
        (["--soc-code", "15-1252.00", "--model", "occupations"], [0, 1, 2]),
    ],
)
def test_only_what_is_asked_for(
    tmp_path: Path, made: list[Prediction], options: list[str], places: list[int]
) -> None:
    done = export(tmp_path, "h.csv", *options)

    assert done.exit_code == 0, done.output
    ids = [row["prediction_id"] for row in rows_of(tmp_path / "h.csv")]
    assert ids == [str(made[place].prediction_id) for place in places]


def test_without_a_database_there_is_no_file(tmp_path: Path) -> None:
    failed = export(tmp_path, "h.csv")

    assert isinstance(failed.exception, StorageUnavailable)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_ending_is_refused(tmp_path: Path, made: list[Prediction]) -> None:
    assert isinstance(export(tmp_path, "h.xls").exception, InvalidRequest)
