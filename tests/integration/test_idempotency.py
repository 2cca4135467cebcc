"""``Idempotency-Key`` on uploads: sent again, answered again; never worked on twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.documents import resume_docx, resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

RESUME = resume_pdf(PEOPLE[0])
REPLAYED = "idempotent-replayed"


async def upload(
    api: httpx.AsyncClient, key: str, *, content: bytes = RESUME, force: bool = True, **fields: str
) -> httpx.Response:
    return await api.post(
        "/predict",
        params={"force": force},
        files={"file": ("resume.pdf", content)},
        data=fields,
        headers={"Idempotency-Key": key},
    )


async def n_predictions(api: httpx.AsyncClient, user_id: str) -> int:
    return len((await api.get(f"/predictions/user/{user_id}")).json()["data"])


async def test_the_same_request_gets_the_first_answer_again(api: httpx.AsyncClient) -> None:
    first = await upload(api, "again", user_id="again")
    path = first.headers["location"]
    await api.patch(path, json={"notes": "changed since"})
    second = await upload(api, "again", user_id="again")

    assert (first.status_code, second.status_code) == (201, 201)
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == "true"
    assert second.headers["location"] == path
    assert second.content == first.content
    assert second.headers["etag"] == first.headers["etag"]
    assert await n_predictions(api, "again") == 1


async def test_a_stored_answer_is_given_again_as_such(api: httpx.AsyncClient) -> None:
    made = await upload(api, "made", force=False, user_id="stored")
    found = await upload(api, "found", force=False, user_id="stored")
    again = await upload(api, "found", force=False, user_id="stored")

    assert [a.status_code for a in (made, found, again)] == [201, 200, 200]
    assert made.content == found.content == again.content
    assert (REPLAYED in found.headers, REPLAYED in again.headers) == (False, True)


@pytest.mark.parametrize(
    "changed",
    [
        {"content": resume_docx(PEOPLE[1])},
        {"job_location": "Berlin"},
        {"document_date": "2026-01-31"},
        {"model": "occupations"},
        {"user_id": "somebody"},
        {"force": False},
    ],
)
async def test_another_request_under_the_same_key_is_refused(
    api: httpx.AsyncClient, changed: dict[str, Any]
) -> None:
    if not await n_predictions(api, "reused"):
        assert (await upload(api, "reused", user_id="reused")).status_code == 201

    answer = await upload(api, "reused", **{"user_id": "reused"} | changed)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await n_predictions(api, "reused") == 1


async def test_of_two_at_once_one_is_told_to_wait(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(upload(api, "at-once", user_id="at once") for _ in range(3)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, 409, 409]
    for refused in (answer for answer in answers if answer.status_code == 409):
        assert refused.json()["code"] == "idempotency_key_in_use"
        assert int(refused.headers["retry-after"]) > 0
    assert await n_predictions(api, "at once") == 1


async def test_a_refusal_leaves_the_key_free(api: httpx.AsyncClient) -> None:
    refused = await upload(api, "free", content=b"%PDF-1.4 nothing", user_id="free")
    unknown = await upload(api, "free", model="no-such-model", user_id="free")
    accepted = await upload(api, "free", user_id="free")

    assert [a.status_code for a in (refused, unknown, accepted)] == [422, 404, 201]


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "two words", "naïve"])
async def test_what_cannot_be_a_key_is_refused(api: httpx.AsyncClient, key: str) -> None:
    answer = await api.post(
        "/predict",
        files={"file": ("resume.pdf", RESUME)},
        headers=[(b"Idempotency-Key", key.encode("latin-1"))],
    )

    assert answer.status_code == 422
    assert [error["pointer"].lower() for error in answer.json()["errors"]] == ["/idempotency-key"]


async def test_a_deleted_prediction_is_not_given_again(api: httpx.AsyncClient) -> None:
    first = await upload(api, "deleted", user_id="deleted key")
    assert (await api.delete(first.headers["location"])).status_code == 204

    second = await upload(api, "deleted", user_id="deleted key")

    assert second.status_code == 201
    assert REPLAYED not in second.headers
    assert second.headers["location"] != first.headers["location"]


async def test_another_process_and_the_next_start_give_the_same_answer(
    engine: Engine, tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, jobs_provider="off")
    async with client_of(engine, settings) as one, client_of(engine, settings) as other:
        first = await upload(one, "shared", user_id="shared")
        beside = await upload(other, "shared", user_id="shared")
        at_once = await asyncio.gather(
            *(upload(api, "both", user_id="both") for api in (one, other))
        )
    async with client_of(engine, settings) as restarted:
        later = await upload(restarted, "shared", user_id="shared")

    assert sorted(answer.status_code for answer in at_once) == [201, 409]
    for answer in (beside, later):
        assert (answer.status_code, answer.content) == (201, first.content)
        assert answer.headers[REPLAYED] == "true"
