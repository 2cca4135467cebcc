from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ml_service.cli.main import commands
from ml_service.domain.api_keys import find_key, read_api_keys


def test_a_new_key_is_printed_with_the_entry_that_lets_it_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(
        commands, ["keys", "new", "website", "--scope", "read", "--scope", "write"]
    )

    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    found = find_key(read_api_keys(lines["entry:"]), lines["key:"])
    assert done.exit_code == 0
    assert found is not None
    assert found.name == "website"
    assert found.scopes == {"read", "write"}
    assert list(tmp_path.iterdir()) == []


def test_without_a_scope_a_key_may_read_alone() -> None:
    done = CliRunner().invoke(commands, ["keys", "new", "reports"])

    assert "entry: reports:read:" in done.stdout


@pytest.mark.parametrize("wrong", [["two words"], ["web", "--scope", "root"]])
def test_what_no_entry_can_say_is_refused(wrong: list[str]) -> None:
    done = CliRunner().invoke(commands, ["keys", "new", *wrong])

    assert done.exit_code == 1
    assert "refused" in done.stderr
    assert done.stdout == ""
