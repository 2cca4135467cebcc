"""What is refused before a model is loaded; runs with one are in tests/integration."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ml_service.cli.bulk import WORKER_MEMORY_BYTES, n_workers_within
from ml_service.cli.main import commands
from ml_service.domain.errors import InvalidRequest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "resumes"
    made.mkdir()
    (made / "a.pdf").write_bytes(b"%PDF")
    return made


def run(folder: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(commands, ["bulk", str(folder), "--out", str(out), *options])


def refusal(result: Result) -> InvalidRequest:
    assert isinstance(result.exception, InvalidRequest), result.output
    return result.exception


def test_a_table_of_somebody_else_is_left_alone(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.csv"
    out.write_text("mine")

    assert refusal(run(folder, out)).field == "out"
    assert out.read_text() == "mine"
    assert not (tmp_path / "r.csv.journal").exists()


def test_a_folder_without_resumes_is_told(folder: Path, tmp_path: Path) -> None:
    (folder / "a.pdf").rename(folder / "a.txt")

    assert "no PDF or DOCX" in refusal(run(folder, tmp_path / "r.csv")).message
    assert [file.name for file in tmp_path.iterdir()] == ["resumes"]


@pytest.mark.parametrize("name", ["r.xlsx", "missing/r.csv"])
def test_results_that_cannot_be_written_are_refused_at_once(
    folder: Path, tmp_path: Path, name: str
) -> None:
    assert refusal(run(folder, tmp_path / name)).field == "out"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_000_001])
def test_a_job_description_that_is_no_text_is_refused(
    folder: Path, tmp_path: Path, content: bytes
) -> None:
    advert = tmp_path / "advert.txt"
    advert.write_bytes(content)

    refused = refusal(run(folder, tmp_path / "r.csv", "--job-description", str(advert)))

    assert refused.field == "job_description"


def test_no_more_workers_than_memory_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    free = 3 * WORKER_MEMORY_BYTES
    assert n_workers_within(free, asked=2) == 2
    assert capsys.readouterr().err == ""
    assert n_workers_within(free, asked=8) == 3
    assert "3 of 8 workers" in capsys.readouterr().err


@pytest.mark.parametrize(("free", "workers"), [(0, 1), (None, 8)])
def test_there_is_always_one_worker(free: int | None, workers: int) -> None:
    assert n_workers_within(free, asked=8) == workers


def test_help_says_what_is_not_done() -> None:
    said = CliRunner().invoke(commands, ["bulk", "--help"]).output
    assert "Nothing is recorded in the history" in " ".join(said.split())
