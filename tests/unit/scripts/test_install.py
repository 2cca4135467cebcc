"""``scripts/install.py`` in a project of its own, with a wheel that is made here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Scripts of ours, one pinned package, and nothing else."""
    folder = tmp_path / "a project"
    shutil.copytree(PROJECT / "scripts", folder / "scripts")
    pin(folder, "1.0")
    return folder


def pin(folder: Path, version: str) -> None:
    wheel = folder / f"tiny_package-{version}-py3-none-any.whl"
    metadata = f"tiny_package-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny_package.py", f"version = {version!r}\n")
        archive.writestr(
            f"{metadata}/METADATA",
            f"Metadata-Version: 2.1\nName: tiny-package\nVersion: {version}\n",
        )
        archive.writestr(
            f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{metadata}/RECORD", "")
    (folder / "requirements.txt").write_text(f"tiny-package=={version}\n", encoding="utf-8")


def install(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "."}
    return subprocess.run(
        [sys.executable, str(folder / "scripts" / "install.py"), "requirements.txt"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def installed_version(folder: Path) -> str:
    question = "import tiny_package; print(tiny_package.version)"
    python = folder / ".venv" / "bin" / "python"
    return subprocess.check_output([python, "-c", question], text=True).strip()


def test_pins_are_installed_once_and_again_when_they_change(project: Path) -> None:
    assert install(project).returncode == 0
    assert installed_version(project) == "1.0"
    second = install(project)
    assert (second.returncode, second.stdout) == (0, "")
    pin(project, "2.0")
    assert "Installing requirements.txt" in install(project).stdout
    assert installed_version(project) == "2.0"


def test_what_a_file_includes_is_installed_with_it(project: Path) -> None:
    (project / "requirements.txt").rename(project / "requirements-light.txt")
    (project / "requirements.txt").write_text("-r requirements-light.txt\n", encoding="utf-8")

    assert install(project).returncode == 0

    assert installed_version(project) == "1.0"
    assert started_without_python(project) == "No module named ml_service"
    assert started_without_python(project, "--full") == "No module named ml_service"
    pin(project, "2.0")
    (project / "requirements.txt").rename(project / "requirements-light.txt")
    (project / "requirements.txt").write_text("-r requirements-light.txt\n", encoding="utf-8")
    assert "Installing requirements.txt" in install(project).stdout
    assert installed_version(project) == "2.0"


def started_without_python(project: Path, *arguments: str) -> str:
    """What ends ``scripts/start`` where no Python is on the path: that of ``.venv`` is called
    straight away, and has no service here.
    """
    commands = project / "commands"
    commands.mkdir(exist_ok=True)
    for name in ("sh", "dirname", "cat", "cmp"):
        found = shutil.which(name)
        assert found is not None
        if not (commands / name).exists():
            (commands / name).symlink_to(found)
    done = subprocess.run(
        ["/bin/sh", str(project / "scripts" / "start"), *arguments],
        env={"PATH": str(commands)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.rpartition(": ")[2].strip()


def test_failed_install_is_taken_up_again(project: Path) -> None:
    wanted = (project / "requirements.txt").read_text(encoding="utf-8")
    (project / "requirements.txt").write_text("no-such-package==1.0\n", encoding="utf-8")
    failed = install(project)
    assert failed.returncode == 1
    assert "Start again" in failed.stderr
    (project / "requirements.txt").write_text(wanted, encoding="utf-8")
    assert install(project).returncode == 0
    assert installed_version(project) == "1.0"


def test_broken_environment_is_made_anew(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").write_text("half written", encoding="utf-8")
    assert install(project).returncode == 0
    assert installed_version(project) == "1.0"


def start_with_pythons(project: Path, tmp_path: Path, answers: str) -> str:
    """What ``scripts/start`` says where every Python on the path behaves like ``answers``."""
    pythons = tmp_path / "bin"
    pythons.mkdir()
    for name in ("sh", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (pythons / name).symlink_to(found)
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        (pythons / name).write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
        (pythons / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(project / "scripts" / "start")],
        env={"PATH": str(pythons)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert not (project / ".venv").exists()
    return done.stderr


def test_old_python_is_named_and_the_needed_one_too(project: Path, tmp_path: Path) -> None:
    old = 'case "$1" in --version) echo "Python 3.8.10";; *) exit 1;; esac'
    message = start_with_pythons(project, tmp_path, old)
    assert "Python 3.11 or newer is needed; found here: Python 3.8.10." in message


def test_missing_venv_module_says_what_to_install(project: Path, tmp_path: Path) -> None:
    without_venv = 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac'
    message = start_with_pythons(project, tmp_path, without_venv)
    assert "sudo apt-get install python3-venv" in message
