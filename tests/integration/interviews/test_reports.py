"""Interviews over HTTP, scored in this process."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from ml_service.bootstrap.database import interview_store, open_database
from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.service import service_over
from ml_service.domain.ports import Embeddings
from ml_service.interview.rubric import CRITERIA, MAIN_CRITERIA, RUBRIC_VERSION
from ml_service.settings import Settings
from tests.integration.conftest import client_of, client_over
from tests.integration.interviews.analyzing import ANALYZE, PATH, analyzed
from tests.interviews import ONE_ANSWER, QUOTED, an_interview, turns
from tests.unit.storage.examples import NOON
from tests.unit.storage.interviews import SAID
from tests.unit.storage.interviews import an_interview as a_stored_interview

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_transcript_becomes_a_report_that_is_kept(client: httpx.AsyncClient) -> None:
    answer = await client.post(ANALYZE, json=an_interview("spring/7", user_id="ada"))

    assert answer.status_code == 201, answer.text
    report = answer.json()
    assert answer.headers["location"] == f"{PATH}/spring%2F7"
    assert (report["interview_id"], report["user_id"]) == ("spring/7", "ada")
    assert (report["source"], report["rubric_version"]) == ("ml-service", RUBRIC_VERSION)
    assert report["services"] == {"communication": "ok", "technical": "ok"}
    assert 0 <= report["overall"] <= 100
    criteria = {one["criterion"]: one for one in report["criteria"]}
    assert tuple(criteria) == MAIN_CRITERIA
    assert sum(one["weight"] for one in criteria.values()) == pytest.approx(1)
    assert criteria["technical_depth"]["by_service"][0]["service"] == "technical"
    assert criteria["communication"]["by_service"][0]["revision"]
    for one in criteria.values():
        assert 1 <= one["score"] <= 5
        assert one["advice"]
        for said in one["evidence"]:
            assert said["text"] in turns()[said["turn"]]["content"]
            assert said["turn"] % 2 == 1

    kept = await client.get(answer.headers["location"])
    assert kept.json() == report
    assert kept.headers["etag"] == answer.headers["etag"]
    held = {"If-None-Match": kept.headers["etag"]}
    assert (await client.get(answer.headers["location"], headers=held)).status_code == 304


async def test_the_same_again_is_the_stored_one_and_another_is_refused(
    client: httpx.AsyncClient,
) -> None:
    first = await analyzed(client, "same", rubric={"communication": 1, "structure": 3})

    again = await client.post(
        ANALYZE, json=an_interview("same", rubric={"structure": 0.75, "communication": 0.25})
    )
    assert (again.status_code, again.json()) == (200, first)
    assert again.headers["location"] == f"{PATH}/same"
    for other in (
        an_interview("same"),
        an_interview("same", rubric={"communication": 1, "structure": 3}, job="Python"),
        an_interview("same", rubric={"communication": 1, "structure": 3}, user_id="bob"),
    ):
        refused = await client.post(ANALYZE, json=other)
        assert (refused.status_code, refused.json()["code"]) == (409, "interview_exists")
        assert "Delete it first" in refused.json()["detail"]

    assert (await client.delete(f"{PATH}/same")).status_code == 204
    for gone in (await client.delete(f"{PATH}/same"), await client.get(f"{PATH}/same")):
        assert (gone.status_code, gone.json()["code"]) == (404, "interview_not_found")
    await analyzed(client, "same")


async def test_both_services_score_what_both_know(client: httpx.AsyncClient) -> None:
    report = await analyzed(client, "both", rubric={"structure": 1, "ownership": 0})

    structure, ownership = report["criteria"]
    assert [one["service"] for one in structure["by_service"]] == ["communication", "technical"]
    assert structure["disagreement"] is not None
    assert (structure["asked_weight"], ownership["asked_weight"]) == (1, 0)


async def test_a_users_interviews_are_listed_in_pages(client: httpx.AsyncClient) -> None:
    for n in range(3):
        await analyzed(client, f"listed {n}", user_id="team/7")
    await analyzed(client, "another's", user_id="team")

    first = await client.get(f"{PATH}/user/team/7", params={"limit": 2})
    second = await client.get(first.headers["link"].partition(">")[0].removeprefix("<"))

    assert [row["interview_id"] for row in first.json()["data"]] == ["listed 2", "listed 1"]
    assert (first.json()["has_more"], second.json()["has_more"]) == (True, False)
    assert [row["interview_id"] for row in second.json()["data"]] == ["listed 0"]
    assert set(second.json()["data"][0]) == {
        "interview_id",
        "user_id",
        "created_at",
        "rubric_version",
        "overall",
    }
    assert (await client.get(f"{PATH}/user/nobody")).json()["data"] == []
    refused = await client.get(f"{PATH}/user/team", params={"cursor": "made up"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/cursor")


async def test_a_key_gives_the_first_answer_again(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "a-key"}
    first = await client.post(ANALYZE, json=an_interview("keyed"), headers=headers)

    again = await client.post(ANALYZE, json=an_interview("keyed"), headers=headers)
    other = await client.post(ANALYZE, json=an_interview("another"), headers=headers)

    assert (first.status_code, "idempotent-replayed" in first.headers) == (201, False)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    await client.delete(f"{PATH}/keyed")
    anew = await client.post(ANALYZE, json=an_interview("keyed"), headers=headers)
    assert (anew.status_code, "idempotent-replayed" in anew.headers) == (201, False)


async def test_each_key_may_do_what_its_scopes_say(engine: Engine, settings: Settings) -> None:
    keys = ",".join(
        f"{scope}:{scope}:{hashlib.sha256(scope.encode()).hexdigest()}"
        for scope in ("read", "write")
    )
    settings = settings.model_copy(update={"api_keys": SecretStr(keys)})
    async with client_of(engine, settings) as client:
        reader, writer = {"X-API-Key": "read"}, {"X-API-Key": "write"}
        one = f"{PATH}/scoped"
        unkeyed = [
            await client.post(ANALYZE, json=an_interview("scoped")),
            await client.get(f"{PATH}/health"),
            await client.get(f"{PATH}/rubric"),
            await client.get(one),
            await client.delete(one),
        ]
        refused = [
            await client.post(ANALYZE, json=an_interview("scoped"), headers=reader),
            await client.delete(one, headers=reader),
        ]
        made = await client.post(ANALYZE, json=an_interview("scoped"), headers=writer)
        read = await client.get(one, headers=reader)

    assert {answer.status_code for answer in unkeyed} == {401}
    assert {answer.status_code for answer in refused} == {403}
    assert (made.status_code, read.status_code) == (201, 200)


async def test_the_rubric_and_the_health_of_the_services_are_told(
    client: httpx.AsyncClient,
) -> None:
    rubric = await client.get(f"{PATH}/rubric")
    health = await client.get(f"{PATH}/health")

    assert rubric.json()["rubric_version"] == RUBRIC_VERSION
    assert [one["name"] for one in rubric.json()["criteria"]] == list(CRITERIA)
    assert health.json() == {
        "status": "healthy",
        "ml_services": {"model_service_1": "ok", "model_service_2": "ok"},
        "all_services_healthy": True,
    }


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/health", "GET, HEAD"),
        ("DELETE", "/rubric", "GET, HEAD"),
        ("GET", "/analyze", "POST"),
        ("DELETE", "/user/ada", "GET, HEAD"),
        ("PUT", "/health/of/ada", "DELETE, GET, HEAD"),
    ],
)
async def test_no_address_of_the_service_is_one_of_an_interview(
    client: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    answer = await client.request(method, PATH + path)

    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_an_export_holds_every_interview_and_erasing_leaves_none(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    first = await analyzed(client, "first", user_id="ada")
    second = await analyzed(client, "second", user_id="ada")
    kept = await analyzed(client, "kept", user_id="bob", transcript=[ONE_ANSWER])

    export = (await client.get("/users/ada/export")).json()
    assert [entry["interview"] for entry in export["interviews"]] == [second, first]
    assert export["interviews"][0]["transcript"] == turns()
    assert [event["action"] for event in export["interviews"][0]["audit_events"]] == ["created"]

    assert (await client.delete("/users/ada")).status_code == 204
    for path in ("first", "second"):
        assert (await client.get(f"{PATH}/{path}")).status_code == 404
    assert (await client.get("/users/ada/export")).json()["interviews"] == []
    assert (await client.get(f"{PATH}/user/ada")).json()["data"] == []
    assert (await client.get(f"{PATH}/kept")).json() == kept
    # Said in the second answer alone, which only ada gave.
    assert not await asyncio.to_thread(stands_in, tmp_path, "who was right")


def stands_in(folder: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_without_stored_text_quotations_are_shown_once_and_kept_nowhere(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"store_resume_text": False})
    async with client_of(engine, settings) as client:
        headers = {"Idempotency-Key": "b-key"}
        body = an_interview("private", user_id="ada")
        first = (await client.post(ANALYZE, json=body, headers=headers)).json()
        replayed = (await client.post(ANALYZE, json=body, headers=headers)).json()
        kept = (await client.get(f"{PATH}/private")).json()
        export = (await client.get("/users/ada/export")).json()
        left = await asyncio.to_thread(stands_in, tmp_path, QUOTED)

    quoted = [said for one in first["criteria"] for said in one["evidence"]]
    assert all(said["text"] for said in quoted)
    assert replayed == kept
    assert [said for one in kept["criteria"] for said in one["evidence"]] == [
        {"turn": said["turn"], "text": None} for said in quoted
    ]
    assert kept["overall"] == first["overall"]
    assert export["interviews"][0]["transcript"] is None
    assert left is False


async def test_an_interview_in_work_does_not_bring_an_erased_user_back(
    client: httpx.AsyncClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed = engine.encoder.embed_documents

    async def erased_meanwhile(texts: list[str]) -> Embeddings:
        await client.delete("/users/ada")
        return await embed(texts)

    with monkeypatch.context() as patched:
        patched.setattr(engine.encoder, "embed_documents", erased_meanwhile)
        refused = await client.post(ANALYZE, json=an_interview("in work", user_id="ada"))

    assert (refused.status_code, refused.json()["code"]) == (409, "user_erased")
    assert (await client.get(f"{PATH}/in%20work")).status_code == 404


async def test_what_is_too_old_is_gone_after_a_sweep(engine: Engine, settings: Settings) -> None:
    settings = settings.model_copy(update={"retention_days": 1})
    async with (
        open_database(settings) as database,
        service_over(engine, database, settings) as service,
        client_over(service, settings) as client,
    ):
        minutes_ago = (datetime.now(UTC) - timedelta(days=2) - NOON) // timedelta(minutes=1)
        old = a_stored_interview("old", minutes=minutes_ago)
        await interview_store(settings, database).add(old, transcript=SAID, begun_at=NOON)
        await analyzed(client, "young", user_id="user-1")
        await service.sweep()
        listed = await client.get(f"{PATH}/user/user-1")

    assert [row["interview_id"] for row in listed.json()["data"]] == ["young"]
