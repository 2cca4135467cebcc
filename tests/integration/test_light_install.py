"""The light install, for real: what it weighs, and the whole service in it, without torch.

``scripts/light_environment.py`` makes it; continuous integration does so here.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.needed_parts import cannot_run
from tests.service_process import (
    PROJECT,
    ServiceFolder,
    ServiceProcess,
    command,
    free_port,
    run_command,
    served,
)
from tests.unit.test_light_install import LEFT_OUT

sys.path.insert(0, str(PROJECT / "scripts"))

import light_environment

pytestmark = pytest.mark.slow

MOST_BYTES = 400_000_000
OFFLINE = """
from backend_client import ResumeClient
with ResumeClient("http://127.0.0.1:{port}") as client:
    prediction = client.predict("resume.pdf")
print(prediction.career_path, prediction.source, sep=", ")
"""


@pytest.fixture(scope="module")
def python() -> Path:
    found = light_environment.installed()
    if found is not None:
        return found
    if os.environ.get("CI") != "true":
        cannot_run("there is no light environment: scripts/light_environment.py makes it")
    light_environment.main()
    made = light_environment.installed()
    assert made is not None
    return made


@pytest.fixture(scope="module")
def folder(python: Path, tmp_path_factory: pytest.TempPathFactory) -> ServiceFolder:
    path = tmp_path_factory.mktemp("light")
    return ServiceFolder(path, {}, python=str(python))


@pytest.fixture(scope="module")
def service(folder: ServiceFolder) -> Iterator[ServiceProcess]:
    with served(folder) as running:
        yield running


@pytest.fixture
def resumes(tmp_path: Path) -> Path:
    """Four in two folders, as labels would have them."""
    place = tmp_path / "resumes"
    for at, person in enumerate(PEOPLE[:2] * 2):
        label = place / f"team {at % 2}"
        label.mkdir(parents=True, exist_ok=True)
        (label / f"{at}.pdf").write_bytes(resume_pdf(person))
    return place


def test_it_takes_less_than_400_mb_with_pip_and_all(python: Path) -> None:
    files = (file for file in python.parents[1].rglob("*") if not file.is_symlink())

    assert sum(file.stat().st_blocks * 512 for file in files) < MOST_BYTES


def test_what_it_leaves_out_cannot_be_imported(python: Path) -> None:
    code = f"""
import importlib.util
print([name for name in {LEFT_OUT!r} if importlib.util.find_spec(name)])
"""
    assert subprocess.check_output([python, "-c", code], text=True) == "[]\n"


def test_a_pdf_and_a_docx_are_analysed_and_kept(
    service: ServiceProcess, folder: ServiceFolder
) -> None:
    documents = {"a.pdf": resume_pdf(PEOPLE[0]), "b.docx": resume_docx(PEOPLE[0])}
    with httpx.Client(base_url=service.base_url, timeout=60) as client:
        answers = [
            client.post("/predict", files={"file": file}, data={"user_id": "light"})
            for file in documents.items()
        ]
        history = client.get("/predictions/user/light").json()["data"]

    assert [answer.status_code for answer in answers] == [201, 201]
    for answer in answers:
        assert answer.json()["career_path"] == "Software Developers"
        assert answer.json()["encoder"]["engine"] == "onnxruntime"
        assert answer.json()["explanation"]
        assert answer.json()["next_steps"]
    assert {row["resume_filename"] for row in history} == set(documents)
    out = folder.path / "history.jsonl"
    run_command(folder, "history", "export", "--out", str(out))
    assert len(out.read_text(encoding="utf-8").splitlines()) == 2


def test_a_folder_is_analysed_in_bulk(folder: ServiceFolder, resumes: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.csv"

    run_command(folder, "bulk", str(resumes), "--out", str(out))

    with out.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == 4
    assert all(row["career_path"] for row in rows)


def test_an_evaluation_is_written_with_its_charts(
    folder: ServiceFolder, resumes: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.csv"
    codes = "15-1252.00", "29-1141.00"
    lines = [f"{at}.pdf,{codes[at % 2]}" for at in range(4)]
    labels.write_text("\n".join(["file,soc_codes", *lines]), encoding="utf-8")
    asked = ["--labels", str(labels), "--documents", str(resumes), "--report"]

    run_command(folder, "evaluate", *asked, str(tmp_path / "report"))

    stored = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert stored["accuracy"]["n_judged"] == 4
    assert len([*(tmp_path / "report").glob("*.svg")]) == 3


def test_training_says_what_to_install_before_it_begins(
    folder: ServiceFolder, resumes: Path
) -> None:
    done = command(folder, "train", str(resumes), "--name", "teams")

    assert done.returncode == 1
    assert "model_unavailable: Training needs scikit-learn, scipy, which" in done.stderr
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_reference_engine_says_what_to_install(folder: ServiceFolder, resumes: Path) -> None:
    (resume, *_) = resumes.rglob("*.pdf")
    settings = {"EMBEDDING_ENGINE": "sentence-transformers"}
    asked = ServiceFolder(folder.path, settings, python=folder.python)

    done = command(asked, "predict", str(resume))

    assert done.returncode == 1
    assert "pip install -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_client_answers_by_itself_while_no_service_runs(
    folder: ServiceFolder, tmp_path: Path
) -> None:
    (tmp_path / "resume.pdf").write_bytes(resume_pdf(PEOPLE[0]))
    code = OFFLINE.format(port=free_port())
    environment = {**folder.environment(), "PYTHONPATH": str(PROJECT)}

    done = subprocess.run(
        [folder.python, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "Software Developers, local\n", done.stderr
