"""Jobs of a prediction: what the board did is what the status says, and what came is kept."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.posting_import import import_posting_file
from ml_service.settings import Settings
from ml_service.use_cases.sweep import PENDING_FOR
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.jsearch_stand_in import JSearchStandIn
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "a-key-nobody-may-see"


@pytest.fixture(scope="module")
def board() -> Iterator[JSearchStandIn]:
    with JSearchStandIn() as stand_in:
        yield stand_in


def settings(board: JSearchStandIn, folder: Path, *, jobs_wait_s: float) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=folder,
        rapidapi_key=SecretStr(KEY),
        jsearch_base_url=board.url,
        jobs_wait_s=jobs_wait_s,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api_with_board(
    engine: Engine, board: JSearchStandIn, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    folder = tmp_path_factory.mktemp("board")
    async with client_of(engine, settings(board, folder, jobs_wait_s=30)) as client:
        yield client


def from_afar(api: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of the same app on another machine; the address is one for documentation."""
    transport = api._transport
    assert isinstance(transport, httpx.ASGITransport)
    far = httpx.ASGITransport(transport.app, client=("203.0.113.9", 50_000))
    return httpx.AsyncClient(transport=far, base_url="http://127.0.0.1", timeout=60)


async def predicted(api: httpx.AsyncClient, place: str) -> dict[str, Any]:
    """A place of its own keeps each test from the cached answer of another."""
    answer = await api.post(
        "/predict?force=true",
        files={"file": ("resume.pdf", resume_pdf(PEOPLE[0]))},
        data={"user_id": place, "job_location": place},
    )
    assert answer.status_code == 201, answer.text
    prediction: dict[str, Any] = answer.json()
    return prediction


async def test_jobs_are_matched_ranked_and_kept(
    api_with_board: httpx.AsyncClient, board: JSearchStandIn
) -> None:
    board.play("normal")

    prediction = await predicted(api_with_board, "Berlin")

    stored = await api_with_board.get(f"/predictions/{prediction['prediction_id']}")
    similarities = [job["similarity"] for job in prediction["jobs"]]
    assert prediction["jobs_status"] == "ok"
    assert prediction["jobs_query"] == prediction["career_path"]
    assert similarities == sorted(similarities, reverse=True)
    assert stored.json()["jobs"] == prediction["jobs"] != []


async def test_nothing_of_the_resume_reaches_the_board(
    api_with_board: httpx.AsyncClient, board: JSearchStandIn
) -> None:
    board.play("normal")

    prediction = await predicted(api_with_board, "Hamburg")

    sent = str(board.requests[-1])
    assert prediction["career_path"].split()[0] in sent
    for private in (PEOPLE[0].name.split()[0], PEOPLE[0].email, PEOPLE[0].jobs[0].employer):
        assert private not in sent


@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("empty", "empty"),
        ("html", "unavailable"),
        ("unauthorized", "unavailable"),
        ("truncated", "unavailable"),
    ],
)
async def test_the_status_says_what_happened(
    api_with_board: httpx.AsyncClient, board: JSearchStandIn, scenario: str, status: str
) -> None:
    board.play(scenario)

    prediction = await predicted(api_with_board, f"Place of {scenario}")

    assert (prediction["jobs_status"], prediction["jobs"]) == (status, [])


async def test_jobs_that_come_late_are_saved_when_they_come(
    engine: Engine, board: JSearchStandIn, tmp_path: Path
) -> None:
    board.play("slow")

    async with client_of(engine, settings(board, tmp_path, jobs_wait_s=0.1)) as api:
        prediction = await predicted(api, "Slow Town")
        path = f"/predictions/{prediction['prediction_id']}"
        async with asyncio.timeout(40):
            while (stored := (await api.get(path)).json())["jobs_status"] == "pending":
                await asyncio.sleep(0.2)

    assert (prediction["jobs_status"], prediction["jobs"]) == ("pending", [])
    assert stored["jobs_status"] == "ok"
    assert stored["jobs"]


async def test_a_stop_leaves_no_search_pending_for_ever(
    engine: Engine, board: JSearchStandIn, tmp_path: Path
) -> None:
    """Another process may still be waiting for it, so the next start believes that for a while."""
    board.play("slow")
    impatient = settings(board, tmp_path, jobs_wait_s=0.1)

    async with client_of(engine, impatient) as api:
        prediction = await predicted(api, "Stopped Town")
    await asyncio.to_thread(make_older, tmp_path / "predictions.db", by=PENDING_FOR)
    async with client_of(engine, impatient) as api:
        stored = await api.get(f"/predictions/{prediction['prediction_id']}")

    assert prediction["jobs_status"] == "pending"
    assert stored.json()["jobs_status"] == "unavailable"


def make_older(file: Path, *, by: timedelta) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        (written,) = database.execute("SELECT created_at FROM predictions").fetchone()
        older = datetime.fromisoformat(written) - by
        kept_form = older.strftime("%Y-%m-%d %H:%M:%S.%f")
        database.execute("UPDATE predictions SET created_at = ?", (kept_form,))


async def test_the_key_is_nowhere_in_answers_or_logs(
    api_with_board: httpx.AsyncClient, board: JSearchStandIn, capfd: pytest.CaptureFixture[str]
) -> None:
    board.play("unauthorized")

    search = await api_with_board.get("/jobs/search", params={"query": "key test"})
    health = await api_with_board.get("/health")

    written = capfd.readouterr()
    assert search.json()["code"] == "jobs_unavailable"
    assert KEY not in search.text + health.text + written.out + written.err


async def test_a_used_up_quota_is_told_as_such(
    api_with_board: httpx.AsyncClient, board: JSearchStandIn
) -> None:
    board.play("quota_429")

    search = await api_with_board.get("/jobs/search", params={"query": "quota test"})
    prediction = await predicted(api_with_board, "Quota City")

    assert (search.status_code, search.json()["code"]) == (429, "jobs_quota_exhausted")
    assert int(search.headers["retry-after"]) > 0
    assert prediction["jobs_status"] == "quota_exhausted"


async def test_a_used_up_quota_is_known_after_a_restart_and_shown(
    engine: Engine, board: JSearchStandIn, tmp_path: Path
) -> None:
    board.play("quota_429")
    patient = settings(board, tmp_path, jobs_wait_s=30)
    async with client_of(engine, patient) as api:
        await api.get("/jobs/search", params={"query": "before the restart"})
    n_requests = len(board.requests)
    async with client_of(engine, patient) as api:
        search = await api.get("/jobs/search", params={"query": "after the restart"})
        health = (await api.get("/health")).json()

    jobs = next(part for part in health["parts"] if part["name"] == "jobs")
    assert (search.status_code, search.json()["code"]) == (429, "jobs_quota_exhausted")
    assert len(board.requests) == n_requests
    assert (jobs["detail"]["quota_limit"], jobs["detail"]["quota_remaining"]) == (200, 0)
    assert jobs["detail"]["quota_exhausted_until"] < jobs["detail"]["quota_resets_at"]


async def test_nobody_burns_quota_without_a_key(
    engine: Engine, board: JSearchStandIn, tmp_path: Path
) -> None:
    board.play("normal")
    anybody = settings(board, tmp_path, jobs_wait_s=30).model_copy(update={"allow_anonymous": True})
    n_before = len(board.requests)
    async with client_of(engine, anybody) as here, from_afar(here) as there:
        refused = await there.get("/jobs/search", params={"query": "nurse"})
        unmatched = await predicted(there, "Nowhere")
        n_spent_by_nobody = len(board.requests) - n_before
        paid = await here.get("/jobs/search", params={"query": "nurse"})
        kept = await there.get("/jobs/search", params={"query": "Nurse "})

    assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
    assert "API key" in refused.json()["detail"]
    assert (unmatched["jobs_status"], unmatched["jobs_provider"]) == ("not_configured", None)
    assert n_spent_by_nobody == 0
    assert paid.status_code == kept.status_code == 200
    assert kept.json()["data"] == paid.json()["data"] != []
    assert len(board.requests) - n_before == 1


async def test_the_holder_of_a_key_spends_quota_from_anywhere(
    engine: Engine, board: JSearchStandIn, tmp_path: Path
) -> None:
    board.play("normal")
    sha256 = hashlib.sha256(b"let-me-search").hexdigest()
    keyed = settings(board, tmp_path, jobs_wait_s=30).model_copy(
        update={"api_keys": SecretStr(f"web:read:{sha256}")}
    )
    async with client_of(engine, keyed) as here, from_afar(here) as there:
        there.headers["X-API-Key"] = "let-me-search"
        search = await there.get("/jobs/search", params={"query": "keyed search"})

    assert (search.status_code, len(search.json()["data"])) == (200, 10)


async def test_imported_postings_are_found_and_matched(
    api: httpx.AsyncClient, data_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "postings.csv"
    file.write_text(
        "id,title,company,location,description\n"
        "posting-0001,Software Developer,Example Freight,Portland OR,Python and PostgreSQL\n"
        "posting-0002,Pastry Cook,Example Bakery,Salem OR,Bread and cakes\n",
        encoding="utf-8",
    )
    settings = Settings(_env_file=None, data_dir=data_dir)

    counted: list[int] = []
    imported = await import_posting_file(settings, file, progress=counted.append)
    again = await import_posting_file(settings, file, progress=counted.append)
    found = await api.get("/jobs/search", params={"query": "software developer"})
    elsewhere = await api.get(
        "/jobs/search", params={"query": "software developer", "location": "Salem"}
    )

    assert (imported.n_read, imported.n_new, again.n_new) == (2, 2, 0)
    assert [job["job_id"] for job in found.json()["data"]] == ["posting-0001"]
    assert found.json()["provider"] == "local-index"
    assert elsewhere.json()["data"] == []
