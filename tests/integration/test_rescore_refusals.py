"""What cannot be scored again stays as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import delete

from ml_service.bootstrap.clock import utc_now
from ml_service.bootstrap.engine import Engine
from ml_service.domain.ports import PredictionStore
from ml_service.domain.prediction import ModelRef, Renewal
from ml_service.settings import Settings
from ml_service.storage.database import Database
from ml_service.storage.tables import predictions
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.integration.test_rescore import SAME, analysis_of, make_older, path_of, upload
from tests.people import PEOPLE
from tests.unit.storage.examples import jobs_found
from tests.unit.storage.stores import a_store

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def database(api: httpx.AsyncClient, data_dir: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{data_dir / 'predictions.db'}")
    await database.open()
    yield database
    await database.close()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"files": {"file": ("b.pdf", b"%PDF-1.4 nothing")}}, (422, "corrupt")),
        ({"files": {"file": ("b.txt", b"plain words")}}, (415, "unsupported_type")),
        ({"files": {"file": ("b.pdf", b"")}}, (422, "empty_document")),
        ({"files": {"file": (None, "no file")}}, (400, "no_file")),
        ({"files": {"user_id": (None, "me")}}, (422, "invalid_request")),
        ({"json": {"file": "x"}}, (422, "invalid_request")),
        ({"params": {"force": "true"}}, (422, "invalid_request")),
        ({"headers": {"Content-Type": "multipart/form-data"}}, (422, "invalid_request")),
    ],
)
async def test_what_is_refused_leaves_the_former_score(
    api: httpx.AsyncClient, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    made = await upload(api, resume_pdf(PEOPLE[0]))

    refused = await api.post(f"{path_of(made)}/rescore", **body)

    assert (refused.status_code, refused.json()["code"]) == expected
    assert (await api.get(path_of(made))).json() == made


async def test_what_is_not_there_cannot_be_scored(
    api: httpx.AsyncClient, database: Database
) -> None:
    nowhere = f"/predictions/{UUID(int=7)}"
    made = await upload(api, resume_pdf(PEOPLE[0]))
    analysis = await analysis_of(database, made)
    career = replace(analysis.career, model=ModelRef("gone", "1"))
    await make_older(database, made, career=career)

    missing = [
        await api.post(f"{nowhere}/rescore"),
        await api.get(f"{nowhere}/resume"),
        await api.post(f"{path_of(made)}/rescore"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in missing] == [
        (404, "prediction_not_found"),
        (404, "prediction_not_found"),
        (404, "model_not_found"),
    ]
    async with database.writing() as connection:  # its model is no more, for those who check
        await connection.execute(
            delete(predictions).where(predictions.c.id == UUID(made["prediction_id"]))
        )


async def test_without_stored_text_a_file_is_needed(engine: Engine, tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", store_resume_text=False
    )
    async with client_of(engine, settings) as api:
        made = await upload(api, resume_pdf(PEOPLE[0]))
        path, file = path_of(made), {"file": ("b.pdf", resume_pdf(PEOPLE[1]))}
        refused = await api.post(f"{path}/rescore")
        done = await api.post(f"{path}/rescore", files=file)
        resume = await api.get(f"{path}/resume")
        text = await api.get(f"{path}/text")

    assert (refused.status_code, refused.json()["code"]) == (409, "text_not_stored")
    assert done.json()["changed"] == SAME | {"resume": True}
    assert (resume.status_code, resume.json()["basics"]["name"]) == (200, PEOPLE[1].name)
    assert (text.status_code, text.json()["code"]) == (409, "text_not_stored")


async def test_a_rescore_counts_as_an_upload(engine: Engine, tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", rate_limit_uploads="2/minute"
    )
    async with client_of(engine, settings) as api:
        made = await upload(api, resume_pdf(PEOPLE[0]))
        answers = [await api.post(f"{path_of(made)}/rescore") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"uploads";q=2;w=60'


async def test_a_renewal_that_fails_halfway_leaves_everything(
    api: httpx.AsyncClient, database: Database
) -> None:
    """The last step of the transaction fails: its lines are of a kind that cannot be written."""
    made = await upload(api, resume_pdf(PEOPLE[0]))
    store: PredictionStore = a_store(database)
    former = await store.record(UUID(made["prediction_id"]))
    other = await upload(api, resume_pdf(PEOPLE[1]))
    analysis = await analysis_of(database, other)
    assert former.lines is not None
    broken = replace(former.lines[0], box="not a box")  # type: ignore[arg-type]  # the very point

    with pytest.raises(Exception, match="box"):
        await store.renew(
            UUID(made["prediction_id"]),
            Renewal(analysis, "f" * 64, jobs_found("job-1"), (broken,)),
            at=utc_now() + timedelta(minutes=1),
        )

    assert await store.record(UUID(made["prediction_id"])) == former
