"""Interviews over HTTP, scored in this process."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from ml_service.bootstrap.database import interview_store, open_database
from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.service import service_over
from ml_service.domain.ports import Embeddings
from ml_service.interview.rubric import CRITERIA, MAIN_CRITERIA, RUBRIC_VERSION
from ml_service.interview.transcript import MAX_WORDS
from ml_service.settings import Settings
from tests.integration.conftest import client_of, client_over
from tests.interviews import QUESTIONS_AND_ANSWERS, QUOTED, an_interview, turns
from tests.unit.storage.examples import NOON
from tests.unit.storage.interviews import SAID
from tests.unit.storage.interviews import an_interview as a_stored_interview

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/api/v1/scoring"
ANALYZE = f"{PATH}/analyze"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", rate_limit_uploads="off"
    )


@pytest_asyncio.fixture(loop_scope="session")
async def client(engine: Engine, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(engine, settings) as opened:
        yield opened


async def analyzed(client: httpx.AsyncClient, interview_id: str, **fields: Any) -> dict[str, Any]:
    answer = await client.post(ANALYZE, json=an_interview(interview_id, **fields))
    assert answer.status_code == 201, answer.text
    interview: dict[str, Any] = answer.json()
    return interview


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


ONE_ANSWER = {"speaker": "Candidate", "content": QUESTIONS_AND_ANSWERS[0][1]}
GERMAN = (
    "Erzählen Sie von einem schwierigen Problem.",
    (
        "Unsere nächtliche Abrechnung dauerte sechs Stunden, weil jede Zeile einzeln geschrieben "
        "wurde. Ich habe gemessen, einen fehlenden Index gefunden und die Zeilen gebündelt."
    ),
)
BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "nothing": ({"transcript": []}, 422, "/transcript", "empty"),
    "blank turns": ({"transcript": turns(("", " "))}, 422, "/transcript", "empty"),
    "a candidate who says nothing": (
        {"transcript": turns(("Hello?", ""))},
        422,
        "/transcript",
        "says nothing",
    ),
    "no candidate": (
        {"transcript": [{"speaker": "Interviewer", "content": "Hello?"}]},
        422,
        "/transcript",
        "candidate",
    ),
    "unknown speakers": (
        {"transcript": turns(interviewer="Anna", candidate="Tom")},
        422,
        "/transcript",
        "speakers is known",
    ),
    "a candidate who is not there": (
        {"candidate": "Tim"},
        422,
        "/transcript",
        "how it is spelled",
    ),
    "zero weights": ({"rubric": {"communication": 0}}, 422, "/rubric", "zero"),
    "no weights": ({"rubric": {}}, 422, "/rubric", "empty"),
    "a negative weight": (
        {"rubric": {"communication": -1}},
        422,
        "/rubric/communication",
        "zero or above",
    ),
    "a missing weight": (
        {"rubric": {"communication": None}},
        422,
        "/rubric/communication",
        "number",
    ),
    "a weight in words": (
        {"rubric": {"communication": "much"}},
        422,
        "/rubric/communication",
        "number",
    ),
    "an unknown criterion": ({"rubric": {"charm": 1}}, 422, "/rubric/charm", "Known are"),
    "another language": ({"transcript": turns(GERMAN)}, 422, "/transcript", "English"),
    "an unknown field": ({"language": "en"}, 422, "/language", "not known"),
    "a turn without a speaker": (
        {"transcript": [{"content": "Hello"}]},
        422,
        "/transcript/0/speaker",
        "required",
    ),
    "an id that is an address": ({"interview_id": "health"}, 422, "/interview_id", "another one"),
    "an id that is a list": ({"interview_id": "user/ada"}, 422, "/interview_id", "another one"),
    "an id that is a step": ({"interview_id": "."}, 422, "/interview_id", "another one"),
    "an id that is a step up": ({"interview_id": ".."}, 422, "/interview_id", "another one"),
    "half a character": (
        {"transcript": turns(("Hello?", "I built it \ud800 alone."))},
        422,
        "/transcript/1/content",
        "cannot be used",
    ),
    "two candidates": (
        {"transcript": [{**ONE_ANSWER, "speaker": f"Candidate {n}"} for n in (1, 2)]},
        422,
        "/candidate",
        "Two candidates speak",
    ),
    "a blank id": ({"interview_id": " "}, 422, "/interview_id", "not blank"),
    "a long id": ({"interview_id": "x" * 129}, 422, "/interview_id", "128"),
    "a user of two lines": ({"user_id": "a\nb"}, 422, "/user_id", "one line"),
    "a job of whole books": ({"job": "x" * 20_001}, 422, "/job", "20000"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
async def test_bad_input_gets_a_clear_answer(client: httpx.AsyncClient, case: str) -> None:
    fields, status, pointer, words = BAD[case]

    body = json.dumps({**an_interview("bad"), **fields})

    answer = await client.post(ANALYZE, content=body, headers={"Content-Type": "application/json"})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, "invalid_request"), answer.text
    assert problem["errors"][0]["pointer"] == pointer
    assert words in problem["errors"][0]["detail"]
    assert (await client.get(f"{PATH}/bad")).status_code == 404


async def test_a_weight_that_is_no_number_in_json_is_refused(client: httpx.AsyncClient) -> None:
    body = json.dumps({**an_interview("bad"), "rubric": {"communication": float("nan")}})

    answer = await client.post(ANALYZE, content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (
        422,
        "/rubric/communication",
    )


async def test_fifty_thousand_words_are_told_how_many_are_taken(
    client: httpx.AsyncClient,
) -> None:
    words = "word " * 25_000

    answer = await client.post(
        ANALYZE, json={**an_interview("long"), "transcript": turns((words, words))}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert f"{MAX_WORDS:,} words" in answer.json()["detail"]


async def test_one_speaker_only_is_scored_and_what_is_missing_is_said(
    client: httpx.AsyncClient,
) -> None:
    report = await analyzed(
        client, "alone", transcript=[ONE_ANSWER], rubric={"relevance": 1, "technical_depth": 1}
    )

    relevance, depth = report["criteria"]
    assert (relevance["score"], relevance["weight"], relevance["asked_weight"]) == (
        "not assessed",
        0,
        0.5,
    )
    assert depth["weight"] == 1
    assert any("no question" in sentence for sentence in report["missing"])
    assert any("not assessed" in sentence for sentence in report["missing"])


async def test_an_answer_without_substance_is_not_assessed(client: httpx.AsyncClient) -> None:
    report = await analyzed(client, "short", transcript=turns(("How are you?", "Fine, thank you.")))

    assert report["overall"] is None
    assert {one["score"] for one in report["criteria"]} == {"not assessed"}
    assert {one["weight"] for one in report["criteria"]} == {0}
    assert all(one["evidence"] == [] and one["advice"] for one in report["criteria"])


async def test_what_is_set_aside_is_said(client: httpx.AsyncClient) -> None:
    marked = ("Why?", f"<p>{QUESTIONS_AND_ANSWERS[0][1]}</p>")

    report = await analyzed(
        client, "mixed", transcript=turns(*QUESTIONS_AND_ANSWERS, marked, GERMAN)
    )

    assert any("Markup" in sentence for sentence in report["missing"])
    assert any("1 turn of the candidate may not be in English" in one for one in report["missing"])


async def test_labels_of_ones_own_are_taken_with_the_candidates(client: httpx.AsyncClient) -> None:
    usual = await analyzed(client, "usual")
    named = await analyzed(
        client,
        "named",
        transcript=turns(interviewer="Anna", candidate="Tom"),
        candidate="tom",
    )

    assert named["criteria"] == usual["criteria"]


async def test_markup_is_text_like_any_other(client: httpx.AsyncClient) -> None:
    marked = "<script>alert(1)</script> I chose PostgreSQL & <b>batched</b> updates because of it."
    pairs = (*QUESTIONS_AND_ANSWERS, ("What did you <i>choose</i>?", marked))

    report = await analyzed(client, "<b>&amp;", user_id="<u>", transcript=turns(*pairs))

    assert (report["interview_id"], report["user_id"]) == ("<b>&amp;", "<u>")
    for one in report["criteria"]:
        for said in one["evidence"]:
            assert said["text"] in turns(*pairs)[said["turn"]]["content"]
    assert (await client.get(f"{PATH}/%3Cb%3E&amp;")).json() == report
    assert (await client.get(f"{PATH}/user/%3Cu%3E")).json()["data"][0]["user_id"] == "<u>"


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
