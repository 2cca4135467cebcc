"""The README names every setting and every command that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from ml_service.cli.main import commands
from ml_service.settings import NOT_BUILT, Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SETTINGS_TABLE = README.partition("## Settings")[2].partition("\n## ")[0]


def test_the_table_of_settings_is_complete() -> None:
    named = set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS_TABLE, flags=re.MULTILINE))

    assert named == {name.upper() for name in Settings.model_fields}


def test_a_setting_is_either_built_or_not() -> None:
    assert {name.upper() for name in Settings.model_fields}.isdisjoint(NOT_BUILT)


def test_every_command_is_shown() -> None:
    group = typer.main.get_command(commands)
    names: list[str] = sorted(group.commands)  # type: ignore[attr-defined]  # typer returns a group

    missing = [name for name in names if f"python -m ml_service {name}" not in README]
    assert missing == []
