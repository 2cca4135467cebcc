"""What an operator sees and sets: figures, logs, limits across processes."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from ml_service.app.logs import JsonFormatter
from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE
from tests.postgres_server import postgres_server

pytestmark = pytest.mark.asyncio(loop_scope="session")

READER, WRITER = "key of the reader", "key of the writer"
PERSON = PEOPLE[1]
USER, FILE = "marta.lindqvist@example.com", "Marta Lindqvist CV.pdf"


def sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


KEYS = f"reports:read:{sha256(READER)},website:write:{sha256(WRITER)}"


async def upload(
    api: httpx.AsyncClient, key: str | None, *, content: bytes | None = None
) -> httpx.Response:
    return await api.post(
        "/predict",
        files={"file": (FILE, content if content is not None else resume_pdf(PERSON))},
        data={"user_id": USER},
        headers={"X-API-Key": key} if key else {},
    )


def figures(text: str) -> dict[str, float]:
    """By name and the values of the labels: ``ml_service_uploads_total created``."""
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()) if value)]): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_figures_say_what_happened(engine: Engine, tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", rate_limit_jobs="1/minute"
    )
    async with client_of(engine, settings) as api:
        await upload(api, None)
        await upload(api, None)
        await upload(api, None, content=b"%PDF-1.4 nothing")
        for _ in range(2):
            await api.get("/jobs/search", params={"query": "nurse"})
        answer = await api.get("/metrics")

    seen = figures(answer.text)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert seen["ml_service_uploads_total created"] == 1
    assert seen["ml_service_uploads_total stored"] == 1
    assert seen["ml_service_uploads_total refused corrupt"] == 1
    assert seen["ml_service_rate_limited_total jobs"] == 1
    assert seen["ml_service_jobs_outcomes_total not_configured"] == 1
    assert seen["ml_service_uploads_in_work"] == 0
    assert seen["ml_service_uploads_in_work_limit"] == settings.max_uploads_in_work
    assert seen["ml_service_reader_workers"] == 1
    assert seen["ml_service_part_ready database"] == 1
    assert seen["ml_service_http_requests_total POST /predict 201"] == 1
    for stage in ("extract", "analyse", "redact", "embed", "predict", "explain", "score", "save"):
        assert seen[f"ml_service_stage_duration_seconds_count {stage}"] >= 1
    model = engine.models.default
    build = [name for name in seen if name.startswith("ml_service_build_info ")]
    assert len(build) == 1
    assert model.revision in build[0]
    assert USER not in answer.text
    assert PERSON.name not in answer.text


async def test_with_keys_the_figures_need_one_that_may_read(engine: Engine, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, api_keys=SecretStr(KEYS))
    async with client_of(engine, settings) as api:
        unkeyed = await api.get("/metrics")
        keyed = await api.get("/metrics", headers={"Authorization": f"Bearer {READER}"})

    assert (unkeyed.status_code, keyed.status_code) == (401, 200)
    assert "ratelimit" not in keyed.headers


@pytest.fixture
def everything_logged() -> Iterator[list[str]]:
    """What a service writes with LOG_LEVEL=DEBUG: of ours all, of libraries what they warn of."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    keep = Keep(logging.DEBUG)
    keep.setFormatter(JsonFormatter())
    root, ours = logging.getLogger(), logging.getLogger("ml_service")
    before = (root.level, ours.level, ours.propagate)
    root.addHandler(keep)
    root.setLevel(logging.WARNING)
    ours.setLevel(logging.DEBUG)
    ours.propagate = True
    yield written
    root.removeHandler(keep)
    root.setLevel(before[0])
    ours.setLevel(before[1])
    ours.propagate = before[2]


async def test_no_outcome_leaves_a_key_or_anything_personal_in_the_logs(
    engine: Engine, tmp_path: Path, everything_logged: list[str]
) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="local", api_keys=SecretStr(KEYS)
    )
    guess = "a guess at a key"
    statuses = []
    async with client_of(engine, settings) as api:
        read, write = {"X-API-Key": READER}, {"X-API-Key": WRITER}
        created = await upload(api, WRITER)
        path = f"/predictions/{created.json()['prediction_id']}"
        outcomes = [
            created,
            await upload(api, WRITER),
            await upload(api, WRITER, content=b"%PDF-1.4 nothing"),
            await upload(api, WRITER, content=PERSON.name.encode()),
            await upload(api, READER),
            await upload(api, guess),
            await upload(api, None),
            await api.get(f"/predictions/user/{USER}", headers=read),
            await api.get("/predictions", params={"user_id": USER, "limit": 1000}, headers=read),
            await api.get("/predictions/search", params={"q": PERSON.name}, headers=read),
            await api.get("/predictions", params={"nobody": USER}, headers=read),
            await api.patch(path, json={"notes": f"call {PERSON.name}"}, headers=write),
            await api.patch(path, content=f'{{"notes": "{USER}"', headers=write),
            await api.patch(path, json={"user_id": USER, USER: 1}, headers=write),
            await api.get(f"/nothing/{USER}", headers=read),
            await api.get("/jobs/search", params={"query": USER}, headers=read),
            await api.delete(path, headers=write),
        ]
        statuses = [answer.status_code for answer in outcomes]

    written = "\n".join(everything_logged)
    requests = [line for line in map(json.loads, everything_logged) if "duration_ms" in line]
    assert statuses[:7] == [201, 200, 422, 415, 403, 401, 401]
    assert [line["status"] for line in requests] == statuses
    assert {line.get("caller") for line in requests} == {"website", "reports", None}
    for secret in (READER, WRITER, guess, sha256(READER), sha256(WRITER), sha256(guess)):
        assert secret not in written
    for personal in (USER, FILE, "Marta Lindqvist", *PERSON.name.split()):
        assert personal not in written


@pytest.fixture
def postgres_url() -> Iterator[str]:
    server = postgres_server()
    url = server.fresh_database()
    yield url
    server.drop(url)


@pytest.mark.postgres
async def test_two_services_on_one_postgresql_share_a_limit(
    engine: Engine, tmp_path: Path, postgres_url: str
) -> None:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=postgres_url,
        jobs_provider="off",
        api_keys=SecretStr(KEYS),
        rate_limit_default="3/minute",
    )
    headers = {"X-API-Key": READER}
    async with client_of(engine, settings) as one, client_of(engine, settings) as other:
        answers = [await api.get("/ats/rubric", headers=headers) for api in (one, other) * 2]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[1].headers["ratelimit"].startswith('"default";r=1;')
