"""Reading what has not changed, and changing only what has not changed since it was read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from ml_service.bootstrap.engine import Engine
from ml_service.settings import Settings
from tests.documents import resume_pdf
from tests.integration.conftest import client_of
from tests.people import PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")

RESUME = resume_pdf(PEOPLE[0])


@pytest_asyncio.fixture(loop_scope="session")
async def uploaded(api: httpx.AsyncClient) -> AsyncIterator[httpx.Response]:
    answer = await api.post(
        "/predict?force=true", files={"file": ("a.pdf", RESUME)}, data={"user_id": "states"}
    )
    assert answer.status_code == 201, answer.text
    yield answer
    await api.delete(answer.headers["location"])


async def test_what_the_caller_holds_is_not_sent_again(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    path = uploaded.headers["location"]
    first = await api.get(path)
    etag = first.headers["etag"]

    held = await api.get(path, headers={"If-None-Match": f'"another", W/{etag}'})
    head = await api.head(path, headers={"If-None-Match": "*"})
    other = await api.get(path, headers={"If-None-Match": '"another"'})

    assert uploaded.headers["etag"] == etag
    for answer in (held, head):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "content-type" not in answer.headers
    assert (other.status_code, other.headers["etag"]) == (200, etag)
    assert first.headers["cache-control"] == "private, no-cache"


async def test_a_change_gives_another_etag_and_is_seen(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    path, before = uploaded.headers["location"], uploaded.headers["etag"]

    changed = await api.patch(path, json={"feedback": "right"}, headers={"If-Match": before})
    after = changed.headers["etag"]
    read = await api.get(path, headers={"If-None-Match": before})

    assert changed.status_code == 200, changed.text
    assert after != before
    assert (read.status_code, read.headers["etag"]) == (200, after)
    assert read.json() == changed.json()
    assert read.json()["updated_at"] > uploaded.json()["updated_at"]


async def test_a_stale_change_and_a_stale_deletion_do_nothing(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    path, before = uploaded.headers["location"], uploaded.headers["etag"]
    now = (await api.patch(path, json={"notes": "first"})).headers["etag"]

    refused = [
        await api.patch(path, json={"notes": "second"}, headers={"If-Match": before}),
        await api.patch(path, json={"notes": "second"}, headers={"If-Match": f"W/{now}"}),
        await api.patch(path, json={}, headers={"If-Match": before}),
        await api.delete(path, headers={"If-Match": before}),
    ]

    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    read = await api.get(path)
    assert (read.json()["notes"], read.headers["etag"]) == ("first", now)
    gone = await api.delete(path, headers={"If-Match": f"{before}, {now}"})
    assert gone.status_code == 204


async def test_any_state_may_be_asked_for(api: httpx.AsyncClient, uploaded: httpx.Response) -> None:
    path = uploaded.headers["location"]
    star = {"If-Match": "*"}

    assert (await api.patch(path, json={"notes": "x"}, headers=star)).status_code == 200
    assert (await api.delete(path, headers=star)).status_code == 204
    assert (await api.patch(path, json={"notes": "x"}, headers=star)).status_code == 404
    assert (await api.delete(path, headers=star)).status_code == 404


async def test_of_many_changes_of_one_state_one_is_made(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    path, before = uploaded.headers["location"], uploaded.headers["etag"]

    answers = await asyncio.gather(
        *(
            api.patch(path, json={"notes": f"note {n}"}, headers={"If-Match": before})
            for n in range(6)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    won = next(answer for answer in answers if answer.status_code == 200)
    assert (await api.get(path)).json() == won.json()


@pytest.mark.parametrize(("header", "method"), [("If-Match", "PATCH"), ("If-None-Match", "GET")])
async def test_a_condition_that_cannot_be_read_is_refused_by_name(
    api: httpx.AsyncClient, uploaded: httpx.Response, header: str, method: str
) -> None:
    answer = await api.request(
        method,
        uploaded.headers["location"],
        headers={header: "yesterday"},
        json={"notes": "x"} if method == "PATCH" else None,
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{header}"


async def test_a_patch_of_nothing_changes_nothing(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    answer = await api.patch(uploaded.headers["location"], json={})

    assert answer.json() == uploaded.json()
    assert answer.headers["etag"] == uploaded.headers["etag"]


async def test_a_corrected_occupation_says_nothing_of_the_feedback(
    api: httpx.AsyncClient, uploaded: httpx.Response
) -> None:
    path = uploaded.headers["location"]

    unknown = await api.patch(path, json={"corrected_soc_code": "99-9999.99", "notes": "x"})
    bad_word = await api.patch(path, json={"feedback": "maybe"})
    corrected = await api.patch(path, json={"corrected_soc_code": "29-1141.00"})
    cleared = await api.patch(path, json={"corrected_soc_code": None, "feedback": "wrong"})

    assert (unknown.status_code, bad_word.status_code) == (422, 422)
    assert unknown.json()["errors"][0]["pointer"] == "/corrected_soc_code"
    assert (corrected.json()["corrected_soc_code"], corrected.json()["feedback"]) == (
        "29-1141.00",
        None,
    )
    assert corrected.json()["notes"] is None
    assert corrected.json()["soc_code"] == uploaded.json()["soc_code"]
    assert (cleared.json()["corrected_soc_code"], cleared.json()["feedback"]) == (None, "wrong")


async def test_a_web_page_may_send_conditions_and_see_etags(engine: Engine, tmp_path: Path) -> None:
    origin = "https://product.example"
    settings = Settings(
        _env_file=None, data_dir=tmp_path, jobs_provider="off", cors_origins=(origin,)
    )
    async with client_of(engine, settings) as client:
        preflight = await client.options(
            "/predictions/018f0000-0000-7000-8000-000000000000",
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "if-match",
            },
        )
        answer = await client.get("/predictions", headers={"Origin": origin})

    assert preflight.status_code == 200
    assert "if-match" in preflight.headers["access-control-allow-headers"].lower()
    assert "etag" in answer.headers["access-control-expose-headers"].lower()
