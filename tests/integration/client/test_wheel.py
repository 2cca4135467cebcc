"""The wheel carries the model and the catalogue: it answers far from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.documents import PEOPLE, resume_pdf
from tests.service_process import PROJECT, free_port

pytestmark = pytest.mark.full

SOURCES = ("backend_client", "ml_service", "frontend_stub", "data/models", "data/occupations")
FILES = ("pyproject.toml", "README.md", "scripts/wheel.py")
TRY = """
import sys
from backend_client import ResumeClient
import backend_client, ml_service
for package in (backend_client, ml_service):
    assert package.__file__.startswith(sys.prefix), package.__file__
with ResumeClient("http://127.0.0.1:{port}") as client:
    print(client.predict("resume.pdf").career_path)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: building leaves folders behind."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in SOURCES:
        shutil.copytree(
            PROJECT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in FILES:
        (tree / file).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / file, tree / file)
    target = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*pip, "-w", str(target), str(tree)], check=True, timeout=180)
    (built,) = target.glob("*.whl")
    return built


def test_it_carries_what_is_shipped_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name.removeprefix("ml_service/_shipped/") for name in names if "_shipped/" in name}
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}

    assert tops == {"backend_client", "ml_service"}
    assert "backend_client/py.typed" in names
    assert "frontend_stub/index.html" in shipped
    assert "data/occupations/catalogue.json.gz" in shipped
    assert "data/models/occupations/champion" in shipped
    assert any(name.endswith("encoder.onnx") for name in shipped)
    assert not any(name.startswith("data/runtime") for name in shipped)


def test_far_from_the_checkout_it_answers_by_itself(wheel: Path, tmp_path: Path) -> None:
    """Into an empty environment; other packages come from this one, to download nothing."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    (own,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    zipfile.ZipFile(wheel).extractall(own)
    (own / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "resume.pdf").write_bytes(resume_pdf(PEOPLE[0]))

    done = subprocess.run(
        [str(python), "-c", TRY.format(port=free_port())],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.stdout.splitlines() == ["Software Developers"], done.stderr
