"""The README names every setting and every command that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from ml_service.cli.main import commands
from ml_service.settings import NOT_BUILT, Settings

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
SETTINGS_TABLE = README.partition("## Settings")[2].partition("\n## ")[0]


def test_the_table_of_settings_is_complete() -> None:
    named = set(re.findall(r"^\| `([A-Z0-9_]+)`", SETTINGS_TABLE, flags=re.MULTILINE))

    assert named == {name.upper() for name in Settings.model_fields}


def test_a_setting_is_either_built_or_not() -> None:
    assert {name.upper() for name in Settings.model_fields}.isdisjoint(NOT_BUILT)


def test_every_command_is_shown() -> None:
    group = typer.main.get_command(commands)
    names: list[str] = sorted(group.commands)  # type: ignore[attr-defined]  # typer returns a group

    missing = [name for name in names if f"python -m ml_service {name}" not in README]
    assert missing == []


def test_every_resume_that_it_names_is_in_the_clone() -> None:
    named = set(re.findall(r"[\w/.-]+\.(?:pdf|docx)\b", README))

    assert len(named) >= 2
    assert [name for name in sorted(named) if not (PROJECT / name).is_file()] == []


def test_what_a_newcomer_must_know_stands_before_it_is_needed() -> None:
    assert README.index("applicant tracking system") < README.index("ATS")
    assert README.index("390 MB") < README.index("scripts/start")
    assert README.index("pip install .") < README.index("import ResumeClient")
    assert README.index(". .venv/bin/activate\n") < README.index("\npython -m ml_service")
