"""What of the folder of models is kept in the repository is what ships, nothing set at run time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.model_shelves import MODELS

PROJECT = MODELS.parents[1]


def test_nothing_that_was_set_at_run_time_is_kept() -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("not a checkout: what is kept in the repository cannot be told")
    listed = subprocess.run(
        ["git", "ls-files", "data/models/occupations"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    champion = (MODELS / "occupations" / "champion").read_text(encoding="ascii").strip()

    kept = {Path(name).relative_to("data/models/occupations").parts[0] for name in listed}

    assert kept == {"champion", champion}
