"""The examples of docs/client, run as they stand against a running service."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import httpx
import pytest
from asgi_lifespan import LifespanManager

from backend_client import ResumeClient
from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.service_process import PROJECT, ServiceFolder, ServiceProcess, free_port, served

pytestmark = pytest.mark.slow

EXAMPLES = PROJECT / "docs" / "client" / "examples"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    folder = ServiceFolder(tmp_path_factory.mktemp("examples"), {"PARSE_WORKERS": "1"})
    with served(folder) as running:
        yield running


@pytest.fixture(autouse=True)
def surroundings(service: ServiceProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in the environment, and a folder where an example may leave its outbox."""
    monkeypatch.setenv("ML_SERVICE_URL", service.base_url)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def example(name: str) -> ModuleType:
    """Imported anew each time: it keeps one client for its process."""
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # annotations of its routes are looked up there
    spec.loader.exec_module(module)
    return module


async def test_the_fastapi_backend() -> None:
    app = example("fastapi_backend").app
    member = {"X-Member-Id": "fastapi member"}
    async with (
        LifespanManager(app) as running,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(running.app), base_url="http://product.test", timeout=60
        ) as browser,
    ):
        answer = await browser.post(
            "/resumes", files={"resume": ("cv.pdf", resume_pdf(PEOPLE[0]))}, headers=member
        )
        damaged = await browser.post(
            "/resumes", files={"resume": ("cv.pdf", b"%PDF-1.7")}, headers=member
        )
        history = await browser.get("/resumes", headers=member)

    assert answer.status_code == 201
    assert answer.json()["resume_filename"] == "cv.pdf"
    assert (damaged.status_code, damaged.json()["code"]) == (422, "corrupt")
    assert [one["prediction_id"] for one in history.json()["data"]] == [
        answer.json()["prediction_id"]
    ]


async def test_the_fastapi_backend_without_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_SERVICE_URL", f"http://127.0.0.1:{free_port()}")
    app = example("fastapi_backend").app
    async with (
        LifespanManager(app) as running,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(running.app), base_url="http://product.test", timeout=120
        ) as browser,
    ):
        answer = await browser.post(
            "/resumes",
            files={"resume": ("cv.pdf", resume_pdf(PEOPLE[0]))},
            headers={"X-Member-Id": "m"},
        )
        history = await browser.get("/resumes", headers={"X-Member-Id": "m"})

    assert (answer.status_code, answer.json()["source"]) == (201, "local")
    assert (history.status_code, history.json()["code"]) == (502, "service_unavailable")


def test_the_flask_backend(service: ServiceProcess) -> None:
    module = example("flask_backend")
    browser = module.app.test_client()
    member = {"X-Member-Id": "flask member"}

    with resume_pdf_file(0) as file, (Path("damaged.pdf")).open("w+b") as damaged:
        damaged.write(b"%PDF-1.7")
        damaged.seek(0)
        answer = browser.post("/resumes", data={"resume": file}, headers=member)
        refused = browser.post("/resumes", data={"resume": damaged}, headers=member)
    module.resumes().close()

    assert answer.status_code == 201
    assert (refused.status_code, refused.get_json()["code"]) == (422, "corrupt")
    assert recorded(service, "flask member") == [answer.get_json()["prediction_id"]]


def resume_pdf_file(number: int) -> BinaryIO:
    path = Path(f"{number}.pdf")
    path.write_bytes(resume_pdf(PEOPLE[number]))
    return path.open("rb")


def recorded(service: ServiceProcess, user_id: str) -> list[str]:
    with ResumeClient(service.base_url, fallback="off") as client:
        return [str(summary.prediction_id) for summary in client.user_predictions(user_id)]


DJANGO = """
import json, sys
from pathlib import Path
import django
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], DEFAULT_CHARSET="utf-8")
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
sys.path.insert(0, sys.argv[1])
import django_view

class Member:
    def get_username(self):
        return "django member"

for name in ("0.pdf", "damaged.pdf"):
    upload = SimpleUploadedFile(name, Path(name).read_bytes())
    request = RequestFactory().post("/resumes", {"resume": upload})
    request.user = Member()
    answer = django_view.accept(request)
    print(answer.status_code, json.loads(answer.content).get("prediction_id"))
print(django_view.accept(RequestFactory().get("/resumes")).status_code)
django_view.resumes().close()
"""


def test_the_django_view(service: ServiceProcess) -> None:
    """In a process of its own: Django's settings are one for a process."""
    resume_pdf_file(0).close()
    Path("damaged.pdf").write_bytes(b"%PDF-1.7")

    done = run("-W", "error", "-c", DJANGO, str(EXAMPLES))

    (prediction_id,) = recorded(service, "django member")
    assert done.stdout.split() == ["201", prediction_id, "422", "None", "405"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_script_over_a_folder(
    service: ServiceProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resumes"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(resume_pdf(PEOPLE[0]))
    (folder / "b.docx").write_bytes(resume_docx(PEOPLE[1]))
    (folder / "c.txt").write_bytes(b"no resume")
    served_at = os.environ["ML_SERVICE_URL"]

    monkeypatch.setenv("ML_SERVICE_URL", f"http://127.0.0.1:{free_port()}")
    away = run(str(EXAMPLES / "folder.py"), str(folder))
    monkeypatch.setenv("ML_SERVICE_URL", served_at)
    (folder / "b.docx").unlink()
    back = run(str(EXAMPLES / "folder.py"), str(folder))

    assert sources(away.stdout) == ["source", "local", "local"]
    assert "c.txt: This is a text file." in away.stderr
    assert "0 sent later, 2 still wait" in away.stderr
    assert sources(back.stdout) == ["source", "ml-service"]
    assert "2 sent later, 0 still wait" in back.stderr
    assert len(recorded(service, "b")) == 1
    assert len(recorded(service, "a")) == 1


def sources(table: str) -> list[str]:
    return [line.rpartition(",")[2] for line in table.splitlines()]


def test_the_notebook(service: ServiceProcess) -> None:
    """Its cells in their order, in one process."""
    Path("resume.pdf").write_bytes(resume_pdf(PEOPLE[0]))
    notebook = json.loads((EXAMPLES / "resume.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]

    done = run("-c", "\n".join(cells))

    assert done.stdout.startswith("Software Developers")
    assert "missing: " in done.stdout
    assert len(recorded(service, "notebook")) == 1
    assert all(not cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code")
