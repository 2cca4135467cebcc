from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ml_service.cli.main import commands


@pytest.mark.parametrize("user_id", ["a\nb", "ada\n", "a\tb", " ", "x" * 129])
def test_a_user_that_no_address_can_name_is_refused(tmp_path: Path, user_id: str) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"never read")

    refused = CliRunner().invoke(commands, ["predict", str(file), "--user", user_id])

    assert refused.exit_code == 2
    assert "one line" in refused.output


def test_a_model_can_be_named() -> None:
    said = CliRunner().invoke(commands, ["predict", "--help"]).output

    assert "--model" in said
