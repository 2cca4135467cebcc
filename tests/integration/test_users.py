"""All that is held of a user: handed over whole, or erased from answers and files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from ml_service.bootstrap.database import open_database
from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.service import Service, service_over
from ml_service.domain.document import Document, ExtractedText
from ml_service.domain.posting import JobsOutcome
from ml_service.settings import Settings
from ml_service.storage.database import Database
from ml_service.storage.predictions import SqlPredictionStore
from ml_service.storage.tables import audit_events, metadata
from ml_service.use_cases.browse_history import IDS_AT_ONCE
from tests.documents import resume_pdf
from tests.integration.conftest import client_of, client_over
from tests.people import PEOPLE, Person
from tests.unit.storage.examples import LINES, NOON, a_posting, a_prediction
from tests.unit.storage.stores import a_store

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
async def database(settings: Settings) -> AsyncIterator[Database]:
    async with open_database(settings) as database:
        yield database


@pytest_asyncio.fixture(loop_scope="session")
async def service(engine: Engine, database: Database, settings: Settings) -> AsyncIterator[Service]:
    async with service_over(engine, database, settings) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="session")
async def store(client: httpx.AsyncClient, settings: Settings) -> AsyncIterator[SqlPredictionStore]:
    """Another process on the same file, once the service has made it."""
    database = Database(settings.resolved_database_url)
    await database.open()
    yield a_store(database)
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
    assert set(export) == {"user_id", "exported_at", "predictions", "interviews"}
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


async def test_an_export_reads_a_record_when_the_one_before_it_was_taken(
    service: Service, database: Database
) -> None:
    store = a_store(database)
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
    service: Service, database: Database, settings: Settings
) -> None:
    await database.close()
    async with client_over(service, settings) as client:
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
            if table.name not in {"upkeep", "erased_users"}
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
    refused = await client.delete("/users/marta/export")
    erased = await client.delete("/users/marta%2Fexport")
    left = await client.get("/users/marta%2Fexport/export")
    kept = await client.get("/users/marta/export")

    assert [entry["prediction"]["user_id"] for entry in export.json()["predictions"]] == [
        "marta/export"
    ]
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert (erased.status_code, left.json()["predictions"]) == (204, [])
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


@pytest.mark.parametrize("user_id", ["ada\n", "a\nb", "a\rb", "a\tb", "a\u2028b"])
async def test_a_user_of_two_lines_is_nobody_and_never_another_one(
    client: httpx.AsyncClient, store: SqlPredictionStore, user_id: str
) -> None:
    mine = a_prediction(user_id="ada")
    await store.add(mine, lines=LINES)
    named = quote(user_id, safe="")
    one = f"/predictions/{mine.prediction_id}"
    for answer in (
        await client.delete(f"/users/{named}"),
        await client.get(f"/users/{named}/export"),
        await client.get("/users/ada/export%0A"),
        await client.get(f"/predictions/user/{named}"),
        await client.get("/predictions", params={"user_id": user_id}),
        await client.patch(one, json={"user_id": user_id}),
        await client.post(
            "/predict",
            files={"file": ("a.pdf", resume_pdf(PEOPLE[0]))},
            data={"user_id": user_id},
        ),
    ):
        assert answer.status_code in {404, 422}, answer.text
    assert (await client.get(one)).json()["user_id"] == "ada"


async def test_an_upload_in_work_does_not_bring_an_erased_user_back(
    client: httpx.AsyncClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its key is free: who sends it again makes a new one."""
    read = engine.reader.read

    async def erased_while_reading(document: Document) -> ExtractedText:
        await client.delete(f"/users/{IN_PATH}")
        return await read(document)

    with monkeypatch.context() as patched:
        patched.setattr(engine.reader, "read", erased_while_reading)
        refused = await client.post(
            "/predict",
            files={"file": ("a.pdf", resume_pdf(PEOPLE[0]))},
            data={"user_id": USER},
            headers={"Idempotency-Key": "c-key"},
        )
    held = await client.get(f"/users/{IN_PATH}/export")
    await upload(client, PEOPLE[0], key="c-key")

    assert (refused.status_code, refused.json()["code"]) == (409, "user_erased")
    assert held.json()["predictions"] == []


async def test_the_answer_to_a_key_names_the_user_it_was_given_to_since(
    client: httpx.AsyncClient,
) -> None:
    made = await upload(client, PEOPLE[0], key="d-key")
    path = f"/predictions/{made['prediction_id']}"
    await client.patch(path, json={"user_id": "another"})

    again = await upload(client, PEOPLE[0], key="d-key")

    assert (again["prediction_id"], again["user_id"]) == (made["prediction_id"], "another")


async def test_what_is_too_old_is_gone_after_a_sweep(engine: Engine, settings: Settings) -> None:
    settings = settings.model_copy(update={"retention_days": 1})
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
        client_over(service, settings) as client,
    ):
        two_days_ago = datetime.now(UTC) - timedelta(days=2)
        old = replace(a_prediction(), created_at=two_days_ago)
        await a_store(database).add(old, lines=LINES)
        young = await upload(client, PEOPLE[0])
        await service.sweep()
        listed = await client.get("/predictions")

    assert [row["prediction_id"] for row in listed.json()["data"]] == [young["prediction_id"]]
