"""What a caller's pyright sees in strict mode, with the client installed beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pytest

import backend_client
from tests.needed_parts import cannot_run

PACKAGE = Path(backend_client.__file__).parent
CALLER = (Path(__file__).parent / "typed_caller.py").read_text(encoding="utf-8")
NAMES = ", ".join(backend_client.__all__)
EVERY_NAME = (
    f"\nfrom backend_client import ({NAMES})\n\nEVERY_NAME: tuple[object, ...] = ({NAMES})\n"
)
STRICT = {
    "include": ["caller.py"],
    "typeCheckingMode": "strict",
    # A call that must be refused says so in the caller; one that is not refused is an error then.
    "reportUnnecessaryTypeIgnoreComment": "error",
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment in which the client is installed; its own needs come from this one."""
    if shutil.which("node") is None:
        cannot_run("Node is not installed, so pyright does not run")
    environment = tmp_path_factory.mktemp("caller") / "venv"
    venv.create(environment, with_pip=False)
    (packages,) = (environment / "lib").glob("python*/site-packages")
    shutil.copytree(PACKAGE, packages / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    (packages / "needs.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return environment / "bin" / "python"


def errors_of(caller: str, python: Path, folder: Path) -> list[dict[str, Any]]:
    (folder / "caller.py").write_text(caller, encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(json.dumps(STRICT), encoding="utf-8")
    options = ["--outputjson", "-p", str(folder), "--pythonpath", str(python)]
    done = subprocess.run(
        [sys.executable, "-m", "pyright", *options],
        # Else it asks a registry whether there is a newer one.
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    said = json.loads(done.stdout)
    assert said["summary"]["filesAnalyzed"] == 1
    found: list[dict[str, Any]] = said["generalDiagnostics"]
    return found


def test_a_caller_of_every_name_and_the_main_methods_is_clean(python: Path, tmp_path: Path) -> None:
    assert errors_of(CALLER + EVERY_NAME, python, tmp_path) == []


def test_wrong_calls_are_found(python: Path, tmp_path: Path) -> None:
    """As the last function of the caller makes them, without its word that they are known."""
    wrong = [number for number, line in enumerate(CALLER.splitlines()) if "# type: ignore" in line]
    bare = "\n".join(line.partition("  # type: ignore")[0] for line in CALLER.splitlines())

    found = errors_of(bare, python, tmp_path)

    assert len(wrong) >= 4
    assert [error["range"]["start"]["line"] for error in found] == wrong


def test_a_name_that_is_not_exported_is_found(python: Path, tmp_path: Path) -> None:
    (error,) = errors_of("from backend_client import Sender\n\nprint(Sender)\n", python, tmp_path)[
        :1
    ]

    assert error["rule"] == "reportAttributeAccessIssue"
