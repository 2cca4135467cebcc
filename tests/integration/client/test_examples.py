"""The examples of docs/client, run as they stand against a running service."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import httpx
import pytest
from asgi_lifespan import LifespanManager

from backend_client import AsyncResumeClient, ResumeClient, Retries
from tests.documents import PEOPLE, resume_docx, resume_pdf
from tests.service_process import PROJECT, ServiceFolder, ServiceProcess, free_port, served
from tests.unit.client.answers import prediction

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


async def test_the_fastapi_backend_while_the_service_is_away_and_back(
    service: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("ML_SERVICE_URL", nowhere)
    async with (
        LifespanManager(example("fastapi_backend").app) as running,
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
    await until_recorded(service, "m", 0)

    monkeypatch.setenv("ML_SERVICE_URL", service.base_url)
    back = example("fastapi_backend")
    monkeypatch.setattr(back, "SEND_EVERY_S", 0.2)
    async with LifespanManager(back.app):
        await until_recorded(service, "m", 1)
        async with AsyncResumeClient(nowhere, outbox_dir="outbox") as elsewhere:
            await elsewhere.predict(resume_pdf(PEOPLE[1]), user_id="m")
        await until_recorded(service, "m", 2)


async def until_recorded(service: ServiceProcess, user_id: str, n_wanted: int) -> None:
    async with AsyncResumeClient(service.base_url, fallback="off") as client:
        for _ in range(300):
            page = await client.user_predictions(user_id).page()
            if len(page.data) == n_wanted:
                return
            await asyncio.sleep(0.1)
    raise AssertionError(f"{len(page.data)} of {n_wanted} are recorded")


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


def test_the_flask_backend_sends_later_what_it_answered_itself(
    service: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_SERVICE_URL", f"http://127.0.0.1:{free_port()}")
    away = example("flask_backend")
    with resume_pdf_file(0) as file:
        answer = away.app.test_client().post(
            "/resumes", data={"resume": file}, headers={"X-Member-Id": "flask later"}
        )
    still_away = away.app.test_cli_runner().invoke(args=["send-waiting"])
    away.resumes().close()
    monkeypatch.setenv("ML_SERVICE_URL", service.base_url)
    back = example("flask_backend")
    done = back.app.test_cli_runner().invoke(args=["send-waiting"])
    back.resumes().close()

    assert (answer.status_code, answer.get_json()["source"]) == (201, "local")
    assert "0 sent later, 1 still wait" in still_away.output
    assert "1 sent later, 0 still wait" in done.output
    assert len(recorded(service, "flask later")) == 1


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


def run(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done


def test_the_script_over_a_folder(
    service: ServiceProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "resumes"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(resume_pdf(PEOPLE[0]))
    (folder / "b.docx").write_bytes(resume_docx(PEOPLE[1]))
    (folder / "c.txt").write_bytes(b"no resume")
    (folder / "b").mkdir()
    served_at = os.environ["ML_SERVICE_URL"]

    monkeypatch.setenv("ML_SERVICE_URL", f"http://127.0.0.1:{free_port()}")
    away = run(str(EXAMPLES / "folder.py"), str(folder), status=1)
    monkeypatch.setenv("ML_SERVICE_URL", served_at)
    (folder / "b.docx").unlink()
    (folder / "c.txt").unlink()
    back = run(str(EXAMPLES / "folder.py"), str(folder))

    assert sources(away.stdout) == ["source", "local", "local"]
    assert "c.txt: This is a text file." in away.stderr
    assert "0 sent later, 2 still wait" in away.stderr
    assert sources(back.stdout) == ["source", "ml-service"]
    assert "2 sent later, 0 still wait" in back.stderr
    assert len(recorded(service, "b")) == 1
    assert len(recorded(service, "a")) == 1


def test_the_script_over_a_folder_without_what_answers_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage: every file is named with what is missing, and the script comes to its end."""
    folder = tmp_path / "resumes"
    folder.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (folder / name).write_bytes(resume_pdf(PEOPLE[0]))
    monkeypatch.setenv("ML_SERVICE_URL", f"http://127.0.0.1:{free_port()}")
    hidden = (
        "import runpy, sys; sys.modules['ml_service'] = None; sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )

    done = run("-c", hidden, str(EXAMPLES / "folder.py"), str(folder), status=1)

    assert done.stdout.splitlines() == ["file,career_path,confidence,ats_score,source"]
    for name in ("a.pdf", "b.pdf"):
        assert f"{name}: The service cannot be reached. Local analysis did not" in done.stderr
    assert "pip install '.[local]'" in done.stderr
    assert "0 sent later, 0 still wait" in done.stderr


def test_the_script_waits_as_long_as_a_rate_limit_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    here, sleep = threading.get_ident(), time.sleep

    def noted(seconds: float) -> None:
        """Threads of other tests go on sleeping."""
        if threading.get_ident() == here:
            waited.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr("time.sleep", noted)
    replies = [httpx.Response(429, headers={"Retry-After": "31"}), httpx.Response(429)]
    replies += [httpx.Response(201, json=prediction())]

    def answering(request: httpx.Request) -> httpx.Response:
        return replies.pop(0)

    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-")
    with httpx.Client(transport=httpx.MockTransport(answering)) as http:
        client = ResumeClient(retries=Retries(max_retries=0), http_client=http)
        found = example("folder").predicted(client, path)

    assert waited == [31, 60]
    assert found.career_path == "Accountants and Auditors"


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


def snippets() -> list[tuple[str, str]]:
    """Each block of Python on the pages that a newcomer reads."""
    pages = [PROJECT / "README.md", PROJECT / "docs" / "client" / "api.md"]
    return [
        (page.name, block)
        for page in pages
        for block in re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    ]


def test_the_pages_show_each_subject_once() -> None:
    assert [name for name, _ in snippets()] == ["README.md", "api.md", "api.md", "api.md"]


@pytest.mark.parametrize("number", range(4))
def test_what_the_pages_show_runs_as_it_stands(number: int, tmp_path: Path) -> None:
    """In the folder of the clone, where the samples are; an outbox goes elsewhere."""
    (tmp_path / "data").symlink_to(PROJECT / "data")
    (tmp_path / "outbox").mkdir(mode=0o700)
    _, block = snippets()[number]

    done = run("-W", "error", "-c", block)

    expected = "0 sent, 0 still wait" if "sync" in block else "Software Developers"
    assert expected in done.stdout
