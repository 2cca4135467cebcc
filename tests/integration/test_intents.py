"""Intents over HTTP, by a model that is learned here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend_client import AsyncResumeClient, InvalidRequestError, NotFoundError
from ml_service.bootstrap.encoder import vector_of
from ml_service.bootstrap.engine import Engine
from ml_service.bootstrap.models import model_host
from ml_service.hosting.loaded import CANARY
from ml_service.settings import Settings
from tests.integration.conftest import client_of
from tests.intent_models import train_intents
from tests.model_shelves import shelf_with_occupations

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLASSIFY = "/api/v1/intents/classify"
BATCH = f"{CLASSIFY}/batch"
SEARCH = "remote python jobs in Berlin since last week"
ELSEWHERE = "how long do I boil an egg?"
READER = {"X-API-Key": "a reader"}
KEYS = f"web:read:{sha256(b'a reader').hexdigest()}"


def settings_of(folder: Path, data_dir: Path, **changes: Any) -> Settings:
    named: dict[str, Any] = {
        "models_dir": folder,
        "data_dir": data_dir,
        "jobs_provider": "off",
        "rate_limit_default": "off",
        **changes,
    }
    return Settings(_env_file=None, **named)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shelf_with_occupations(tmp_path_factory.mktemp("models"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def own(engine: Engine, folder: Path, data_dir: Path) -> AsyncIterator[Engine]:
    """The engine of all tests with a folder of models of its own, and intents in it."""
    settings = settings_of(folder, data_dir)
    await train_intents(engine, settings, "intents")
    host = model_host(settings, engine.catalogue, await vector_of(CANARY, engine.encoder, settings))
    await host.refresh()
    yield replace(engine, host=host)
    await host.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def api(own: Engine, folder: Path, data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(own, settings_of(folder, data_dir)) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def whole(own: Engine, folder: Path, data_dir: Path) -> str:
    """The name of a model of all examples, as the one that ships."""
    await train_intents(own, settings_of(folder, data_dir), "whole", of_each=10_000)
    await own.host.refresh()
    return "whole"


async def told(api: httpx.AsyncClient, text: str, **body: Any) -> Any:
    answer = await api.post(CLASSIFY, json={"text": text, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_wish_for_jobs_is_a_search(api: httpx.AsyncClient, own: Engine) -> None:
    understood = await told(api, SEARCH)

    assert understood["intent"] == "search_jobs"
    assert 0.5 < understood["confidence"] <= 1
    assert understood["out_of_scope"] is False
    slots = understood["slots"]
    spans = {span["slot"]: SEARCH[span["start"] : span["end"]] for span in slots.pop("spans")}
    assert slots == {
        "query": "python",
        "location": "Berlin",
        "country": None,
        "remote": True,
        "employment_types": [],
        "date_posted": "week",
    }
    assert (spans["query"], spans["remote"]) == ("python", "remote")
    assert "Berlin" in spans["location"]
    revision = own.host.answering["intents"]["champion"]
    assert understood["model"] == {
        "model_id": "intents",
        "revision": revision,
        "arm": "champion",
    }
    assert understood["encoder"]["model_id"] == own.encoder.ref.model_id


async def test_what_was_understood_can_be_asked_of_the_job_search(api: httpx.AsyncClient) -> None:
    slots = (await told(api, SEARCH))["slots"]
    asked = {name: value for name, value in slots.items() if value and name != "spans"}

    answer = await api.get("/jobs/search", params=asked)

    # No board is configured here; a parameter that the route refuses would be 422.
    assert (answer.status_code, answer.json()["code"]) == (503, "jobs_not_configured")


async def test_offsets_are_of_code_points(api: httpx.AsyncClient) -> None:
    text = "🙂🙂 nurse jobs in Köln please"

    spans = (await told(api, text))["slots"]["spans"]

    (place,) = (span for span in spans if span["slot"] == "location")
    assert text[place["start"] : place["end"]].endswith("Köln")


async def test_another_wish_has_no_slots(api: httpx.AsyncClient) -> None:
    understood = await told(api, "please erase everything you store about me")

    assert understood["intent"] == "delete_my_data"
    assert understood["slots"] is None
    shares = [understood["confidence"], *(one["confidence"] for one in understood["alternatives"])]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1 + 1e-6


@pytest.mark.parametrize("text", ["electrician", "Toronto", "barber jobs in the last 4 days"])
async def test_what_people_type_into_a_search_box_is_a_search(
    api: httpx.AsyncClient, whole: str, text: str
) -> None:
    assert (await told(api, text, model=whole))["intent"] == "search_jobs"


@pytest.mark.parametrize("text", ["don't delete my profile", "please do not delete my account"])
async def test_who_wants_nothing_deleted_is_not_led_to_deleting(
    api: httpx.AsyncClient, whole: str, text: str
) -> None:
    assert (await told(api, text, model=whole))["intent"] != "delete_my_data"


async def test_no_chances_of_an_answer_sum_to_more_than_one(api: httpx.AsyncClient) -> None:
    texts = ["welder", "salary of cats", "keep it", "talk", "compare jobs", "what now"]
    results = (await api.post(BATCH, json={"texts": texts})).json()["results"]

    answers = [[one, *one["alternatives"]] for one in results]
    assert all(sum(said["confidence"] for said in answer) <= 1 + 1e-6 for answer in answers)
    doubted = [one for one in results if not one["out_of_scope"]]
    assert any("out_of_scope" in {a["intent"] for a in one["alternatives"]} for one in doubted)


async def test_what_no_intent_fits_is_out_of_scope(api: httpx.AsyncClient) -> None:
    understood = await told(api, ELSEWHERE)

    assert (understood["intent"], understood["out_of_scope"]) == ("out_of_scope", True)
    assert understood["confidence"] > 0.5
    assert understood["slots"] is None
    assert understood["alternatives"]
    assert "out_of_scope" not in {one["intent"] for one in understood["alternatives"]}


async def test_a_batch_answers_as_its_texts_do_alone(api: httpx.AsyncClient) -> None:
    texts = [SEARCH, ELSEWHERE, SEARCH, "how much does a welder earn?"]

    answer = await api.post(BATCH, json={"texts": texts, "user_id": "marta"})

    results = answer.json()["results"]
    alone = [await told(api, text, user_id="marta") for text in texts]
    assert [one["intent"] for one in results] == [one["intent"] for one in alone]
    assert [one["slots"] for one in results] == [one["slots"] for one in alone]
    assert [one["confidence"] for one in results] == pytest.approx(
        [one["confidence"] for one in alone], abs=0.02
    )


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        (CLASSIFY, {}, "/text"),
        (CLASSIFY, {"text": ""}, "/text"),
        (CLASSIFY, {"text": " \n"}, "/text"),
        (CLASSIFY, {"text": "a\x00b"}, "/text"),
        (CLASSIFY, {"text": "jobs " * 401}, "/text"),
        (CLASSIFY, {"text": ["jobs"]}, "/text"),
        (CLASSIFY, {"text": "jobs", "colour": "blue"}, "/colour"),
        (CLASSIFY, {"text": "jobs", "model": ""}, "/model"),
        (CLASSIFY, {"text": "jobs", "user_id": "two\nlines"}, "/user_id"),
        (BATCH, {"texts": []}, "/texts"),
        (BATCH, {"texts": ["jobs"] * 257}, "/texts"),
        (BATCH, {"texts": ["jobs", " "]}, "/texts/1"),
        (BATCH, {"texts": "jobs"}, "/texts"),
    ],
)
async def test_bounds_are_told(
    api: httpx.AsyncClient, route: str, body: dict[str, Any], field: str
) -> None:
    answer = await api.post(route, json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [field]


async def test_the_bounds_themselves_are_inside(api: httpx.AsyncClient) -> None:
    long = await told(api, "jobs " * 399 + "jobs!")
    many = await api.post(BATCH, json={"texts": ["jobs"] * 256})

    assert long["model"]["model_id"] == "intents"
    assert len(many.json()["results"]) == 256


async def test_any_model_of_intents_can_be_asked_for(
    api: httpx.AsyncClient, own: Engine, folder: Path, data_dir: Path
) -> None:
    trained = await train_intents(own, settings_of(folder, data_dir), "others")
    await own.host.refresh()
    revision = trained.card.revision

    by_field = await told(api, SEARCH, model=f"others@{revision}")
    by_header = await api.post(CLASSIFY, json={"text": SEARCH}, headers={"X-Model": "others"})
    both = await api.post(
        CLASSIFY, json={"text": SEARCH, "model": "intents"}, headers={"X-Model": "others"}
    )

    assert by_field["model"] == {"model_id": "others", "revision": revision, "arm": None}
    assert by_header.json()["model"]["model_id"] == "others"
    assert (both.status_code, both.json()["errors"][0]["pointer"]) == (422, "/model")


@pytest.mark.parametrize("model", ["nothing", "intents@0123456789ab", "occupations", "../intents"])
async def test_what_is_no_model_of_intents_is_not_found(api: httpx.AsyncClient, model: str) -> None:
    answer = await api.post(CLASSIFY, json={"text": SEARCH, "model": model})

    assert (answer.status_code, answer.json()["code"]) == (404, "model_not_found")
    assert "Make one" not in answer.json()["detail"]


async def test_health_names_mode_model_and_engine(api: httpx.AsyncClient, own: Engine) -> None:
    parts = (await api.get("/health/ready")).json()["parts"]

    (part,) = (part for part in parts if part["name"] == "intents")
    assert part == {
        "name": "intents",
        "state": "ready",
        "needed": False,
        "detail": {
            "mode": "local",
            "model": "intents",
            "revision": own.host.answering["intents"]["champion"],
            "engine": own.encoder.ref.engine,
        },
    }


@pytest.mark.parametrize(("name", "state"), [("absent", "not_configured"), ("occupations", None)])
async def test_without_such_a_model_all_else_answers(
    own: Engine, folder: Path, tmp_path: Path, name: str, state: str | None
) -> None:
    """``occupations`` is there, but is no model of intents."""
    settings = settings_of(folder, tmp_path, intents_model=name)
    async with client_of(own, settings) as client:
        missing = await client.post(CLASSIFY, json={"text": SEARCH})
        named = await client.post(CLASSIFY, json={"text": SEARCH, "model": "intents"})
        ready = await client.get("/health/ready")

    assert (missing.status_code, missing.json()["code"]) == (404, "model_not_found")
    assert ("--task intents --name absent" in missing.json()["detail"]) == (name == "absent")
    assert named.status_code == 200
    (part,) = (part for part in ready.json()["parts"] if part["name"] == "intents")
    assert (ready.status_code, part["state"]) == (200, state or "not_ready")


async def test_to_read_is_enough(own: Engine, folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder, tmp_path, api_keys=KEYS)
    async with client_of(own, settings) as client:
        nobody = await client.post(CLASSIFY, json={"text": SEARCH})
        reader = await client.post(BATCH, json={"texts": [SEARCH]}, headers=READER)

    assert (nobody.status_code, reader.status_code) == (401, 200)


async def test_requests_are_counted(own: Engine, folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder, tmp_path, rate_limit_default="2/minute")
    async with client_of(own, settings) as client:
        answers = [await client.post(CLASSIFY, json={"text": SEARCH}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_beyond_the_permits_callers_are_told_to_come_back(
    own: Engine, folder: Path, tmp_path: Path
) -> None:
    settings = settings_of(folder, tmp_path, max_uploads_in_work=1)
    async with client_of(own, settings) as client:
        texts = [f"jobs for a welder in street {number}" for number in range(200)]
        answers = await asyncio.gather(
            *(client.post(BATCH, json={"texts": texts}) for _ in range(3))
        )

    assert sorted(answer.status_code for answer in answers) == [200, 503, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json()["code"] == "overloaded"
    assert int(refused.headers["Retry-After"]) > 0


async def test_the_client_answers_the_same(api: httpx.AsyncClient) -> None:
    client = AsyncResumeClient("http://127.0.0.1", fallback="off", http_client=api)

    one = await client.classify_intent(SEARCH, user_id="marta")
    many = await client.classify_intents([SEARCH, ELSEWHERE], model="intents")
    with pytest.raises(NotFoundError):
        await client.classify_intent(SEARCH, model="nothing")
    with pytest.raises(InvalidRequestError):
        await client.classify_intents([])

    assert one.as_json() == await told(api, SEARCH)
    assert one.slots is not None
    assert one.model_extra == one.slots.model_extra == {}
    assert [result.intent for result in many.results] == ["search_jobs", "out_of_scope"]
