"""What a prediction rests on: its text, what each line moved, and the postings found for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.service import EXPLANATIONS_IN_WORK
from ml_service.domain.posting import JobsOutcome
from ml_service.settings import Settings
from ml_service.storage.database import Database
from tests.documents import resume_docx, resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE
from tests.unit.storage.examples import NOON, jobs_found
from tests.unit.storage.stores import a_store

pytestmark = pytest.mark.asyncio(loop_scope="session")

PERSON = PEOPLE[0]
UNKNOWN = "018f0000-0000-7000-8000-000000000000"


async def upload(client: httpx.AsyncClient, content: bytes) -> dict[str, Any]:
    answer = await client.post("/predict", files={"file": ("resume", content)})
    assert answer.status_code in {200, 201}, answer.text
    prediction: dict[str, Any] = answer.json()
    return prediction


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prediction(api: httpx.AsyncClient) -> dict[str, Any]:
    return await upload(api, resume_pdf(PERSON, columns=2))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def explanation(api: httpx.AsyncClient, prediction: dict[str, Any]) -> dict[str, Any]:
    answer = await api.get(f"/predictions/{prediction['prediction_id']}/explanation")
    assert answer.status_code == 200, answer.text
    explained: dict[str, Any] = answer.json()
    return explained


async def test_the_text_has_every_line_where_it_stands_in_the_order_of_reading(
    api: httpx.AsyncClient, prediction: dict[str, Any]
) -> None:
    answer = await api.get(f"/predictions/{prediction['prediction_id']}/text")

    assert answer.status_code == 200, answer.text
    lines = answer.json()["lines"]
    assert [line["order"] for line in lines] == list(range(len(lines)))
    assert {line["column"] for line in lines} == {0, 1}
    assert all(set(line) == {"page", "box", "text", "column", "order"} for line in lines)
    for line in lines:
        x0, top, x1, bottom = line["box"]
        assert 0 <= x0 < x1 <= 620 and 0 <= top < bottom <= 850
    written = " ".join(line["text"] for line in lines)
    assert PERSON.email in written
    assert PERSON.name in written


async def test_a_docx_has_text_without_boxes(api: httpx.AsyncClient) -> None:
    made = await upload(api, resume_docx(PERSON))

    lines = (await api.get(f"/predictions/{made['prediction_id']}/text")).json()["lines"]

    assert len(lines) > 20
    assert {line["box"] for line in lines} == {None}


async def test_every_line_is_explained_and_identity_is_not_seen(
    api: httpx.AsyncClient, prediction: dict[str, Any], explanation: dict[str, Any]
) -> None:
    text = (await api.get(f"/predictions/{prediction['prediction_id']}/text")).json()

    lines = explanation["lines"]
    assert [(line["order"], line["page"], line["text"]) for line in lines] == [
        (line["order"], line["page"], line["text"]) for line in text["lines"]
    ]
    unseen = [line for line in lines if line["seen_as"] is None]
    assert any(PERSON.email in line["text"] for line in unseen)
    assert {(line["contribution"], line["log_odds"]) for line in unseen} == {(0, 0)}
    assert [line["left_out"] for line in unseen] == [[]] * len(unseen)
    seen = [line for line in lines if line["seen_as"] is not None]
    assert [line["left_out"] for line in seen] == [[line["order"]] for line in seen]
    for identity in (PERSON.name.split()[0], PERSON.name.split()[1], PERSON.email, PERSON.phone):
        assert not any(identity in line["seen_as"] for line in seen)


async def test_the_line_with_the_title_speaks_for_the_answer(
    prediction: dict[str, Any], explanation: dict[str, Any]
) -> None:
    lines = explanation["lines"]
    strongest = max(lines, key=lambda line: line["contribution"])

    assert explanation["career_path"] == prediction["career_path"]
    assert explanation["confidence"] == prediction["confidence"]
    assert explanation["model"] == prediction["model"]
    assert explanation["encoder"] == prediction["encoder"]
    assert 0 < strongest["contribution"] <= explanation["probability"]
    assert any(line["contribution"] < 0 for line in lines)
    assert "Engineer" in strongest["text"]


async def test_measured_twice_is_the_same(
    api: httpx.AsyncClient, prediction: dict[str, Any], explanation: dict[str, Any]
) -> None:
    again = await api.get(f"/predictions/{prediction['prediction_id']}/explanation")

    assert [line["contribution"] for line in again.json()["lines"]] == pytest.approx(
        [line["contribution"] for line in explanation["lines"]], abs=1e-5
    )


async def test_more_explanations_than_are_measured_at_once_are_put_off(
    api: httpx.AsyncClient, prediction: dict[str, Any]
) -> None:
    path = f"/predictions/{prediction['prediction_id']}/explanation"

    answers = await asyncio.gather(*(api.get(path) for _ in range(EXPLANATIONS_IN_WORK + 3)))

    put_off = [answer for answer in answers if answer.status_code == 503]
    assert len(put_off) == 3
    assert {answer.json()["code"] for answer in put_off} == {"overloaded"}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in put_off)
    assert (await api.get(path)).status_code == 200


@pytest.mark.parametrize("part", ["text", "explanation", "jobs"])
async def test_nothing_has_an_unknown_id(api: httpx.AsyncClient, part: str) -> None:
    answer = await api.get(f"/predictions/{UNKNOWN}/{part}")

    assert (answer.status_code, answer.json()["code"]) == (404, "prediction_not_found")


async def test_without_stored_text_there_is_neither_text_nor_explanation(
    engine: Engine, tmp_path: Path
) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", store_resume_text=False
    )
    async with client_of(engine, settings) as client:
        made = await upload(client, resume_pdf(PERSON))
        for part in ("text", "explanation"):
            answer = await client.get(f"/predictions/{made['prediction_id']}/{part}")
            assert (answer.status_code, answer.json()["code"]) == (409, "text_not_stored")


@pytest_asyncio.fixture(loop_scope="session")
async def database(data_dir: Path) -> AsyncIterator[Database]:
    """Another process on the same file."""
    database = Database(f"sqlite+aiosqlite:///{data_dir / 'predictions.db'}")
    await database.open()
    yield database
    await database.close()


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('"revision":"{model}"', '"revision":"0123456789ab"'),
        ('"model_id":"{model_id}"', '"model_id":"our-own-taxonomy"'),
        ('"revision":"{encoder}"', '"revision":"another"'),
        ('"precision":"int8-static"', '"precision":"fp32"'),
        ('"parser_version":"', '"parser_version":"0.'),
    ],
)
async def test_what_another_revision_predicted_is_not_explained_by_this_one(
    api: httpx.AsyncClient, database: Database, written: str, instead: str
) -> None:
    answer = await api.post("/predict?force=true", files={"file": ("a.pdf", resume_pdf(PERSON))})
    made = answer.json()
    written = written.replace("{model}", made["model"]["revision"])
    written = written.replace("{model_id}", made["model"]["model_id"])
    written = written.replace("{encoder}", made["encoder"]["revision"])
    async with database.writing() as connection:
        changed = await connection.execute(
            text(
                "UPDATE predictions SET prediction_data = replace(prediction_data, :old, :new) "
                "WHERE id = :id AND instr(prediction_data, :old) > 0"
            ),
            {"old": written, "new": instead, "id": made["prediction_id"]},
        )
    assert changed.rowcount == 1

    explained = await api.get(f"/predictions/{made['prediction_id']}/explanation")

    assert (explained.status_code, explained.json()["code"]) == (409, "model_changed")


async def test_jobs_are_shown_with_what_became_of_them(
    api: httpx.AsyncClient, database: Database
) -> None:
    made = await upload(api, resume_pdf(PEOPLE[1]))
    path = f"/predictions/{made['prediction_id']}"
    store = a_store(database)

    nothing = (await api.get(f"{path}/jobs")).json()
    found = replace(jobs_found("job-1", "job-2"), query="Registered Nurses")
    await store.record_jobs(UUID(made["prediction_id"]), found, at=NOON)
    some = (await api.get(f"{path}/jobs")).json()
    await store.record_jobs(
        UUID(made["prediction_id"]), JobsOutcome("pending", provider="jsearch"), at=NOON
    )
    pending = (await api.get(f"{path}/jobs")).json()

    assert (nothing["data"], nothing["jobs_status"]) == ([], "not_configured")
    assert [job["job_id"] for job in some.pop("data")] == ["job-1", "job-2"]
    assert some == {
        "jobs_status": "ok",
        "jobs_provider": "jsearch",
        "jobs_query": "Registered Nurses",
        "jobs_fetched_at": "2026-03-01T12:00:00.123456Z",
    }
    assert (pending["data"], pending["jobs_status"]) == ([], "pending")
