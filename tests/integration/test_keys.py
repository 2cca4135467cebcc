"""Keys at the edge, and who did it in the audit trail."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

READER, WRITER = "key of the reader", "key of the writer"


def sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def settings(folder: Path) -> Settings:
    keys = f"reports:read:{sha256(READER)},website:write:{sha256(WRITER)}"
    return Settings(_env_file=None, data_dir=folder, jobs_provider="off", api_keys=SecretStr(keys))


async def upload(api: httpx.AsyncClient, key: str) -> httpx.Response:
    return await api.post(
        "/predict",
        files={"file": ("resume.pdf", resume_pdf(PEOPLE[1]))},
        headers={"X-API-Key": key},
    )


async def test_each_key_may_do_what_its_scopes_say(engine: Engine, tmp_path: Path) -> None:
    async with client_of(engine, settings(tmp_path)) as api:
        unkeyed = await api.get("/predictions")
        read = await api.get("/predictions", headers={"Authorization": f"Bearer {READER}"})
        forbidden = await upload(api, READER)
        written = await upload(api, WRITER)

    assert (unkeyed.status_code, unkeyed.json()["code"]) == (401, "unauthorized")
    assert unkeyed.headers["www-authenticate"] == "Bearer"
    assert read.status_code == 200
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
    assert written.status_code == 201


async def test_the_audit_trail_names_the_key_and_nothing_of_the_resume(
    engine: Engine, tmp_path: Path
) -> None:
    async with client_of(engine, settings(tmp_path)) as api:
        written = await upload(api, WRITER)
        path = f"/predictions/{written.json()['prediction_id']}"
        await api.delete(path, headers={"X-API-Key": WRITER})

    with closing(sqlite3.connect(tmp_path / "predictions.db")) as database:
        rows = database.execute("SELECT * FROM audit_events").fetchall()
    text = str(rows)
    assert len(rows) == 2
    assert text.count("website") == 2
    assert PEOPLE[1].name.split()[0] not in text


async def test_a_browser_of_a_listed_origin_may_call(engine: Engine, tmp_path: Path) -> None:
    listed = Settings(
        _env_file=None,
        data_dir=tmp_path,
        jobs_provider="off",
        cors_origins=("https://app.example.org",),
    )
    async with client_of(engine, listed) as api:
        asked = {"Access-Control-Request-Method": "POST"}
        allowed = await api.options(
            "/predict", headers={"Origin": "https://app.example.org", **asked}
        )
        refused = await api.options(
            "/predict", headers={"Origin": "https://evil.example.net", **asked}
        )

    assert allowed.headers["access-control-allow-origin"] == "https://app.example.org"
    assert "access-control-allow-origin" not in refused.headers
