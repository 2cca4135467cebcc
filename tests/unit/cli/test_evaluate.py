from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ml_service.cli.main import commands


@pytest.mark.parametrize("given", [[], ["DATA", "--labels", "LABELS"], ["--documents", "DATA"]])
def test_either_data_or_labels_with_documents(tmp_path: Path, given: list[str]) -> None:
    places = {"DATA": tmp_path / "data", "LABELS": tmp_path / "labels.csv"}
    places["DATA"].mkdir()
    places["LABELS"].touch()

    done = CliRunner().invoke(
        commands, ["evaluate", *(str(places.get(word, word)) for word in given)]
    )

    assert done.exit_code == 2
    assert "either DATA, or --labels and --documents" in " ".join(done.output.split())
