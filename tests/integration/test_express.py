"""The example of an Express caller, run as it stands with Node against a running service."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.documents import resume_pdf
from tests.needed_parts import cannot_run
from tests.people import PEOPLE
from tests.service_process import PROJECT, ServiceFolder, ServiceProcess, free_port, served

pytestmark = pytest.mark.full

EXAMPLE = PROJECT / "docs" / "express"
KEY = "the-key-of-the-web-product"
MEMBER = {"X-Member-Id": "marta & co/7"}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with its packages, as package-lock.json pins them."""
    folder = tmp_path_factory.mktemp("express") / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    missing = next((name for name in ("node", "npm") if shutil.which(name) is None), None)
    if missing is not None:
        cannot_run(f"{missing} is not installed")
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        cannot_run(f"npm ci cannot install the example's packages:\n{done.stderr[-2_000:]}")
    return folder


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    """It wants a key also of callers on this machine."""
    sha256 = hashlib.sha256(KEY.encode()).hexdigest()
    settings = {"API_KEYS": f"web:write:{sha256}", "PARSE_WORKERS": "1"}
    with served(ServiceFolder(tmp_path_factory.mktemp("behind-express"), settings)) as running:
        yield running


@pytest.fixture(scope="module")
def product(example: Path, service: ServiceProcess) -> Iterator[httpx.Client]:
    """The Express backend as a browser reaches it."""
    with (
        express(example, service.base_url) as url,
        httpx.Client(base_url=url, timeout=60, headers=MEMBER) as client,
    ):
        yield client


@contextmanager
def express(example: Path, service_url: str, *, key: str = KEY) -> Iterator[str]:
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "ML_SERVICE_URL": service_url,
        "ML_SERVICE_API_KEY": key,
    }
    with subprocess.Popen(["node", "server.js"], cwd=example, env=environment) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/resumes", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "server.js ended"
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("server.js does not answer")


def upload(product: httpx.Client, name: str, content: bytes, **headers: str) -> httpx.Response:
    return product.post("/resumes", files={"resume": (name, content)}, headers=headers)


def test_a_resume_goes_through_and_stands_in_the_members_history(product: httpx.Client) -> None:
    answer = upload(product, "Lebenslauf Jürgen.pdf", resume_pdf(PEOPLE[0]))
    prediction = answer.json()
    history = product.get("/resumes").json()
    of_another = product.get("/resumes", headers={"X-Member-Id": "somebody else"}).json()

    assert answer.status_code == 201, answer.text
    assert prediction["resume_filename"] == "Lebenslauf Jürgen.pdf"
    assert prediction["user_id"] == MEMBER["X-Member-Id"]
    assert [row["prediction_id"] for row in history["data"]] == [prediction["prediction_id"]]
    assert of_another["data"] == []


def test_one_idempotency_key_makes_one_prediction(product: httpx.Client) -> None:
    own = {"X-Member-Id": "twice", "Idempotency-Key": "a-click"}
    first = upload(product, "resume.pdf", resume_pdf(PEOPLE[1]), **own).json()
    second = upload(product, "resume.pdf", resume_pdf(PEOPLE[1]), **own).json()

    assert first["prediction_id"] == second["prediction_id"]
    assert len(product.get("/resumes", headers=own).json()["data"]) == 1


def test_the_services_sentence_reaches_the_browser(product: httpx.Client) -> None:
    answer = upload(product, "resume.pdf", b"%PDF-1.7 and nothing else")

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "corrupt"
    assert "damaged" in answer.json()["detail"]
    assert answer.json()["request_id"]


def test_what_never_reaches_the_service_is_told_too(product: httpx.Client) -> None:
    nothing = product.post("/resumes", data={"job_location": "Berlin"})
    huge = upload(product, "huge.pdf", b"%PDF" + b" " * 10_000_001)
    nobody = product.get("/resumes", headers={"X-Member-Id": ""})

    assert (nothing.status_code, nothing.json()["code"]) == (400, "no_file")
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "not_signed_in")


def test_a_service_that_is_away_is_a_502_with_a_sentence(example: Path) -> None:
    with express(example, f"http://127.0.0.1:{free_port()}") as url:
        answer = httpx.get(f"{url}/resumes", headers={"X-Member-Id": "marta"}, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (502, "service_unreachable")


def test_a_wrong_key_of_the_product_is_nothing_a_member_could_mend(
    service: ServiceProcess, example: Path
) -> None:
    with express(example, service.base_url, key="not-the-key") as url:
        answer = httpx.get(f"{url}/resumes", headers={"X-Member-Id": "marta"}, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (502, "service_refused_us")
    assert "key" not in answer.text.lower()
