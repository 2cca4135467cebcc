"""All that is held of a user: handed over whole, or erased from answers and files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from ml_service.app.main import create_app
from ml_service.bootstrap import Engine, open_database, service_over
from ml_service.domain.posting import JobsOutcome
from ml_service.settings import Settings
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, metadata
from ml_service.use_cases.browse_history import IDS_AT_ONCE
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE, Person
from tests.unit.storage.examples import LINES, NOON, a_posting, a_prediction

pytestmark = pytest.mark.asyncio(loop_scope="session")

USER = "team/7 zymurgical ü%2F"
IN_PATH = "team%2F7%20zymurgical%20%C3%BC%252F"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, jobs_provider="off")


@pytest_asyncio.fixture(loop_scope="session")
async def client(engine: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(engine, settings) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="session")
async def store(client: httpx.AsyncClient, settings: Settings) -> AsyncIterator[SqlPredictionStore]:
    """Another process on the same file, once the service has made it."""
    database = Database(settings.resolved_database_url)
    await database.open()
    yield SqlPredictionStore(database, store_text=True)
    await database.close()


async def upload(
    client: httpx.AsyncClient, person: Person, *, name: str = "resume.pdf", key: str | None = None
) -> dict[str, Any]:
    answer = await client.post(
        "/predict",
        files={"file": (name, resume_pdf(person))},
        data={"user_id": USER},
        headers={"Idempotency-Key": key} if key else {},
    )
    assert answer.status_code == 201, answer.text
    prediction: dict[str, Any] = answer.json()
    return prediction


async def test_an_export_holds_every_prediction_whole(client: httpx.AsyncClient) -> None:
    first = await upload(client, PEOPLE[0])
    second = await upload(client, PEOPLE[1])
    path = f"/predictions/{first['prediction_id']}"
    first = (await client.patch(path, json={"notes": "call back", "tags": ["spring"]})).json()
    await client.post(
        "/predict", files={"file": ("a.pdf", resume_pdf(PEOPLE[2]))}, data={"user_id": "team"}
    )

    answer = await client.get(f"/users/{IN_PATH}/export")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="export.json"'
    export = answer.json()
    assert set(export) == {"user_id", "exported_at", "predictions"}
    assert export["user_id"] == USER
    assert [entry["prediction"] for entry in export["predictions"]] == [second, first]
    lines = [(await client.get(f"{path}/text")).json()["lines"]]
    assert [export["predictions"][1]["lines"]] == lines
    assert [event["action"] for event in export["predictions"][1]["audit_events"]] == [
        "created",
        "changed",
    ]


async def test_an_unknown_users_export_is_empty_and_erasing_him_is_done(
    client: httpx.AsyncClient,
) -> None:
    export = await client.get("/users/nobody/export")

    assert (export.status_code, export.json()["predictions"]) == (200, [])
    assert (await client.delete("/users/nobody")).status_code == 204


async def test_an_export_of_many_pages_misses_none_and_repeats_none(
    client: httpx.AsyncClient, store: SqlPredictionStore
) -> None:
    made = [a_prediction(minutes=n, user_id="many") for n in range(2 * IDS_AT_ONCE + 7)]
    for prediction in made:
        await store.add(prediction, lines=LINES)

    export = (await client.get("/users/many/export")).json()

    ids = [entry["prediction"]["prediction_id"] for entry in export["predictions"]]
    assert ids == [str(prediction.prediction_id) for prediction in reversed(made)]


async def test_an_export_holds_one_prediction_in_memory_at_a_time(
    engine: Engine, settings: Settings
) -> None:
    """The next record is not read before the one before it was taken."""
    app = create_app(settings)
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
    ):
        app.state.service = service
        store = SqlPredictionStore(database, store_text=True)
        made = [a_prediction(minutes=n, user_id="many") for n in range(3)]
        for prediction in made:
            await store.add(prediction, lines=LINES)

        held = await service.users_records.export("many")
        first = await anext(held.records)
        await service.history.delete(made[1].prediction_id)
        await store.add(a_prediction(minutes=9, user_id="many"), lines=LINES)
        rest = [record.prediction async for record in held.records]

    assert (first.prediction, rest) == (made[2], [made[0]])


async def test_a_database_that_is_away_is_told_before_the_export_begins(
    engine: Engine, settings: Settings
) -> None:
    app = create_app(settings)
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
    ):
        app.state.service = service
        await database.close()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/users/marta/export")

    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


SECRETS = {
    "name": "Quetzalcoatlus",
    "employer": "Wyvernsmithy",
    "text": "xylophonistically",
    "file": "zyzzyvaphile",
    "former note": "jabberwockian",
    "note": "bandersnatched",
    "tag": "frumiousness",
    "job": "vorpalcutlery",
    "user": "zymurgical",
}


def remains(folder: Path) -> set[str]:
    """Secrets whose endings still stand in a file; an index keeps words without their start."""
    content = b"".join(path.read_bytes().lower() for path in folder.iterdir() if path.is_file())
    return {kind for kind, secret in SECRETS.items() if secret.lower()[4:].encode() in content}


def secret_person() -> Person:
    job = replace(
        PEOPLE[0].jobs[0],
        employer=SECRETS["employer"],
        highlights=(
            f"Built services that {SECRETS['text']} answer.",
            *PEOPLE[0].jobs[0].highlights,
        ),
    )
    return replace(PEOPLE[0], name=f"Marta {SECRETS['name']}", jobs=(job, *PEOPLE[0].jobs[1:]))


async def test_nothing_of_an_erased_user_stays_in_answers_or_files(
    client: httpx.AsyncClient, store: SqlPredictionStore, tmp_path: Path
) -> None:
    for n in range(30):
        await store.add(a_prediction(minutes=n, user_id="another"), lines=LINES)
    secret = await upload(client, secret_person(), name=f"{SECRETS['file']}.pdf", key="a-key")
    path = f"/predictions/{secret['prediction_id']}"
    await client.patch(path, json={"notes": SECRETS["former note"]})
    await client.patch(path, json={"notes": SECRETS["note"], "tags": [SECRETS["tag"]]})
    jobs = JobsOutcome("ok", (a_posting(title=SECRETS["job"]),), "jsearch", "q", NOON)
    await store.record_jobs(UUID(secret["prediction_id"]), jobs, at=NOON)
    assert await asyncio.to_thread(remains, tmp_path) == set(SECRETS)

    erased = await client.delete(f"/users/{IN_PATH}")

    assert erased.status_code == 204
    assert await asyncio.to_thread(remains, tmp_path) == set()
    assert (await client.get(path)).status_code == 404
    assert (await client.get(f"/users/{IN_PATH}/export")).json()["predictions"] == []
    for word in SECRETS.values():
        found = await client.get("/predictions/search", params={"q": word})
        assert found.json()["data"] == []
    kept = await client.get("/users/another/export")
    assert len(kept.json()["predictions"]) == 30
    again = await upload(client, PEOPLE[0], key="a-key")
    assert again["prediction_id"] != secret["prediction_id"]


async def test_only_the_audit_trail_stays_and_it_names_nobody(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    made = await upload(client, PEOPLE[0], key="b-key")
    await client.delete(f"/users/{IN_PATH}")

    async with open_database(settings) as database, database.reading() as connection:
        counts = {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != "upkeep"
        }
        events = (await connection.execute(select(audit_events))).all()

    assert {name: count for name, count in counts.items() if count} == {"audit_events": 2}
    assert [(str(event.subject_id), event.actor, event.action) for event in events] == [
        (made["prediction_id"], "service", "created"),
        (made["prediction_id"], "service", "erased"),
    ]


async def test_a_user_whose_name_ends_like_a_route_is_his_own(client: httpx.AsyncClient) -> None:
    for user_id in ("marta", "marta/export"):
        await client.post(
            "/predict",
            files={"file": ("a.pdf", resume_pdf(PEOPLE[0]))},
            data={"user_id": user_id},
        )

    export = await client.get("/users/marta%2Fexport/export")
    await client.delete("/users/marta%2Fexport")
    kept = await client.get("/users/marta/export")

    assert [entry["prediction"]["user_id"] for entry in export.json()["predictions"]] == [
        "marta/export"
    ]
    assert len(kept.json()["predictions"]) == 1


@pytest.mark.parametrize("user_id", ["%20", "a%00b", "x" * 129])
async def test_a_user_that_cannot_be_is_refused(client: httpx.AsyncClient, user_id: str) -> None:
    for answer in (
        await client.get(f"/users/{user_id}/export"),
        await client.delete(f"/users/{user_id}"),
        await client.get(f"/predictions/user/{user_id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert answer.json()["errors"][0]["pointer"] == "/user_id"


async def test_what_is_too_old_is_gone_after_a_sweep(engine: Engine, settings: Settings) -> None:
    settings = settings.model_copy(update={"retention_days": 1})
    app = create_app(settings)
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
    ):
        app.state.service = service
        store = SqlPredictionStore(database, store_text=True)
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        old = replace(a_prediction(), created_at=two_days_ago)
        await store.add(old, lines=LINES)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            young = await upload(client, PEOPLE[0])
            await service.sweep()
            listed = await client.get("/predictions")

    assert [row["prediction_id"] for row in listed.json()["data"]] == [young["prediction_id"]]
