"""JSON Resume as its published schemas have it, from their npm packages."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from ml_service.contract.json_resume import json_resume
from ml_service.domain.resume import ResumeProfile
from tests.documents import resume_docx, resume_pdf
from tests.needed_parts import cannot_run
from tests.people import PEOPLE
from tests.service_process import PROJECT
from tests.unit.contract.test_json_resume import profiles
from tests.unit.storage.examples import a_prediction, an_analysis

pytestmark = pytest.mark.full
asynchronous = pytest.mark.asyncio(loop_scope="session")

PACKAGES = {"resume-schema": "1.0.1", "@jsonresume/schema": "1.3.1"}
"""Version 1.0 of the schema as it was first published, and the package that carries it on."""

QUIETLY = ("--no-audit", "--no-fund", "--ignore-scripts", "--no-save")

REAL = sorted((PROJECT.parent / "shared" / "data" / "resumes" / "train").rglob("*.pdf"))[::36]


@pytest.fixture(scope="module", params=sorted(PACKAGES))
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = str(request.param)
    folder = tmp_path_factory.mktemp("schema")
    if shutil.which("npm") is None:
        cannot_run("npm is not installed")
    done = subprocess.run(
        ["npm", "install", *QUIETLY, f"{name}@{PACKAGES[name]}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        cannot_run(f"npm cannot install {name}:\n{done.stderr[-2_000:]}")
    return folder / "node_modules" / name


@pytest.fixture(scope="module")
def schema(package: Path) -> jsonschema_rs.Draft7Validator:
    published = json.loads((package / "schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft7Validator(published, validate_formats=True)


def faults(schema: jsonschema_rs.Draft7Validator, resume: Any) -> list[str]:
    return [f"{error.instance_path}: {error.kind.name}" for error in schema.iter_errors(resume)]


def test_the_schema_finds_what_is_wrong(schema: jsonschema_rs.Draft7Validator) -> None:
    wrong = {
        "basics": {"email": "nobody", "url": "not a uri", "name": None},
        "work": [{"startDate": "March 2021"}],
    }

    assert len(faults(schema, wrong)) == 4


@asynchronous
async def test_generated_resumes_are_valid(
    api: httpx.AsyncClient, schema: jsonschema_rs.Draft7Validator
) -> None:
    made = [resume_pdf(person, columns=2) for person in PEOPLE]
    made += [resume_docx(person, "table") for person in PEOPLE]
    for content in made:
        resume = await _resume_of(api, await _upload(api, content))
        assert resume["work"]
        assert faults(schema, resume) == []


@pytest.mark.skipif(not REAL, reason="no real resumes here")
@asynchronous
async def test_real_resumes_are_valid(
    api: httpx.AsyncClient, schema: jsonschema_rs.Draft7Validator
) -> None:
    n_valid = 0
    for file in REAL:
        uploaded = await _upload(api, file.read_bytes())
        if uploaded.status_code != 422:
            resume = await _resume_of(api, uploaded)
            assert faults(schema, resume) == [], file.name
            n_valid += 1
    assert n_valid > len(REAL) * 0.9


@given(profiles)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_profile_is_valid(
    schema: jsonschema_rs.Draft7Validator, profile: ResumeProfile
) -> None:
    prediction = a_prediction(analysis=replace(an_analysis(), profile=profile))
    text = json_resume(prediction).model_dump_json(by_alias=True, exclude_none=True)

    assert faults(schema, json.loads(text)) == []


async def _upload(api: httpx.AsyncClient, content: bytes) -> httpx.Response:
    return await api.post("/predict", files={"file": ("resume", content)})


async def _resume_of(api: httpx.AsyncClient, uploaded: httpx.Response) -> Any:
    assert uploaded.is_success, uploaded.text
    answer = await api.get(f"{uploaded.headers['location']}/resume")
    assert answer.status_code == 200
    return answer.json()
